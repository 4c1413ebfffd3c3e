"""From an obligation's row to its light: gathers the facts, asks the one rule, keeps the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from guantong.calendars.queries import calendar_for
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.models import Cycle
from guantong.obligations.lights import Facts, Lighting, light
from guantong.obligations.models import Obligation
from guantong.organisation.models import PAST, Unit


def facts_of(obligation: Obligation) -> Facts:
    return Facts(
        due_on=obligation.due_on,
        original_due_on=obligation.original_due_on,
        starts_on=obligation.starts_on,
        state=obligation.state,
        claimed_on=obligation.claimed_on,
        settled_on=obligation.settled_on,
        returns=obligation.returns,
        behind=obligation.behind,
    )


def lighting_of(obligation: Obligation, *, on: dt.date, calendar: WorkdayCalendar) -> Lighting:
    return light(facts_of(obligation), on=on, calendar=calendar)


def relit(obligation: Obligation, *, on: dt.date, calendar: WorkdayCalendar) -> bool:
    """Put the light of the day on the row in memory; True where it or the next change day is new."""
    lighting = lighting_of(obligation, on=on, calendar=calendar)
    before = (obligation.light, obligation.relight_on)
    obligation.light, obligation.relight_on = lighting.light, lighting.relight_on
    return before != (obligation.light, obligation.relight_on)


def all_relit(obligations: Iterable[Obligation], *, on: dt.date, cycle: Cycle) -> list[Obligation]:
    """Those of the obligations whose light changed, with the new light on them."""
    calendar = calendar_for(cycle.year, cycle.unit_id)
    return [each for each in obligations if relit(each, on=on, calendar=calendar)]


def look_again(unit: Unit, today: dt.date) -> None:
    """The calendar of a territory changed: the next sweep relights what was to change on a later day there."""
    Obligation.objects.filter(
        unit__path__gte=unit.path, unit__path__lt=unit.path + PAST, relight_on__gt=today
    ).update(relight_on=today)
