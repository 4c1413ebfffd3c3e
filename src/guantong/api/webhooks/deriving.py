"""Events from the log: what happened since it was last read, and which obligations are red that were not told as such."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from guantong.api.choices import EventKind, SendOutcome
from guantong.api.models import Event, Mark, Send, Webhook
from guantong.assessment.models import Run
from guantong.audit.models import AuditEntry
from guantong.cases.models import Case
from guantong.obligations.choices import Light
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.supervision.models import Matter

AT_ONCE = 500
RED_DAYS = 31  # longer ago it fell due, it is no news
OBLIGATION = {
    "obligations.claimed": EventKind.OBLIGATION_CLAIMED,
    "obligations.accepted": EventKind.OBLIGATION_REVIEWED,
    "obligations.returned": EventKind.OBLIGATION_REVIEWED,
    "obligations.passed_on": EventKind.OBLIGATION_REVIEWED,
}
QUIET_MATTERS = {"drafted", "amended", "followed", "unfollowed"}
CASE_MOVES = {
    "registered", "accepted", "refused", "referred", "assigned", "released", "extended", "paused", "resumed",
    "answered", "closed", "reopened", "withdrawn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A change worth telling, before it is known where it lies."""

    kind: EventKind
    ref: int
    at: dt.datetime
    key: str


def begin(*, on: dt.date, now: dt.datetime) -> None:
    """From here on the log is read for events; what is red now is no news. Does nothing once it has begun."""
    if Mark.objects.exists():
        return
    last = AuditEntry.objects.filter(position__isnull=False).order_by("-position").first()
    position = last.position if last is not None and last.position is not None else -1
    with transaction.atomic():
        Mark.objects.create(position=position)
        _tell(_reds(on, now), [], now)


def derive_events(*, on: dt.date, now: dt.datetime) -> int:
    """Read on in the log and plan what is to be sent; returns how many events are new. Harmless to repeat."""
    hooks = list(Webhook.objects.filter(ended_at=None).select_related("scope", "office__unit"))
    if not hooks:
        Mark.objects.all().delete()
        return 0
    begin(on=on, now=now)
    with transaction.atomic():
        Mark.objects.select_for_update().get()  # one at a time
        told = _tell(_reds(on, now), hooks, now)
    while True:
        with transaction.atomic():
            mark = Mark.objects.select_for_update().get()
            rows = list(AuditEntry.objects.filter(position__gt=mark.position).order_by("position")[:AT_ONCE])
            told += _tell((each for row in rows for each in _changes(row)), hooks, now)
            if rows:
                mark.position = rows[-1].position or mark.position
                mark.save(update_fields=["position"])
        if len(rows) < AT_ONCE:
            return told


def _reds(on: dt.date, now: dt.datetime) -> Iterator[Change]:
    since = on - dt.timedelta(days=RED_DAYS)
    red = Obligation.objects.filter(light=Light.RED, due_on__gte=since).order_by("pk")
    known = set(Event.objects.filter(kind=EventKind.OBLIGATION_RED).values_list("key", flat=True))
    for pk, due_on in red.values_list("pk", "due_on"):
        key = f"red {pk} {due_on}"
        if key not in known:
            yield Change(EventKind.OBLIGATION_RED, pk, now, key)


def _changes(row: AuditEntry) -> Iterator[Change]:
    kind = _kind_of(row)
    if kind is None:
        return
    ref = json.loads(row.payload)["run"] if kind == EventKind.SCORE_PUBLISHED else int(row.object_ref)
    yield Change(kind, int(ref), row.at, f"log {row.position}")


def _kind_of(row: AuditEntry) -> EventKind | None:
    room, _dot, verb = row.verb.partition(".")
    if row.verb in OBLIGATION:
        return OBLIGATION[row.verb]
    if row.object_type == "supervision.matter" and verb.removeprefix("matter_") not in QUIET_MATTERS:
        return EventKind.MATTER_MOVED
    if room == "cases" and row.object_type == "cases.case" and verb in CASE_MOVES:
        return EventKind.CASE_MOVED
    return EventKind.SCORE_PUBLISHED if row.verb == "assessment.published" else None


def _tell(changes: Iterable[Change], hooks: list[Webhook], now: dt.datetime) -> int:
    """Keep each change as an event, once, and plan its sending to whoever may know of it."""
    some = list(changes)
    places = {kind: _places(kind, [c.ref for c in some if c.kind == kind]) for kind in {c.kind for c in some}}
    known = set(Event.objects.filter(key__in=[each.key for each in some]).values_list("key", flat=True))
    told = 0
    for each in some:
        place = places[each.kind].get(each.ref)
        wanted = [hook for hook in hooks if place is not None and _may_know(hook, each, place)]
        if each.key in known or place is None or not (wanted or each.kind == EventKind.OBLIGATION_RED):
            continue
        with transaction.atomic():
            event = Event.objects.create(
                kind=each.kind, object_ref=each.ref, unit=place.unit, at=each.at, key=each.key
            )
            Send.objects.bulk_create(
                Send(webhook=hook, event=event, outcome=SendOutcome.WAITING, next_at=now) for hook in wanted
            )
        told += 1
    return told


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change lies, and whom it must be kept from."""

    unit: Unit
    against: str = ""


def _places(kind: EventKind, refs: list[int]) -> dict[int, Place]:
    if kind in (EventKind.MATTER_MOVED, EventKind.SCORE_PUBLISHED):
        model = Matter if kind == EventKind.MATTER_MOVED else Run
        rows = model._default_manager.filter(pk__in=refs).select_related("cycle__unit")
        return {each.pk: Place(each.cycle.unit) for each in rows}
    if kind == EventKind.CASE_MOVED:
        cases = (
            Case.objects.filter(pk__in=refs).select_related("unit", "against").only("unit", "against__path")
        )
        return {each.pk: Place(each.unit, each.against.path if each.against else "") for each in cases}
    owed = Obligation.objects.filter(pk__in=refs).select_related("unit")
    return {each.pk: Place(each.unit) for each in owed}


def _may_know(hook: Webhook, change: Change, place: Place) -> bool:
    """Within its scope, of a kind it asked for, since it was set up, and nothing of a case against its own unit."""
    if change.kind not in hook.kinds or change.at < hook.made_at:
        return False
    if place.against and hook.office.unit.path.startswith(place.against):
        return False
    return place.unit.path.startswith(hook.scope.path)
