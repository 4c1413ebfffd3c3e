"""The roster: who holds the seats that the coverage rules ask for, with what else, and whose term ends soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guantong.accounts.models import Holding, Office
from guantong.grassroots.models import Gap
from guantong.grassroots.queries.certificates import Standing, standings
from guantong.grassroots.queries.coverage import counted_rules
from guantong.grassroots.queries.gaps import units_by_id
from guantong.grassroots.queries.vacancies import Line, lines
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.organisation.models import PAST, Unit
from guantong.privacy import keys

AHEAD = dt.timedelta(days=90)


@dataclass
class Holder:
    """Somebody in a seat on a day: with which other offices, and what they have learnt."""

    holding: Holding
    others: Sequence[Office]
    standing: Standing
    must_be_full_time: bool

    @property
    def is_full_time(self) -> bool:
        """Checked, not only said: full-time on paper, and no other office on the day."""
        return self.holding.full_time and not self.others


@dataclass
class Place:
    """One unit under one rule on a day: its holders, and what is missing."""

    rule: CoverageRule
    line: Line
    unit: Unit
    holders: list[Holder] = field(default_factory=list)
    gap: Gap | None = None


def office_rules(cycle: Cycle) -> list[CoverageRule]:
    return [rule for rule in counted_rules(cycle) if rule.needs_office]


def roster_lines(cycle: Cycle, unit: Unit, *, on: dt.date) -> list[tuple[CoverageRule, Line]]:
    """The units below a unit (as the tree stood on the day) that must have a seat held, rule by rule."""
    return [
        (rule, line)
        for rule in office_rules(cycle)
        for line in lines(cycle, rule, since=on, on=on, within=unit)
        if line.is_needed
    ]


def places(cycle: Cycle, found: Sequence[tuple[CoverageRule, Line]], *, on: dt.date) -> list[Place]:
    """The lines with their units, holders and open gaps. A fixed number of queries, whatever the size."""
    units = units_by_id(line.unit for _rule, line in found)
    seats = {seat for _rule, line in found for seat, *_rest in (*line.held, *line.part_time)}
    holders = _holders(seats, {rule.needs_office: rule.full_time for rule, _line in found}, on=on)
    gaps = Gap.objects.filter(cycle=cycle, closed_on__isnull=True, unit__in=units).select_related(
        "obligation__office__unit"
    )
    by_place = {(gap.rule, gap.unit_id): gap for gap in gaps}
    made = []
    for rule, line in found:
        offices = dict.fromkeys(seat for seat, *_rest in (*line.held, *line.part_time))
        place = Place(rule, line, units[line.unit], gap=by_place.get((rule.id, line.unit)))
        place.holders = [holder for office in offices for holder in holders.get(office, ())]
        made.append(place)
    return made


def _holders(
    offices: Iterable[int], full_time: dict[str | None, bool], *, on: dt.date
) -> dict[int, list[Holder]]:
    held = list(
        Holding.objects.on(on)
        .filter(office__in=list(offices))
        .select_related("office__unit", "person")
        .order_by("acting", "starts_on", "pk")
    )
    keys.load(each.person.subject_id for each in held)
    others = other_offices({each.person_id for each in held}, on=on)
    known = standings([each.pk for each in held], on=on)
    found: dict[int, list[Holder]] = {}
    for each in held:
        besides = [office for office in others.get(each.person_id, ()) if office.pk != each.office_id]
        asked = full_time.get(each.office.seat, False)
        holder = Holder(each, besides, known.get(each.pk, Standing()), asked)
        found.setdefault(each.office_id, []).append(holder)
    return found


def other_offices(people: Iterable[int], *, on: dt.date) -> dict[int, list[Office]]:
    """Every open office that each person holds on the day, in one query."""
    found: dict[int, list[Office]] = {}
    held = Holding.objects.on(on).filter(
        Q(office__closed_on__isnull=True) | Q(office__closed_on__gt=on), person__in=list(people)
    )
    for each in held.select_related("office__unit").order_by("office__unit__path", "office"):
        offices = found.setdefault(each.person_id, [])
        if each.office not in offices:
            offices.append(each.office)
    return found


def term_ends(cycle: Cycle, within: Unit, *, on: dt.date) -> QuerySet[Holding]:
    """Holdings of the rules' seats that end within 90 days, the first to end first.

    ``has_successor`` says whether another holding of the seat goes on after it, or is to begin.
    """
    after = Holding.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("ends_on")),
        office=OuterRef("office"),
    ).exclude(pk=OuterRef("pk"))
    seats = [rule.needs_office for rule in office_rules(cycle)]
    return (
        Holding.objects.filter(
            office__seat__in=seats,
            office__closed_on__isnull=True,
            office__unit__closed_on__isnull=True,
            office__unit__path__gte=within.path,
            office__unit__path__lt=within.path + PAST,
            starts_on__lte=on,
            ends_on__gte=on,
            ends_on__lte=on + AHEAD,
        )
        .select_related("office__unit", "person")
        .annotate(has_successor=Exists(after), unit_path=F("office__unit__path"))
        .order_by("ends_on", "pk")
    )
