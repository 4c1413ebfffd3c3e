"""What stands in a person's calendar. Summaries speak of work and offices, never of whoever turned to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.accounts.models import Person
from guantong.accounts.queries import Seat, seats_of
from guantong.channels.limits import FEED_AHEAD, FEED_EVENTS, FEED_PAST
from guantong.leadership.choices import MeetingStage, Reply
from guantong.leadership.models import Invitation, Meeting
from guantong.obligations.choices import SETTLED, Source
from guantong.obligations.models import Obligation
from guantong.reception.models import ReceptionDay


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. ``uid`` stays the same whatever else changes. Without times it lasts the whole day."""

    uid: str
    summary: str
    day: dt.date
    url: str
    starts: dt.time | None = None
    ends: dt.time | None = None
    place: str = ""
    cancelled: bool = False

    def at(self, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(self.day, time, tzinfo=timezone.get_default_timezone())


def events_of(person: Person, *, on: dt.date) -> list[Event]:
    """From a month back to about a year ahead, of every office held or stood in for on the day."""
    seats = [seat for seat in seats_of(person, on=on) if seat.office.role not in ADMINISTRATION]
    first, last = on - dt.timedelta(days=FEED_PAST), on + dt.timedelta(days=FEED_AHEAD)
    found = [
        *_deadlines(seats, first, last),
        *_meetings(seats, first, last),
        *_receptions(seats, first, last),
    ]
    return sorted(found, key=lambda each: (each.day, each.uid))[:FEED_EVENTS]


ADMINISTRATION = {"system_admin", "security_admin", "audit_admin"}


def _pks(seats: list[Seat]) -> list[int]:
    return [seat.office.pk for seat in seats]


def _deadlines(seats: list[Seat], first: dt.date, last: dt.date) -> Iterator[Event]:
    owed = (
        Obligation.objects.filter(office__in=_pks(seats), due_on__range=(first, last))
        .exclude(state__in=SETTLED)
        .select_related("office__unit")
        .order_by("due_on", "pk")[:FEED_EVENTS]
    )
    several = len(seats) > 1
    for each in owed:
        title = _title_of(each)
        if several:
            title = f"{title} · {each.office.unit}{each.office}"
        assert each.due_on is not None
        yield Event(
            uid=f"obligation-{each.pk}",
            summary=_("到期：%(title)s") % {"title": title},
            day=each.due_on,
            url=reverse("obligation", args=[each.pk]),
        )


def _title_of(obligation: Obligation) -> str:
    """Cases and pairings may be called after somebody: only their kind is said."""
    if obligation.source in (Source.CASE, Source.PAIRING):
        return str(obligation.get_source_display())
    return str(obligation)


def _meetings(seats: list[Seat], first: dt.date, last: dt.date) -> Iterator[Event]:
    offices = _pks(seats)
    asked = (
        Invitation.objects.filter(Q(office__in=offices) | Q(stand_in__in=offices), dropped_at=None)
        .exclude(Q(office__in=offices, reply__in=(Reply.LEAVE, Reply.STAND_IN)) & ~Q(stand_in__in=offices))
        .values("meeting")
    )
    meetings = (
        Meeting.objects.filter(Q(pk__in=asked) | Q(chair__in=offices), day__range=(first, last))
        .exclude(stage=MeetingStage.PLANNED)
        .order_by("day", "pk")[:FEED_EVENTS]
    )
    for each in meetings:
        yield Event(
            uid=f"meeting-{each.pk}", summary=each.title, day=each.day, url=reverse("meeting", args=[each.pk]),
            starts=each.starts_at, ends=each.ends_at, place=each.place,
            cancelled=each.stage == MeetingStage.CANCELLED,
        )  # fmt: skip


def _receptions(seats: list[Seat], first: dt.date, last: dt.date) -> Iterator[Event]:
    offices = _pks(seats)
    days = (
        ReceptionDay.objects.filter(
            Q(host__in=offices) | Q(stand_in__in=offices),
            day__range=(first, last),
            published_at__isnull=False,
        )
        .select_related("host")
        .order_by("day", "pk")[:FEED_EVENTS]
    )
    for each in days:
        yield Event(
            uid=f"reception-{each.pk}", summary=_("接待日"), day=each.day, url=reverse("reception-days"),
            starts=each.starts_at, ends=each.ends_at, place=str(each.place_text),
            cancelled=each.cancelled_at is not None,
        )  # fmt: skip
