"""The year that a page was asked for."""

from __future__ import annotations

from guantong.accounts.middleware import Request
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle


def cycle_asked(request: Request) -> Cycle | None:
    """The visible cycle that ``?cycle=`` names, else this year's; None where there is none."""
    asked = request.GET.get("cycle", "")
    return current_cycle(request.acting, on=request.today, chosen=int(asked) if asked.isdecimal() else None)
