"""Figures about cases that open to their rows: which were due, which were answered in time, by unit and by host."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from guantong.cases.choices import ClockKind
from guantong.cases.models import Case, Clock, Handling, Pause
from guantong.cases.operations.waist import pillar_of_cases
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Closing:
    """One round of a case as a figure counts it: for the unit that leads it and the leader who carries it.

    ``due`` once its day is past or it was answered; ``on_time`` where the answer came by its day; ``excused`` while
    the clock stands still.
    """

    case: int
    round: int
    unit: int
    unit_path: str
    office: int | None
    host: int | None
    pillar: str
    due_on: dt.date
    answered_on: dt.date | None
    due: bool
    done: bool
    on_time: bool
    excused: bool


def closings(cycle: Cycle, *, as_of: dt.date) -> list[Closing]:
    """Every period to answer a case of the cycle, as of a day; four queries whatever the number."""
    clocks = Clock.objects.filter(
        case__cycle=cycle, kind=ClockKind.CLOSE, dropped_on__isnull=True, starts_on__lte=as_of
    ).order_by("case", "round")
    cases = {
        each.pk: each
        for each in Case.objects.filter(cycle=cycle, accepted_on__isnull=False).select_related("unit")
    }
    leads = {
        each.case_id: each
        for each in Handling.objects.filter(
            case__cycle=cycle, part=Part.LEAD, released_on__isnull=True
        ).select_related("unit")
    }
    still = set(
        Pause.objects.filter(case__cycle=cycle, ends_on__isnull=True).values_list("case_id", flat=True)
    )
    pillar = pillar_of_cases(cycle.package)
    return [
        _closing(each, cases[each.case_id], leads.get(each.case_id), still, pillar, as_of) for each in clocks
    ]


def _closing(
    clock: Clock, case: Case, lead: Handling | None, still: set[int], pillar: str, as_of: dt.date
) -> Closing:
    answered = clock.met_on if clock.met_on and clock.met_on <= as_of else None
    excused = answered is None and case.pk in still
    unit = lead.unit if lead else case.unit
    return Closing(
        case=case.pk,
        round=clock.round,
        unit=unit.pk,
        unit_path=unit.path,
        office=lead.office_id if lead else None,
        host=case.host_id,
        pillar=pillar,
        due_on=clock.due_on,
        answered_on=answered,
        due=not excused and (answered is not None or clock.due_on < as_of),
        done=answered is not None,
        on_time=answered is not None and answered <= clock.due_on,
        excused=excused,
    )


def due(cycle: Cycle, units: Iterable[Unit], *, as_of: dt.date) -> dict[int, list[Closing]]:
    """Unit → what was due, of the unit and everything below it."""
    rows = [each for each in closings(cycle, as_of=as_of) if each.due]
    return {unit.pk: [each for each in rows if each.unit_path.startswith(unit.path)] for unit in units}


def closed_in_time(cycle: Cycle, units: Iterable[Unit], *, as_of: dt.date) -> dict[int, list[Closing]]:
    """Unit → what of it was answered by its day."""
    found = due(cycle, units, as_of=as_of)
    return {unit: [each for each in rows if each.on_time] for unit, rows in found.items()}
