"""The measures of the campaigns: one value per unit as of a day, from the rows; and the rows behind it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from guantong.accounts.models import Holding
from guantong.grassroots.campaign_terms import QUARTER, YEAR, Terms
from guantong.grassroots.choices import ActivityStage
from guantong.grassroots.models import Activity, Certificate, Demand, Home
from guantong.kernel import clock
from guantong.organisation.models import PAST, Unit

Values = dict[int, Decimal | None]
WHOLE = Decimal(100)


def population(terms: Terms, path: str, days: Collection[dt.date]) -> list[Unit]:
    """The units of the subtree that the campaign could be for, open on all of the days, as they lie in the tree."""
    units = Unit.objects.filter(path__gte=path, path__lt=path + PAST)
    fitting = Q(kind__in=terms.kinds)
    if terms.seats:
        seats = Q(offices__seat__in=terms.seats, offices__closed_on__isnull=True)
        fitting |= Q(pk__in=Unit.objects.filter(seats, path__gte=path, path__lt=path + PAST).values("pk"))
    for day in days:
        fitting &= Q(opened_on__isnull=True) | Q(opened_on__lte=day)
        fitting &= Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return list(units.filter(fitting).order_by("path"))


def values_on(criterion: str, units: Collection[int], day: dt.date, terms: Terms) -> Values:
    """The measure of each unit as of the day; None where there is nothing to measure."""
    if criterion in POSTED:
        met = set(posted_now(criterion, units))
        return {unit: WHOLE if unit in met else Decimal(0) for unit in units}
    if criterion == "activity_per_quarter":
        held = activities_on(units, day).values_list("home__unit", flat=True)
        counted = Counter(held)
        return {unit: Decimal(counted[unit]) for unit in units}
    if criterion == "training_once_a_year":
        return _shares(
            ((each.unit, bool(each.titles)) for each in trained_on(units, day, terms.seats)), units
        )
    if criterion == "requests_answered_on_time":
        return _shares(
            ((each.unit, each.is_in_time) for each in answered_on(units, day, terms.answer_days)), units
        )
    return dict.fromkeys(units)


POSTED = {"open_hours_posted": "hours_posted", "rules_posted": "rules_posted"}
"""What the register says now; it has no date, so a campaign keeps its reading of its two days."""


def posted_now(criterion: str, units: Collection[int]) -> list[int]:
    return sorted(
        Home.objects.filter(**{POSTED[criterion]: True}, unit__in=units).values_list("unit", flat=True)
    )


def values_read(met: Collection[int], units: Collection[int]) -> Values:
    """From a reading kept: the units that met it."""
    found = set(met)
    return {unit: WHOLE if unit in found else Decimal(0) for unit in units}


def _shares(found: Any, units: Collection[int]) -> Values:
    """Per cent of the rows of each unit that are good."""
    good, every = Counter[int](), Counter[int]()
    for unit, is_good in found:
        every[unit] += 1
        good[unit] += is_good
    return {unit: Decimal(good[unit]) * 100 / every[unit] if every[unit] else None for unit in units}


def activities_on(units: Collection[int], day: dt.date) -> QuerySet[Activity]:
    """Held in the quarter up to the day."""
    return Activity.objects.filter(
        home__unit__in=units,
        stage=ActivityStage.HELD,
        day__gt=day - dt.timedelta(days=QUARTER),
        day__lte=day,
    )


@dataclass(frozen=True, slots=True)
class Trained:
    """A seat held on a day, and what its holder learnt in the year up to it."""

    unit: int
    office: Any
    holding: int
    titles: tuple[Certificate, ...]


def trained_on(units: Collection[int], day: dt.date, seats: Collection[str]) -> list[Trained]:
    """The holders of the day, each with the accepted certificates of the year up to it; two queries."""
    held = list(
        Holding.objects.on(day)
        .filter(office__unit__in=units, office__seat__in=seats)
        .select_related("office__unit")
        .order_by("office__unit__path", "office", "pk")
    )
    learnt: dict[int, list[Certificate]] = defaultdict(list)
    for each in Certificate.objects.filter(
        holding__in=Holding.objects.on(day)
        .filter(office__unit__in=units, office__seat__in=seats)
        .values("pk"),
        issued_on__gt=day - dt.timedelta(days=YEAR),
        issued_on__lte=day,
        accepted_on__lte=day,
    ).order_by("issued_on", "pk"):
        learnt[each.holding_id].append(each)
    return [Trained(each.office.unit_id, each.office, each.pk, tuple(learnt[each.pk])) for each in held]


@dataclass(frozen=True, slots=True)
class Due:
    """A demand of a home whose time to be answered ended in the quarter up to a day."""

    unit: int
    demand: Demand
    due_on: dt.date
    is_in_time: bool


def answered_on(units: Collection[int], day: dt.date, within: int) -> list[Due]:
    """The demands of the homes that fell due, ``within`` days after they were raised, in the quarter up to the day;
    withdrawn ones are not counted."""
    first = day - dt.timedelta(days=QUARTER + within + 1)
    found = []
    rows = (
        Demand.objects.filter(home__unit__in=units, raised_at__date__gte=first, raised_at__date__lte=day)
        .exclude(stage="dropped")
        .select_related("home")
        .order_by("raised_at", "pk")
    )
    for each in rows:
        due_on = clock.today(each.raised_at) + dt.timedelta(days=within)
        if not day - dt.timedelta(days=QUARTER) < due_on <= day:
            continue
        assert each.home is not None
        in_time = each.answered_at is not None and clock.today(each.answered_at) <= due_on
        found.append(Due(each.home.unit_id, each, due_on, in_time))
    return found
