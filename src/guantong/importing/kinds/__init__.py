"""The kinds of workbook that can be brought in, one file each."""

from __future__ import annotations

from guantong.accounts.acting import Actor
from guantong.importing.kinds.base import Kind


def all_kinds() -> tuple[Kind, ...]:
    """A fresh one of each: a kind may keep what it learnt of a workbook from checking to applying."""
    from guantong.importing.kinds.attendance import Attendance
    from guantong.importing.kinds.duties import Duties
    from guantong.importing.kinds.holders import Holders
    from guantong.importing.kinds.homes import Homes
    from guantong.importing.kinds.partners import Partners
    from guantong.importing.kinds.progress import Progress
    from guantong.importing.kinds.tasks import Tasks
    from guantong.importing.kinds.units import Units

    return (Units(), Holders(), Duties(), Tasks(), Progress(), Attendance(), Partners(), Homes())


def kinds_for(actor: Actor) -> list[Kind]:
    return [each for each in all_kinds() if each.may(actor)]


def kind_by_id(name: str) -> Kind:
    """Raises LookupError for a name that is none."""
    found = next((each for each in all_kinds() if each.id == name), None)
    if found is None:
        raise LookupError(name)
    return found
