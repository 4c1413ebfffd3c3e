"""层层加码 in tasks: what a split asks beyond the part it was split from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from guantong.obligations.tightening import Ask, Tightening, tightened
from guantong.tasks.models import Assignment


def last_day(assignment: Assignment, steps: Sequence[dt.date] | None = None) -> dt.date | None:
    """By when the part is to be done: its own day, else the task's last step. ``steps`` are the task's days, sorted."""
    if assignment.due_on is not None:
        return assignment.due_on
    if steps is None:
        steps = list(assignment.task.milestones.order_by("due_on").values_list("due_on", flat=True))
    return steps[-1] if steps else None


def tightening_of(assignment: Assignment, steps: Sequence[dt.date]) -> list[Tightening]:
    """A part against the one it was split from; ``assignment.parent`` is read. ``steps`` are the task's days, sorted.

    A task list states its targets in words, so the first split has no number above it to be held against.
    """
    above = assignment.parent
    if above is None:
        return []
    mine, theirs = last_day(assignment, steps), last_day(above, steps)
    if mine is None or theirs is None:
        mine = theirs = mine or theirs or dt.date.max
    every = above.report_days or _between(steps)
    target, target_unit = above.target, above.target_unit
    if above.parent_id is None and target is None:
        target, target_unit = assignment.target, assignment.target_unit
    below = Ask(mine, assignment.target, assignment.target_unit, assignment.report_days)
    return tightened(below, Ask(theirs, target, target_unit, every))


def _between(steps: Sequence[dt.date]) -> int | None:
    """The shortest time between two steps of the task, in days: how often its list asks already."""
    return min(((later - earlier).days for earlier, later in pairwise(steps)), default=None)
