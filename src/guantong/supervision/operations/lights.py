"""The daily sweep: lights that change by time alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.mechanisms.models import Cycle
from guantong.obligations.lighting import calendar_for, relit
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit

BATCH = 2000


def follow_moved_units() -> int:
    """Give obligations the path their unit has now; returns how many were behind."""
    path_now = Unit.objects.filter(pk=OuterRef("unit")).values("path")[:1]
    return Obligation.objects.exclude(unit_path=F("unit__path")).update(unit_path=Subquery(path_now))


def sweep_lights(*, actor: Actor, on: dt.date, now: dt.datetime, cycle: Cycle | None = None) -> int:
    """Relight the obligations whose change day has come; returns how many rows changed.

    Only rows with ``relight_on`` at or before the day are read, so a quiet morning costs nothing.
    Each batch is its own transaction with its own log row on the cycle.
    """
    follow_moved_units()
    cycles = [cycle] if cycle else list(Cycle.objects.select_related("unit", "stored"))
    return sum(_sweep_cycle(each, actor=actor, on=on, now=now) for each in cycles)


def _sweep_cycle(cycle: Cycle, *, actor: Actor, on: dt.date, now: dt.datetime) -> int:
    calendar = calendar_for(cycle.year)
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
            Obligation.objects.bulk_update(rows, ["light", "relight_on"], batch_size=500)
            changed += len(rows)
            audit.record(
                "supervision.lights_swept",
                target=cycle,
                actor=actor,
                at=now,
                payload={"on": on, "rows": len(rows)},
            )
