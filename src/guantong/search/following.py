"""The index follows the log: whatever an operation touched is read anew. Or it is built from nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from guantong.audit.models import AuditEntry
from guantong.search import index
from guantong.search.models import Standing
from guantong.search.sources import KINDS, entries_of
from guantong.search.sources.kind import Kind
from guantong.search.sources.units import UNITS

AT_ONCE = 400  # rows of one transaction; SQLite takes no much longer lists of keys
LOG_AT_ONCE = 2000
UNIT = "organisation.unit"


@dataclass
class Followed:
    """What one round did."""

    read: int = 0
    indexed: int = 0
    rebuilt: bool = False
    kinds: dict[str, int] = field(default_factory=dict)


def follow_log(*, now: dt.datetime) -> Followed:
    """Read the log rows that have got their place since the last time. Harmless to repeat, and to interrupt."""
    standing = Standing.objects.first()
    if standing is None:
        return reindex(now=now)
    done = Followed()
    while True:
        rows = list(
            AuditEntry.objects.filter(position__gt=standing.position).order_by("position")[:LOG_AT_ONCE]
        )
        touched = _touched(rows)
        if UNIT in touched and _units_changed():
            return reindex(now=now)
        with transaction.atomic():
            for kind in KINDS:
                done.indexed += renew(kind, _refs(kind, touched))
            standing.position = max((row.position or 0 for row in rows), default=standing.position)
            standing.as_of = now if len(rows) < LOG_AT_ONCE else rows[-1].at
            standing.save(update_fields=["position", "as_of"])
        done.read += len(rows)
        if len(rows) < LOG_AT_ONCE:
            return done


def reindex(*, now: dt.datetime) -> Followed:
    """Build the index anew, some rows at a time: meanwhile it is searched as it was, or as it will be."""
    last = _last_position()
    done = Followed(rebuilt=True)
    for kind in KINDS:
        done.kinds[kind.name] = _rebuild(kind)
        done.indexed += done.kinds[kind.name]
    index.settle()
    Standing.objects.update_or_create(pk=1, defaults={"position": last, "as_of": now, "rebuilt_at": now})
    return done


def behind_since() -> dt.datetime | None:
    """From when the index is, where the log has gone on since; None where it is up to date."""
    standing = Standing.objects.first()
    if standing is None:
        return None
    newer = AuditEntry.objects.filter(Q(position__gt=standing.position) | Q(position__isnull=True))
    return standing.as_of if newer.exists() else None


def renew(kind: Kind, refs: Iterable[int]) -> int:
    """Read rows anew; those that are gone go out of the index. Returns how many were put in."""
    wanted = sorted(set(refs))
    put = 0
    for at in range(0, len(wanted), AT_ONCE):
        some = wanted[at : at + AT_ONCE]
        entries = entries_of(kind, some)
        with transaction.atomic():
            index.take_out(kind.number, some)
            index.put(kind.number, entries)
        put += len(entries)
    return put


def _rebuild(kind: Kind) -> int:
    put, after = 0, 0
    while True:
        refs = list(kind.rows().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        upto = refs[-1] if len(refs) == AT_ONCE else None
        old = index.refs_between(kind.number, after, upto)
        put += renew(kind, {*refs, *old})
        if upto is None:
            return put
        after = upto


def _last_position() -> int:
    row = AuditEntry.objects.filter(position__isnull=False).order_by("-position").first()
    return row.position if row and row.position is not None else -1


def _touched(rows: Iterable[AuditEntry]) -> dict[str, set[int]]:
    """The objects of log rows and the states they speak of: keys by model."""
    found: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.object_ref.isdigit():
            found[row.object_type].add(int(row.object_ref))
        for label, states in json.loads(row.payload).get("states", {}).items():
            found[label] |= {int(key) for key in states if key.isdigit()}
    return found


def _refs(kind: Kind, touched: dict[str, set[int]]) -> set[int]:
    refs: set[int] = set()
    rows = kind.rows().model._base_manager  # those that no longer count too: they go out
    for label, way in kind.follows.items():
        keys = sorted(touched.get(label, ()))
        if way == "pk":
            refs |= set(keys)
            continue
        for at in range(0, len(keys), AT_ONCE):
            some = keys[at : at + AT_ONCE]
            refs |= set(rows.filter(**{f"{way}__in": some}).values_list("pk", flat=True))
    return refs


def _units_changed() -> bool:
    """Bring the units of the index up to date; whether one that was there is now called or placed otherwise.

    A unit's name stands in the words of its rows, and its place in the tree decides who sees them: then all is built
    anew. New units change nothing that was there. An import of units names only the top one, so all are looked at.
    """
    before = index.known(UNITS.number)
    after: dict[int, frozenset[str]] = {}
    refs = list(UNITS.rows().values_list("pk", flat=True))
    for at in range(0, len(refs), AT_ONCE):
        after |= {each.ref: each.words() for each in entries_of(UNITS, refs[at : at + AT_ONCE])}
    if any(after.get(ref) != words for ref, words in before.items()):
        return True
    renew(UNITS, after.keys() - before.keys())
    return False
