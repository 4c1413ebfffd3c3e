"""Coverage: which units have the seats or homes that the package asks for, on a given day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from guantong.accounts.models import Holding
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.organisation.models import Unit

# Named code ranges of the division tree (package-format.md 4.2): township digits 400-599.
DEV_ZONE = range(400, 600)


@dataclass(frozen=True, slots=True)
class Covered:
    """One unit under a rule: how many it needs, how many it has."""

    unit: Unit
    needs: int
    has: int

    @property
    def is_met(self) -> bool:
        return self.has >= self.needs


def in_dev_zone(code: str) -> bool:
    """Whether a division code lies in a development zone's township range."""
    return code[:9].isdigit() and len(code) >= 9 and int(code[6:9]) in DEV_ZONE


def coverage(cycle: Cycle, rule: CoverageRule, *, on: dt.date) -> list[Covered]:
    """Every unit the rule covers in the cycle, in tree order. Three queries, whatever the size.

    Rules over assets give an empty list: there are no assets yet.
    """
    units = list(_units_under(cycle, rule, on))
    if rule.needs_office:
        held = _held_seats(cycle, rule, on)
    elif rule.needs_facility:
        held = _facilities(cycle, rule, on, units)
    else:
        return []
    return [Covered(unit=unit, needs=rule.min or 1, has=held[unit.pk]) for unit in units]


def _units_under(cycle: Cycle, rule: CoverageRule, on: dt.date) -> Iterable[Unit]:
    units = Unit.objects.below(cycle.unit).open_on(on).order_by("path")
    if rule.of_kind:
        return units.of_kind(rule.of_kind)
    if not rule.of_level:
        return ()
    found = units.of_kind("territory").at_level(rule.of_level)
    if rule.exclude_codes == "dev_zone":
        return [unit for unit in found if not in_dev_zone(unit.code)]
    return found


def _held_seats(cycle: Cycle, rule: CoverageRule, on: dt.date) -> Counter[int]:
    holdings = Holding.objects.on(on).filter(
        office__seat=rule.needs_office,
        office__unit__path__gte=cycle.unit.path,
        office__unit__path__lt=cycle.unit.path + "~",
    )
    if rule.full_time:
        holdings = holdings.filter(full_time=True)
    counted = holdings.order_by().values_list("office__unit").annotate(n=Count("office", distinct=True))
    return Counter(dict(counted))


def _facilities(cycle: Cycle, rule: CoverageRule, on: dt.date, units: list[Unit]) -> Counter[int]:
    """Facilities of the kind at or below each unit."""
    covered = {unit.path: unit.pk for unit in units}
    found: Counter[int] = Counter()
    homes = Unit.objects.below(cycle.unit).open_on(on).of_kind(str(rule.needs_facility))
    for home in homes:
        for path in home.ancestor_paths():
            if path in covered:
                found[covered[path]] += 1
    return found
