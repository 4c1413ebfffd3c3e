"""What a package says of reception, typed; a working default where it is silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guantong.kernel.periods import periods
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package

NEXT, PREVIOUS, SKIP = "next_workday", "previous_workday", "skip"
HOURS = (dt.time(9, 0), dt.time(11, 30))


@dataclass(frozen=True, slots=True)
class Terms:
    """One block of ``reception``. ``monthly_day`` is None where there are no fixed days."""

    id: str
    host: str
    monthly_day: int | None = None
    if_holiday: str = NEXT
    publish_workdays: int = 5
    any_time: bool = True
    walk_in: bool = True
    answer_workdays: int = 5
    starts_at: dt.time = HOURS[0]
    ends_at: dt.time = HOURS[1]
    slot_minutes: int = 30
    places: int = 2
    per_contact: int = 2
    within_days: int = 30
    offer_hours: int = 24


def terms_of(package: Package) -> tuple[Terms, ...]:
    """Every block of the package, in its order."""
    return tuple(_read(each) for each in package.reception)


def terms_for(cycle: Cycle, rule: str) -> Terms:
    """The block a reception day was planned by; KeyError where the package has none of that name."""
    return {each.id: each for each in terms_of(cycle.package)}[rule]


def first_terms(cycle: Cycle) -> Terms | None:
    """The block by which offices of this cycle receive, if any."""
    return next(iter(terms_of(cycle.package)), None)


def _read(block: Mapping[str, Any]) -> Terms:
    calendar, appointment = block.get("calendar") or {}, block.get("appointment") or {}
    slot, limits = block.get("slot") or {}, block.get("limits") or {}
    within, starts, ends = appointment.get("answer_within") or {}, *_hours(block.get("hours") or {})
    return Terms(
        id=str(block["id"]),
        host=str(block["host"]),
        monthly_day=calendar.get("monthly_day"),
        if_holiday=calendar.get("if_holiday", NEXT),
        publish_workdays=int(calendar.get("publish_days_before", 5)),
        any_time=bool(appointment.get("any_time", True)),
        walk_in=bool(appointment.get("walk_in", True)),
        answer_workdays=int(within.get("workdays", within.get("days", 5))),
        starts_at=starts,
        ends_at=ends,
        slot_minutes=int(slot.get("minutes", 30)),
        places=int(slot.get("places", 2)),
        per_contact=int(limits.get("per_contact", 2)),
        within_days=int(limits.get("within_days", 30)),
        offer_hours=int(block.get("offer_hours", 24)),
    )


def _hours(block: Mapping[str, Any]) -> tuple[dt.time, dt.time]:
    """The hours of a day; the usual ones where the package has none, or none that a day could have."""
    try:
        starts, ends = (dt.time.fromisoformat(str(block[key])) for key in ("start", "end"))
    except (KeyError, ValueError):
        return HOURS
    return (starts, ends) if starts < ends else HOURS


def duties_met_by(package: Package, rule: str) -> tuple[tuple[str, str], ...]:
    """(duty, its pillar) of the duties that receiving by this rule fulfils."""
    return tuple((each.id, each.pillar) for each in package.duties if each.reception == rule)


def times_a_year(cycle: Cycle, rule: str) -> int:
    """How often a year each host is to receive by the duty that names the rule; once where none says."""
    most = 1
    for duty in cycle.package.duties:
        cadence = duty.cadence
        if duty.reception == rule and cadence.per:
            spans = periods(cadence.per, start=cycle.starts_on, end=cycle.ends_on, months=cadence.months)
            most = max(most, len(spans) * (cadence.count or 1))
    return most
