"""How one try ended: taken by the other side, certainly not taken, or not known."""

from __future__ import annotations

from guantong.channels.choices import Reason


class NotSent(Exception):  # noqa: N818 - an outcome, not a defect
    """The other side certainly has not taken it: it may be tried again, unless it was refused for good."""

    def __init__(self, reason: Reason, *, for_good: bool = False) -> None:
        self.reason, self.for_good = reason, for_good
        super().__init__(reason.value)


class Unclear(Exception):  # noqa: N818
    """It was sent and nobody knows whether it was taken: it must not be sent again."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)
