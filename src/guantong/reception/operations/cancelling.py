"""A reception day is cancelled: everybody booked is told, and offered another time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.cases.applicant import Doer
from guantong.notices.said import say
from guantong.reception.choices import BookingStage
from guantong.reception.models import Booking, ReceptionDay, Slot
from guantong.reception.operations.acts import (
    Act,
    free_seat,
    held_day,
    held_slots,
    put_in,
    reason_given,
)
from guantong.reception.operations.changes import live_on, refuse_if_closed
from guantong.reception.operations.days import refuse_unless_run
from guantong.reception.operations.waiting import answer_until, words_of
from guantong.reception.queries.days import bookable_slots
from guantong.reception.terms import terms_for


@transaction.atomic
def cancel_day(*, day: ReceptionDay, reason: str, actor: Doer, now: dt.datetime) -> ReceptionDay:
    """Take it out of the calendar. Each person gets the next free place with the same office, held for their answer;
    where there is none, the office owes them a time, as with an appointment."""
    act = Act(actor, now)
    others, own = _slots_elsewhere(day, act.today), day.slots.values_list("pk", flat=True)
    slots = held_slots(
        [*others, *own]
    )  # all at once and in order: two days cancelled at once never wait in a ring
    elsewhere = [slots[key] for key in others if key in slots]
    day = held_day(day)
    if day.cancelled_at:
        return day
    refuse_unless_run(actor, day)
    refuse_if_closed(day, act.today)
    reason = reason_given(reason, _("请写明取消的理由，已预约的人会看到。"))
    day.cancelled_at, day.reason = now, reason
    day.save(update_fields=["cancelled_at", "reason"])
    for booking in live_on(day):
        slot = _first_with_a_place(elsewhere)
        if slot is None:
            _put_off(act, booking, day)
        else:
            _offer_elsewhere(act, booking, day, slot)
    act.record("reception.day_cancelled", day)
    return day


def _slots_elsewhere(day: ReceptionDay, today: dt.date) -> list[int]:
    """Later slots of the same office for which nobody waits."""
    slots = bookable_slots(after=today).filter(day__host=day.host_id, day__stand_in__isnull=True)
    taken = Booking.objects.filter(stage=BookingStage.WAITING).values("slot")
    return list(slots.exclude(day=day).exclude(pk__in=taken).values_list("pk", flat=True))


def _first_with_a_place(slots: Iterable[Slot]) -> Slot | None:
    ordered = sorted(slots, key=lambda each: (each.day.day, each.starts_at, each.pk))
    return next((each for each in ordered if each.day.is_open and free_seat(each) is not None), None)


def _offer_elsewhere(act: Act, booking: Booking, day: ReceptionDay, slot: Slot) -> None:
    put_in(booking, slot, free_seat(slot))
    terms = terms_for(day.cycle, day.rule)
    workdays = act.calendar_of(day.cycle).add_workdays(act.today, terms.answer_workdays)
    hours = max(terms.offer_hours, 24 * (workdays - act.today).days)
    booking.open_until = answer_until(act, slot.day.day, hours=hours)
    act.move(
        booking,
        "propose",
        to=BookingStage.PROPOSED,
        told=say(
            "%(day)s 的接待因%(reason)s取消，很抱歉。为您留了 %(new)s %(time)s 的名额，请在 %(until)s 前确认，或另选时间。",
            day=day.day.isoformat(),
            reason=day.reason,
            new=slot.day.day.isoformat(),
            time=f"{slot.starts_at:%H:%M}",
            until=words_of(booking.open_until),
        ),
    )


def _put_off(act: Act, booking: Booking, day: ReceptionDay) -> None:
    terms = terms_for(day.cycle, day.rule)
    booking.slot = booking.meet_on = booking.meet_at = None
    booking.answer_by = act.calendar_of(day.cycle).add_workdays(act.today, terms.answer_workdays)
    act.move(
        booking,
        "put_off",
        told=say(
            "%(day)s 的接待因%(reason)s取消，很抱歉。工作人员会在 %(by)s 前为您另约时间。",
            day=day.day.isoformat(),
            reason=day.reason,
            by=booking.answer_by.isoformat(),
        ),
    )
