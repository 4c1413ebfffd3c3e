"""May this office do this to this task? No writes here."""

from __future__ import annotations

from guantong.accounts.acting import Acting, Actor
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.tasks.models import Assignment, Task


def may_issue(actor: Actor, cycle: Cycle) -> bool:
    return actor.may("tasks.issue") and actor.sees(cycle.unit.path)


def may_split(actor: Actor, assignment: Assignment) -> bool:
    """The head of the unit that has the part."""
    if not actor.may("tasks.split"):
        return False
    if not isinstance(actor, Acting):
        return True
    return actor.office is not None and actor.office.unit_id == assignment.unit_id


def leads(actor: Actor, task: Task) -> bool:
    """Whether the acting office sits in a unit that leads the task."""
    if not isinstance(actor, Acting):
        return True
    if actor.office is None or not actor.may("tasks.split"):
        return False
    return task.assignments.filter(unit=actor.office.unit_id, part=Part.LEAD).exists()
