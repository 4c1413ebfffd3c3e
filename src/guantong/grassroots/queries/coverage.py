"""Coverage: which units have the seats or homes that the package asks for, on a given day, and whose a gap is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from guantong.grassroots.queries.scenes import DEV_ZONE, UNIT_FIELDS, Scene, in_dev_zone, units_asked
from guantong.grassroots.queries.seats import seats_of
from guantong.grassroots.queries.vacancies import lines_of
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.organisation.models import Unit

__all__ = ["DEV_ZONE", "Covered", "counted_rules", "coverage", "in_dev_zone", "pillar_of_coverage"]


@dataclass(frozen=True, slots=True)
class Covered:
    """One unit under a rule: how many it needs, how many it has."""

    unit: Unit
    needs: int
    has: int

    @property
    def is_met(self) -> bool:
        return self.has >= self.needs


def coverage(cycle: Cycle, rule: CoverageRule, *, on: dt.date) -> list[Covered]:
    """Every unit the rule covers in the cycle on the day, in tree order, as the tree stood on that day.

    A fixed number of queries, whatever the size. A seat that must be full-time counts only while its holder holds no
    other office. Rules over assets give an empty list: there are no assets yet.
    """
    scene = Scene.between(cycle, rule, on, on)
    units = {unit.pk: unit for unit in units_asked(scene)}
    if scene.placements.roots:
        moved = (pk for pk, unit in units.items() if scene.placements.has_moved(unit.path))
        scene.placements.load(moved)
    rows = [tuple(getattr(unit, name) for name in UNIT_FIELDS) for unit in units.values()]
    found = lines_of(scene, rows, seats_of(scene), doubled=set())
    return [Covered(unit=units[line.unit], needs=line.needs, has=line.has) for line in found]


def counted_rules(cycle: Cycle) -> list[CoverageRule]:
    """The coverage rules that can be counted: over offices or facilities of units, not over assets."""
    return [
        rule
        for rule in cycle.package.coverage
        if (rule.of_level or rule.of_kind) and (rule.needs_office or rule.needs_facility)
    ]


def pillar_of_coverage(cycle: Cycle, rule: CoverageRule) -> str | None:
    """The pillar a coverage rule speaks to: that of a duty of the seat, or of the facility's keeper."""
    package = cycle.package
    seats = {rule.needs_office} if rule.needs_office else set()
    if rule.needs_facility:
        seats = {
            seat.id
            for seat in package.offices
            if any(place.kind == rule.needs_facility for place in seat.places)
        }
    return next((duty.pillar for duty in package.duties if duty.who in seats), None)
