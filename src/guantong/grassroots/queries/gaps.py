"""Gaps: what the sweep finds missing on a day, whose it is to fill, and the list to act on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.grassroots.models import Gap
from guantong.grassroots.queries.vacancies import Line, lines
from guantong.grassroots.sweeps import short_since
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.organisation.models import PAST, Unit

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit that is short today: since when, of how many, and the units above it today, from the cycle's down."""

    unit: int
    needs: int
    has: int
    since: dt.date
    chain: tuple[str, ...]


def missing_on(cycle: Cycle, rule: CoverageRule, on: dt.date) -> tuple[dict[int, Missing], dict[int, Line]]:
    """What is short on the day by unit, and all lines by unit. "Since" looks back to the cycle's first day at most."""
    every = {
        line.unit: line
        for line in lines(cycle, rule, since=min(cycle.starts_on, on), on=on, with_doubled=False)
    }
    found = {}
    for line in every.values():
        since = short_since(line.short, on.toordinal()) if line.missing else None
        if since is not None:
            day = dt.date.fromordinal(since)
            found[line.unit] = Missing(line.unit, line.needs, line.has, day, line.parts[-1][2])
    return found, every


def filled_on(line: Line | None, since: dt.date, on: dt.date) -> dt.date | None:
    """The first day from which a unit, not short today, has had what it needs; None where nothing was filled.

    Nothing was filled where the unit is not asked any more, or, as it turned out, was never short since then.
    """
    if line is None or not line.is_needed:
        return None
    ends = [end for start, end, _missing in line.short if end > since.toordinal() and end <= on.toordinal()]
    return dt.date.fromordinal(max(ends)) if ends else None


def owners_of(rule: CoverageRule, found: Iterable[Missing]) -> dict[int, Office]:
    """The office that has to fill each gap: the rule's seat in the unit above at the rule's level, by unit.

    Without a level it is the nearest unit that has the seat, the short one itself first. A gap whose seat does not
    exist has no owner.
    """
    wanted = list(found)
    if not rule.gap_owner_office or not wanted:
        return {}
    paths = {path for each in wanted for path in each.chain}
    by_path = {office.unit.path: office for office in _seats(rule.gap_owner_office, paths)}
    owners = {}
    for each in wanted:
        for path in reversed(each.chain):
            office = by_path.get(path)
            if office and rule.gap_owner_level in (None, office.unit.level):
                owners[each.unit] = office
                break
    return owners


def _seats(seat: str, paths: set[str]) -> Iterable[Office]:
    """Open offices of the seat at these units, the lowest number of each unit last."""
    ordered = sorted(paths)
    for first in range(0, len(ordered), BATCH):
        yield from (
            Office.objects.filter(
                seat=seat, closed_on__isnull=True, unit__path__in=ordered[first : first + BATCH]
            )
            .select_related("unit")
            .order_by("unit__path", "-number")
        )


def gaps_visible_to(acting: Actor) -> QuerySet[Gap]:
    """Gaps of the units in the visible subtree."""
    gaps = Gap.objects.select_related("unit", "cycle__stored", "obligation__office__unit")
    if not isinstance(acting, Acting):
        return gaps
    if not acting.scope_path:
        return gaps.none()
    return gaps_below(gaps, acting.scope_path)


def gaps_below(gaps: QuerySet[Gap], path: str) -> QuerySet[Gap]:
    return gaps.filter(unit__path__gte=path, unit__path__lt=path + PAST)


def open_gaps(cycle: Cycle, rules: Sequence[str]) -> QuerySet[Gap]:
    return Gap.objects.filter(cycle=cycle, rule__in=rules, closed_on__isnull=True)


def units_by_id(ids: Iterable[int]) -> dict[int, Unit]:
    """Units however many; a database takes only so many values at once."""
    wanted = sorted(set(ids))
    found: dict[int, Unit] = {}
    for first in range(0, len(wanted), BATCH):
        found |= Unit.objects.in_bulk(wanted[first : first + BATCH])
    return found
