"""A file that is not read, by a code and its figures; `importing.reading` says it in the reader's language."""

from __future__ import annotations


class Unreadable(Exception):  # noqa: N818 - it says what the file is
    def __init__(self, code: str, **figures: object) -> None:
        self.code, self.figures = code, figures
        super().__init__(code)
