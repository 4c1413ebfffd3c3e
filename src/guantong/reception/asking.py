"""Who moves next in reception: asked through a notice, once, while it is so. Part of the daily sweep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.cases.asking import Seats
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.models import Notice
from guantong.notices.operations import Asked, Change, ask_only
from guantong.notices.said import Said, say
from guantong.reception.choices import BookingStage
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.planning import last_day_to_publish
from guantong.reception.terms import Terms, first_terms

DAY, BOOKING = "reception.receptionday", "reception.booking"
TO_ANSWER = say("有人约访，请约定时间、另约时间，或者说明理由。")
TO_PUBLISH = say("接待日还没有公布，请核对后公布。")
TO_PREPARE = say("接待日快到了，请看看谁来、反映什么；能提前解决的先办。")
TO_RECORD = say("接待日已过，请登记，接待职责随之申报。")


@transaction.atomic
def ask_about_reception(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> Change:
    """Recompute who is asked for what about the receptions of a cycle; a fixed number of queries."""
    change = ask_only(_asked(cycle, on), among=notices_about_reception(cycle), on=on)
    if change:
        audit.record(
            "reception.notices_refreshed", target=cycle, actor=actor, at=now,
            payload=change.payload(on),
        )  # fmt: skip
    return change


def notices_about_reception(cycle: Cycle) -> QuerySet[Notice]:
    """The notices that speak of reception days and bookings of this cycle."""
    days, bookings = ReceptionDay.objects.filter(cycle=cycle), Booking.objects.filter(case__cycle=cycle)
    return Notice.objects.filter(
        Q(about=DAY, about_ref__in=days.values("pk")) | Q(about=BOOKING, about_ref__in=bookings.values("pk"))
    )


def _asked(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    terms = first_terms(cycle)
    if terms is not None:
        yield from _to_answer(cycle, on)
        yield from _about_days(cycle, terms, on)


def _to_answer(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    """Whoever is to be met, and the office that runs the case: the applicant was promised a day."""
    seats = Seats.of(cycle)
    asked = Booking.objects.filter(case__cycle=cycle, stage=BookingStage.ASKED)
    for each in asked.select_related("case__unit", "case__against"):
        kind = NoticeKind.OVERDUE if each.answer_by and each.answer_by < on else NoticeKind.DUE
        url, title = reverse("booking", args=[each.pk]), say("约访 %(number)s", number=str(each))
        for office in {each.host_id, seats.runner(each.case)} - {None}:
            assert office is not None
            yield Asked(office, kind, BOOKING, each.pk, title, TO_ANSWER, 3, url, each.answer_by)


def _about_days(cycle: Cycle, terms: Terms, on: dt.date) -> Iterator[Asked]:
    """A draft to publish in time, a public day that comes near, one that is over and not written down."""
    calendar, runner = calendar_for(cycle.year, cycle.unit_id), _runner(cycle)
    days = ReceptionDay.objects.filter(cycle=cycle, cancelled_at__isnull=True, held_on__isnull=True)
    for day in days.select_related("host", "stand_in").order_by("day", "pk"):
        last = last_day_to_publish(day.day, workdays=terms.publish_workdays, calendar=calendar)
        url, title = reverse("reception-day", args=[day.pk]), _title(day)
        if day.published_at is None:
            near = calendar.add_workdays(last, -terms.publish_workdays)
            if runner is not None and near <= on <= day.day:
                kind = NoticeKind.OVERDUE if on > last else NoticeKind.DUE
                yield Asked(runner, kind, DAY, day.pk, title, TO_PUBLISH, 3, url, last)
        elif day.day < on:
            yield Asked(day.receiver.pk, NoticeKind.OVERDUE, DAY, day.pk, title, TO_RECORD, 2, url, day.day)
        elif on >= last:
            yield Asked(day.receiver.pk, NoticeKind.DUE, DAY, day.pk, title, TO_PREPARE, 10, url, day.day)


def _runner(cycle: Cycle) -> int | None:
    """The office that runs reception over the whole cycle."""
    fitting = [each for each in Seats.of(cycle).seats if each.scope == cycle.unit.path]
    coordinators = [each.pk for each in fitting if each.role == "coordinator"]
    return coordinators[0] if coordinators else None


def _title(day: ReceptionDay) -> Said:
    office = {"zh": day.receiver.title, "en": day.receiver.title_en}
    return say("%(day)s 接待日（%(office)s）", day=day.day.isoformat(), office=office)
