"""Reading the tree, now or on a past day, and checking that its paths are right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from guantong.organisation.models import STEP, Succession, Unit, UnitQuerySet, step_of


def units_below(unit: Unit) -> UnitQuerySet:
    """The units under a unit, without it."""
    return Unit.objects.below(unit, include_self=False)


def as_of(day: dt.date) -> UnitQuerySet:
    """The units that existed on a day."""
    return Unit.objects.open_on(day)


def lineage_of(unit: Unit) -> list[Succession]:
    """Every succession that leads to or from the unit, oldest first, through all generations."""
    found: dict[int, Succession] = {}
    frontier = {unit.pk}
    seen: set[int] = set()
    while frontier:
        seen |= frontier
        links = list(
            Succession.objects.filter(predecessor__in=frontier).select_related("predecessor", "successor")
        ) + list(Succession.objects.filter(successor__in=frontier).select_related("predecessor", "successor"))
        found |= {link.pk: link for link in links}
        frontier = {pk for link in links for pk in (link.predecessor_id, link.successor_id)} - seen
    return sorted(found.values(), key=lambda link: (link.on, link.pk))


def successors_of(unit: Unit, *, on: dt.date) -> list[Unit]:
    """Who answers on a day for what was the unit's: itself while it lives, else its heirs."""
    if unit.closed_on is None or unit.closed_on > on:
        return [unit]
    heirs = Succession.objects.filter(predecessor=unit, on__lte=on).select_related("successor")
    return [last for link in heirs for last in successors_of(link.successor, on=on)]


@dataclass(frozen=True)
class PathProblem:
    code: str
    path: str
    should_start_with: str


def check_tree() -> list[PathProblem]:
    """Units whose path or depth does not follow from their parent's; empty when the tree is sound."""
    problems = []
    rows = Unit.objects.values_list("code", "path", "depth", "parent__path").iterator(chunk_size=5000)
    for code, path, depth, above in rows:
        above = above or ""
        right = path.startswith(above) and len(path) == len(above) + STEP and depth * STEP == len(above)
        if not right:
            problems.append(PathProblem(code, path, above))
    return problems


@transaction.atomic
def rebuild_paths() -> int:
    """Make every path anew from the parents, in the order of the old ones; returns how many changed."""
    children: dict[int | None, list[Unit]] = {}
    for unit in Unit.objects.order_by("path"):
        children.setdefault(unit.parent_id, []).append(unit)
    changed: list[Unit] = []
    stack: list[tuple[int | None, str, int]] = [(None, "", 0)]
    while stack:
        parent, above, depth = stack.pop()
        for number, unit in enumerate(children.get(parent, ()), start=1):
            path = above + step_of(number)
            if (unit.path, unit.depth) != (path, depth):
                unit.path, unit.depth = path, depth
                changed.append(unit)
            stack.append((unit.pk, path, depth + 1))
    # two steps, since a new path may still be another unit's old one
    final = [(unit, unit.path) for unit in changed]
    for unit, _path in final:
        unit.path = f"!{unit.pk}"
    Unit.objects.bulk_update(changed, ["path"], batch_size=500)
    for unit, path in final:
        unit.path = path
    Unit.objects.bulk_update(changed, ["path", "depth"], batch_size=500)
    return len(changed)
