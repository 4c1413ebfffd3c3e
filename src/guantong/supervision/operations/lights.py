"""The daily sweep: lights that change by time alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.mechanisms.models import Cycle
from guantong.obligations.lighting import relit
from guantong.obligations.models import Obligation
from guantong.organisation.models import PAST, Succession, Unit, UnitChange

BATCH = 2000


def follow_moved_units() -> int:
    """Give obligations the path their unit has now; returns how many were behind.

    Only below units that were ever moved, so that a city where none was is not read through.
    """
    moved = _moved_units()
    if not moved:
        return 0
    below = Q()
    for path in moved:
        below |= Q(path__gte=path, path__lt=path + PAST)
    path_now = Unit.objects.filter(pk=OuterRef("unit")).values("path")[:1]
    behind = Obligation.objects.filter(unit__in=Unit.objects.filter(below)).exclude(unit_path=F("unit__path"))
    return behind.update(unit_path=Subquery(path_now))


def _moved_units() -> list[str]:
    """The paths of units that were moved, and of those into which a unit was merged, with what lay below it."""
    moved = UnitChange.objects.filter(kind=UnitChange.Kind.MOVED).values("unit")
    into = Succession.objects.filter(kind=UnitChange.Kind.MERGED).values("successor")
    return list(Unit.objects.filter(Q(pk__in=moved) | Q(pk__in=into)).values_list("path", flat=True))


def sweep_lights(*, actor: Actor, on: dt.date, now: dt.datetime, cycle: Cycle | None = None) -> int:
    """Relight the obligations whose change day has come; returns how many rows changed.

    Only rows with ``relight_on`` at or before the day are read, and those are the rows that change: a quiet morning
    writes nothing (`benchmarks/relight.py`). Each batch is its own transaction with its own log row on the cycle.
    """
    follow_moved_units()
    cycles = [cycle] if cycle else list(Cycle.objects.select_related("unit", "stored"))
    return sum(_sweep_cycle(each, actor=actor, on=on, now=now) for each in cycles)


def _sweep_cycle(cycle: Cycle, *, actor: Actor, on: dt.date, now: dt.datetime) -> int:
    calendar = calendar_for(cycle.year, cycle.unit_id)
    changed = 0
    while True:
        with transaction.atomic():
            due = Obligation.objects.filter(cycle=cycle, relight_on__lte=on)
            rows = list(due.select_for_update().order_by("relight_on", "pk")[:BATCH])
            if not rows:
                return changed
            for row in rows:
                relit(row, on=on, calendar=calendar)
                if row.relight_on is not None and row.relight_on <= on:
                    raise RuntimeError(f"obligation {row.pk} would be relit for ever")
            _write(rows)
            changed += len(rows)
            audit.record(
                "supervision.lights_swept",
                target=cycle,
                actor=actor,
                at=now,
                payload={"on": on, "rows": len(rows)},
            )


def _write(rows: Sequence[Obligation]) -> None:
    """The same light and next day are written together: rows that change on one day share a few of them."""
    alike: dict[tuple[str, dt.date | None], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.light, row.relight_on].append(row.pk)
    for (light, relight_on), keys in alike.items():
        Obligation.objects.filter(pk__in=keys).update(light=light, relight_on=relight_on)
