"""What a village is asked in a year, held against the practice."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Value
from django.db.models.functions import Substr

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.queries import units_visible_to
from guantong.burden import terms
from guantong.burden.queries.meter import ZERO, Total, asked_visibly, total_of, totals_by
from guantong.kernel.decimals import exact, round_half_up
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit, UnitQuerySet
from guantong.records.models import Record

VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Comparison:
    """(Forms asked + records nobody asked for) ÷ villages, beside the practice; every factor is a figure that opens."""

    total: Total
    records: int
    villages: int
    practice: int = terms.PRACTICE_FORMS

    @property
    def forms(self) -> int:
        """Everything that is filled in when all that is asked is answered."""
        return self.total.forms + self.records

    @property
    def forms_per_village(self) -> Decimal:
        return self._each(self.forms)

    @property
    def minutes_per_village(self) -> Decimal:
        return self._each(self.total.minutes)

    @property
    def percent(self) -> Decimal:
        """Of the practice."""
        share = exact(self.forms) * 100 / (self.villages * self.practice) if self.villages else exact(0)
        return round_half_up(share, Decimal("0.1"))

    @property
    def is_less(self) -> bool:
        return self.forms < self.practice * self.villages

    def _each(self, number: int) -> Decimal:
        share = exact(number) / self.villages if self.villages else exact(0)
        return round_half_up(share, Decimal("0.01"))


def villages_visible_to(actor: Actor, cycle: Cycle, *, on: dt.date) -> UnitQuerySet:
    """The villages of the year in sight that exist on a day."""
    found: QuerySet[Unit] = units_visible_to(actor)
    here = found.filter(path__gte=cycle.unit.path, path__lt=cycle.unit.path + "~")
    return here.filter(level=VILLAGE, kind="territory").open_on(on)  # type: ignore[attr-defined, no-any-return]


def comparison(actor: Actor, cycle: Cycle, *, on: dt.date) -> Comparison:
    """Everything asked at the level of villages – the village itself and its homes – over the number of villages."""
    found = asked_visibly(actor, cycle).filter(unit__level=VILLAGE)
    unasked = records_nobody_asked_for(cycle).filter(unit__level=VILLAGE)
    if isinstance(actor, Acting):
        path = actor.scope_path
        unasked = unasked.filter(unit__path__gte=path, unit__path__lt=path + "~") if path else unasked.none()
    return Comparison(total_of(found), unasked.count(), villages_visible_to(actor, cycle, on=on).count())


def records_nobody_asked_for(cycle: Cycle) -> QuerySet[Record]:
    """Records of the year that fulfil nothing owed: work that was written down all the same."""
    here = Record.objects.filter(
        unit__path__gte=cycle.unit.path,
        unit__path__lt=cycle.unit.path + "~",
        happened_on__gte=cycle.starts_on,
        happened_on__lte=cycle.ends_on,
    )
    return here.filter(claims__isnull=True)


def totals_of(villages: Sequence[Unit], actor: Actor, cycle: Cycle) -> dict[int, Total]:
    """What each village and the homes in it were asked: one query for each depth of the tree, mostly one."""
    found: dict[int, Total] = {each.pk: ZERO for each in villages}
    depths: dict[int, dict[str, int]] = defaultdict(dict)
    for each in villages:
        depths[len(each.path)][each.path] = each.pk
    for length, keys in depths.items():
        here = (
            asked_visibly(actor, cycle)
            .filter(unit__level=VILLAGE, unit_path__gte=min(keys), unit_path__lt=max(keys) + "~")
            .annotate(village=Substr("unit_path", Value(1), Value(length)))
        )
        for (path,), total in totals_by(here, "village").items():
            if path in keys:
                found[keys[path]] += total
    return found
