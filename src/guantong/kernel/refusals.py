"""A refusal: the one error a person reads. Everything else is a defect."""

from __future__ import annotations

from collections.abc import Iterable


class Refusal(Exception):  # noqa: N818 - the design's word for it
    """An operation said no, with sentences a user can act on.

    ``reasons`` holds one sentence or more, already translated or lazily translatable.
    The web shell answers it with status 422, the command line with exit code 1.
    """

    def __init__(self, *reasons: object) -> None:
        if not reasons:
            raise ValueError("a refusal needs a reason")
        self._reasons = reasons
        super().__init__(*reasons)

    @property
    def reasons(self) -> list[str]:
        return [str(reason) for reason in self._reasons]

    @classmethod
    def of(cls, reasons: Iterable[object]) -> Refusal:
        return cls(*reasons)

    def __str__(self) -> str:
        return " ".join(self.reasons)
