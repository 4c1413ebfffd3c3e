"""What a sweep of coverage is about, and which units it asks: on which days, below which unit, on the tree as it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from guantong.grassroots.sweeps import Span
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.organisation.models import PAST, STEP, Unit, UnitQuerySet
from guantong.organisation.placements import Heirs, Placements, heirs_by_merger, placements_since

# Named code ranges of the division tree (package-format.md 4.2): township digits 400-599.
DEV_ZONE = range(400, 600)
UNIT_FIELDS = ("pk", "path", "code", "opened_on", "closed_on")


def in_dev_zone(code: str) -> bool:
    """Whether a division code lies in a development zone's township range."""
    return code[:9].isdigit() and len(code) >= 9 and int(code[6:9]) in DEV_ZONE


@dataclass(frozen=True)
class Scene:
    """What a sweep is about: the rule in the cycle, the days, the unit whose subtree is looked at, the tree's past."""

    cycle: Cycle
    rule: CoverageRule
    since: int
    until: int
    within: Unit
    placements: Placements
    heirs: Heirs

    @classmethod
    def between(
        cls, cycle: Cycle, rule: CoverageRule, since: dt.date, on: dt.date, within: Unit | None = None
    ) -> Scene:
        """From a day to a day, both included."""
        placements = placements_since(since)
        inside = within or cycle.unit
        return cls(cycle, rule, since.toordinal(), on.toordinal() + 1, inside, placements, heirs_by_merger())

    @property
    def paths(self) -> list[str]:
        """The roots below which everything lies now that may have lain below the unit looked at."""
        base = self.within.path
        return [base, *sorted(root for root in self.placements.roots if not root.startswith(base))]

    def below(self, field: str) -> Q:
        """The condition that a path lies below one of the roots."""
        ranges = (Q(**{f"{field}__gte": path, f"{field}__lt": path + PAST}) for path in self.paths)
        return reduce(or_, ranges)


def day_or(value: dt.date | None, *, else_: int) -> int:
    return value.toordinal() if value else else_


def units_asked(scene: Scene) -> UnitQuerySet:
    """The units that the rule may ask something of on some day, in tree order. None where it speaks of assets."""
    rule = scene.rule
    units = existing(scene)
    if rule.of_kind:
        return units.of_kind(rule.of_kind).order_by("path")
    if rule.of_level:
        return units.of_kind("territory").at_level(rule.of_level).order_by("path")
    return units.none()


def existing(scene: Scene) -> UnitQuerySet:
    since, last = dt.date.fromordinal(scene.since), dt.date.fromordinal(scene.until - 1)
    return Unit.objects.filter(
        scene.below("path"),
        Q(opened_on__isnull=True) | Q(opened_on__lte=last),
        Q(closed_on__isnull=True) | Q(closed_on__gt=since),
    )


def is_left_out(rule: CoverageRule, code: str) -> bool:
    return rule.of_kind is None and rule.exclude_codes == "dev_zone" and in_dev_zone(code)


def spans_and_units_above(
    scene: Scene, pk: int, path: str, whole: Span
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The days of a unit within the subtree looked at, and the paths from that subtree's root down to the unit."""
    start, end = whole
    base = scene.within.path
    if not scene.placements.has_moved(path):
        if start < end and path.startswith(base):
            yield start, end, tuple(path[:step] for step in range(len(base), len(path) + 1, STEP))
        return
    for first, last, chain in scene.placements.of(pk, since=start, until=end):
        if base in chain:
            yield first, last, chain[chain.index(base) :]
