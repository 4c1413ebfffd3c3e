"""Reading notices: those of the office acted for, and what a person was told today."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import F, Q, QuerySet

from guantong.accounts.acting import Acting
from guantong.accounts.models import Absence, Holding, Person
from guantong.accounts.queries import seats_of
from guantong.notices.models import Digest, DigestHour, Notice

USUAL_HOUR = 8


def by_urgency(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """The most urgent first: by due day, those without one last, then what has waited longest."""
    return notices.order_by(F("due_on").asc(nulls_last=True), "since", "pk")


def open_notices_of(acting: Acting) -> QuerySet[Notice]:
    """What the office acted for is asked now, most urgent first."""
    if acting.office is None or not acting.reads_business:
        return Notice.objects.none()
    return by_urgency(Notice.objects.filter(office=acting.office, closed_on__isnull=True))


def hour_of(person: Person) -> int:
    chosen = DigestHour.objects.filter(person=person).values_list("hour", flat=True).first()
    return USUAL_HOUR if chosen is None else chosen


def digest_of(person: Person, *, on: dt.date) -> Digest | None:
    return Digest.objects.filter(person=person, day=on).first()


def told_in(digest: Digest, *, on: dt.date) -> QuerySet[Notice]:
    """The notices of a digest, of the offices that its person may still act for."""
    assert digest.person is not None
    seats = [seat.office.pk for seat in seats_of(digest.person, on=on)]
    return by_urgency(digest.notices.filter(office__in=seats).select_related("office__unit"))


def waiting_by_person(*, on: dt.date) -> dict[int, list[int]]:
    """Person → their open notices, of every office they hold or stand in for on the day, as `seats_of` says."""
    notices: dict[int, list[int]] = defaultdict(list)
    for office, notice in Notice.objects.filter(closed_on__isnull=True).values_list("office_id", "pk"):
        notices[office].append(notice)
    waiting: dict[int, set[int]] = defaultdict(set)
    asked = Notice.objects.filter(closed_on__isnull=True).values("office")
    held = Holding.objects.on(on).filter(office__in=asked, person__is_active=True)
    for person, office in held.values_list("person_id", "office_id"):
        waiting[person].update(notices[office])
    in_force = Q(holding__ends_on__isnull=True) | Q(holding__ends_on__gte=on)
    away = Absence.objects.filter(
        in_force,
        starts_on__lte=on,
        ends_on__gte=on,
        holding__starts_on__lte=on,
        holding__office__in=asked,
        stand_in__is_active=True,
    )
    for person, office in away.values_list("stand_in_id", "holding__office_id"):
        waiting[person].update(notices[office])
    return {person: sorted(found) for person, found in waiting.items()}
