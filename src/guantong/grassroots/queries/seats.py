"""Who holds what a coverage rule asks for: read in sets, as spans of days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from guantong.accounts.models import Holding
from guantong.grassroots.queries.scenes import UNIT_FIELDS, Scene, day_or, existing, spans_and_units_above
from guantong.grassroots.sweeps import joined, without
from guantong.organisation.models import PAST, Succession, UnitChange
from guantong.organisation.placements import END, Heirs, carried

Entry = tuple[int, int, int, bool]
"""A seat held: its key, first day, day after the last, whether by somebody acting."""


@dataclass
class Seats:
    """What is held: entries by unit, and the days on which a seat is held, but not full-time where the rule asks it.

    A unit is its number where offices are held, its path where there are facilities.
    """

    held: dict[int | str, list[Entry]] = field(default_factory=dict)
    part_time: dict[int | str, list[Entry]] = field(default_factory=dict)


def seats_of(scene: Scene) -> Seats:
    """Everything held under the rule on the days of the scene. A merged unit's seats go on in its heir."""
    if scene.rule.needs_office:
        return _offices(scene)
    if scene.rule.needs_facility:
        return _facilities(scene)
    return Seats()


def holdings_in(scene: Scene) -> QuerySet[Holding]:
    """Holdings of the rule's seat on some day of the scene, at units of the subtree or merged into one of it."""
    since, last = dt.date.fromordinal(scene.since), dt.date.fromordinal(scene.until - 1)
    at_home = scene.below("office__unit__path")
    strangers = _merged_from_outside(scene)
    if strangers:
        at_home |= Q(office__unit__in=strangers)
    return Holding.objects.filter(
        at_home,
        Q(ends_on__isnull=True) | Q(ends_on__gte=since),
        office__seat=scene.rule.needs_office,
        starts_on__lte=last,
    )


def _merged_from_outside(scene: Scene) -> list[int]:
    """Units elsewhere whose merger made a unit of the subtree their heir."""
    if not scene.heirs:
        return []
    merged = Succession.objects.filter(kind=UnitChange.Kind.MERGED)
    inside = set(merged.filter(scene.below("successor__path")).values_list("successor", flat=True))
    outside = merged.exclude(scene.below("predecessor__path")).values_list("predecessor", flat=True)
    return sorted(
        pk for pk in outside if any(heir in inside for heir, _on, _end in carried(pk, 0, END, scene.heirs))
    )


def _put(kept: dict[int | str, list[Entry]], unit: int, entry: Entry, heirs: Heirs) -> None:
    if unit not in heirs:
        kept.setdefault(unit, []).append(entry)
        return
    seat, start, end, acting = entry
    for heir, first, last in carried(unit, start, end, heirs):
        kept.setdefault(heir, []).append((seat, first, last, acting))


def _offices(scene: Scene) -> Seats:
    seats = Seats()
    full_time, heirs, since, until = scene.rule.full_time, scene.heirs, scene.since, scene.until
    others = other_holdings(scene) if full_time else {}
    rows = holdings_in(scene).values_list(
        "office_id", "office__unit_id", "starts_on", "ends_on", "acting", "office__closed_on", "full_time", "person_id"
    )  # fmt: skip
    for office, unit, starts, ends, acting, closed, whole, person in rows.iterator(chunk_size=5000):
        start, end = max(starts.toordinal(), since), day_or(ends, else_=until - 1) + 1
        end = min(end, until, day_or(closed, else_=until))
        if start >= end:
            continue
        if not full_time:
            _put(seats.held, unit, (office, start, end, acting), heirs)
            continue
        span = [(start, end)]
        besides = joined((first, last) for other, first, last in others.get(person, ()) if other != office)
        alone = without(span, besides) if whole else []
        for first, last in alone:
            _put(seats.held, unit, (office, first, last, acting), heirs)
        for first, last in without(span, alone):
            _put(seats.part_time, unit, (office, first, last, acting), heirs)
    return seats


def other_holdings(scene: Scene) -> dict[int, list[tuple[int, int, int]]]:
    """All offices of everybody who holds one of the rule's seats: person → (office, first day, day after the last)."""
    since, last = dt.date.fromordinal(scene.since), dt.date.fromordinal(scene.until - 1)
    people = holdings_in(scene).order_by().values("person")
    rows = Holding.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=since), person__in=people, starts_on__lte=last
    ).values_list("person_id", "office_id", "starts_on", "ends_on", "office__closed_on")
    found: dict[int, list[tuple[int, int, int]]] = {}
    for person, office, starts, ends, closed in rows:
        end = min(day_or(ends, else_=END - 1) + 1, day_or(closed, else_=END))
        found.setdefault(person, []).append((office, starts.toordinal(), end))
    return found


def doubled_seats(scene: Scene, on: dt.date) -> set[int]:
    """Offices of the rule's seat in the whole cycle whose holder holds another of them on the day."""
    if not scene.rule.needs_office:
        return set()
    path = scene.cycle.unit.path
    held = Holding.objects.on(on).filter(
        Q(office__closed_on__isnull=True) | Q(office__closed_on__gt=on),
        office__seat=scene.rule.needs_office,
        office__unit__path__gte=path,
        office__unit__path__lt=path + PAST,
    )
    several = held.order_by().values("person").annotate(n=Count("office", distinct=True)).filter(n__gt=1)
    return set(held.filter(person__in=several.values("person")).values_list("office", flat=True))


def _facilities(scene: Scene) -> Seats:
    """Facilities of the kind, each at every unit it lies at or below, for as long as it does."""
    seats = Seats()
    rows = list(existing(scene).of_kind(str(scene.rule.needs_facility)).values_list(*UNIT_FIELDS))
    scene.placements.load(pk for pk, path, *_rest in rows if scene.placements.has_moved(path))
    for pk, path, _code, opened, closed in rows:
        whole = (
            max(day_or(opened, else_=scene.since), scene.since),
            min(day_or(closed, else_=END), scene.until),
        )
        for start, end, chain in spans_and_units_above(scene, pk, path, whole):
            for above in chain:
                seats.held.setdefault(above, []).append((pk, start, end, False))
    return seats
