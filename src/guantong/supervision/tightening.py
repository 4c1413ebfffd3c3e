"""层层加码 in matters: what a part asks beyond the one it was split from, or beyond the matter."""

from __future__ import annotations

from guantong.obligations.tightening import Ask, Kind, Tightening, tightened
from guantong.supervision.models import MatterPart

__all__ = ["Ask", "Kind", "Tightening", "ask_of", "tightened", "tightening_of"]


def ask_of(part: MatterPart) -> Ask:
    """What was asked of a part when it was handed out: an extension later on is no tightening, nor its absence."""
    due = part.obligation.original_due_on if part.obligation else None
    return Ask(due or part.due_on, part.target, part.target_unit, part.base_report_days)


def tightening_of(part: MatterPart) -> list[Tightening]:
    """A part against the one it was split from, or against the matter where it comes from there.

    The matter itself asks a date; targets and reports it asks part by part, so there only the date is compared.
    """
    mine = ask_of(part)
    if part.parent is not None:
        return tightened(mine, ask_of(part.parent))
    matter = Ask(part.matter.first_due_on, mine.target, mine.target_unit, mine.report_days)
    return tightened(mine, matter)
