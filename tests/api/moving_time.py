"""A year that is walked through while programs call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import at
from guantong.kernel import clock

GoTo = Callable[[int, int], None]


def going(monkeypatch: pytest.MonkeyPatch) -> GoTo:
    """Sets the day (month, day) of 2026 on which everything happens from now on."""

    def go(month: int, day: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(month, day))

    go(3, 2)
    return go
