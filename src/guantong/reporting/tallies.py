"""Recounting the tallies of a cycle, in the background."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from guantong.audit.models import AuditEntry
from guantong.grassroots.queries import coverage, pillar_of_coverage
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.reporting.models import Recount, Tally, TallyKind

Key = tuple[int, str, str, str]
LEFT_OUT = (State.CANCELLED, State.EXCUSED, State.SUSPENDED)


def recount_if_changed(cycle: Cycle, *, on: dt.date, now: dt.datetime) -> bool:
    """Recount where something was logged since the last time, or a day has passed; True if it did."""
    newest = AuditEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    last = Recount.objects.filter(cycle=cycle).first()
    if last and last.through == newest and last.counted_on == on:
        return False
    recount(cycle, on=on, now=now, through=newest)
    return True


def recount(cycle: Cycle, *, on: dt.date, now: dt.datetime, through: int = 0) -> int:
    """Replace the cycle's tallies by a full count; returns how many there are."""
    units = {
        unit.path: unit.pk
        for unit in Unit.objects.below(cycle.unit).open_on(on).exclude(level="village").only("path")
    }
    due, done = _counted(cycle, on, units)
    kept = [
        Tally(
            cycle=cycle,
            unit_id=unit,
            pillar=pillar,
            kind=kind,
            label=label,
            due=number,
            done=done[unit, pillar, kind, label],
        )
        for (unit, pillar, kind, label), number in sorted(due.items())
    ]
    kept += _coverage_tallies(cycle, on, units)
    with transaction.atomic():
        Tally.objects.filter(cycle=cycle).delete()
        Tally.objects.bulk_create(kept, batch_size=2000)
        Recount.objects.update_or_create(
            cycle=cycle, defaults={"through": through, "counted_at": now, "counted_on": on}
        )
    return len(kept)


def _counted(cycle: Cycle, on: dt.date, units: dict[str, int]) -> tuple[Counter[Key], Counter[Key]]:
    """Lights of all obligations, and by month those that fell due up to the day, under every unit above them."""
    rows = (
        Obligation.objects.filter(cycle=cycle)
        .order_by()
        .values_list("unit_path", "pillar", "due_on", "light", "state")
    )
    due: Counter[Key] = Counter()
    done: Counter[Key] = Counter()
    above: dict[str, list[int]] = {}
    lengths = sorted({len(path) for path in units})
    for path, pillar, due_on, light, state in rows.iterator(chunk_size=5000):
        if path not in above:
            above[path] = [
                units[path[:length]] for length in lengths if length <= len(path) and path[:length] in units
            ]
        month = ""
        if due_on is not None and due_on <= on and state not in LEFT_OUT:
            month = str(due_on.month)
        for unit in above[path]:
            due[unit, pillar, TallyKind.LIGHT.value, f"{light}:{state}"] += 1
            if month:
                key = (unit, pillar, TallyKind.MONTH.value, month)
                due[key] += 1
                done[key] += state == State.FULFILLED
    return due, done


def _coverage_tallies(cycle: Cycle, on: dt.date, units: dict[str, int]) -> Iterable[Tally]:
    lengths = sorted({len(path) for path in units})
    for rule in cycle.package.coverage:
        pillar = pillar_of_coverage(cycle, rule)
        if pillar is None:
            continue
        needed: Counter[int] = Counter()
        met: Counter[int] = Counter()
        for line in coverage(cycle, rule, on=on):
            path = line.unit.path
            for length in lengths:
                if length <= len(path) and path[:length] in units:
                    needed[units[path[:length]]] += 1
                    met[units[path[:length]]] += line.is_met
        for unit, number in needed.items():
            yield Tally(
                cycle=cycle,
                unit_id=unit,
                pillar=pillar,
                kind=TallyKind.COVERAGE,
                label=rule.id,
                due=number,
                done=met[unit],
            )
