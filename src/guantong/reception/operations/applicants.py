"""What somebody does with their own booking, by the code of their case: confirm, change, ask for another time, cancel."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.cases.applicant import Doer
from guantong.kernel.refusals import Refusal
from guantong.notices.said import say
from guantong.reception import rules
from guantong.reception.chain import stage_after
from guantong.reception.models import Booking, Slot
from guantong.reception.operations.acts import Act, free_seat, held_booking, held_slots
from guantong.reception.operations.bookings import refuse_unbookable, take_or_wait
from guantong.reception.operations.waiting import offer_free_places
from guantong.reception.queries.waiting import waiting_of
from guantong.reception.terms import first_terms


def _refuse_stranger(actor: Doer, booking: Booking) -> None:
    """Their own, or at their word by whoever tends it at the window or on the telephone."""
    if not rules.is_applicant(actor, booking) and not rules.may_tend(actor, booking):
        raise Refusal(_("只有预约人或负责接待的岗位可以办理。"))


@transaction.atomic
def confirm_booking(*, booking: Booking, actor: Doer, now: dt.datetime) -> Booking:
    """Take the place that is offered, or the time that is proposed. Twice is once."""
    act, booking = Act(actor, now), held_booking(booking)
    _refuse_stranger(actor, booking)
    if booking.stage == "booked":
        return booking
    stage_after(booking, "confirm")
    if booking.open_until is not None and booking.open_until <= now:
        raise Refusal(_("确认时间已过，名额已转给下一位。可以重新预约。"))
    act.move(booking, "confirm", told=say("您已确认。"))
    act.record("reception.confirmed", booking)
    return booking


@transaction.atomic
def cancel_booking(*, booking: Booking, actor: Doer, now: dt.datetime) -> Booking:
    """Give the booking up; the demand goes on as a case. The place goes to whoever is next. Twice is once."""
    act, booking = Act(actor, now), held_booking(booking)
    _refuse_stranger(actor, booking)
    if booking.stage == "cancelled":
        return booking
    act.move(booking, "cancel", told=say("预约已取消，反映的事情继续办理。"))
    if booking.slot is not None:
        offer_free_places(act, booking.slot)
    act.record("reception.cancelled", booking)
    return booking


@transaction.atomic
def change_booking(*, booking: Booking, slot: Slot, actor: Doer, now: dt.datetime) -> Booking:
    """Go to another slot instead, with a place or on its waiting list; what was held before is free for the next."""
    act, booking = Act(actor, now), held_booking(booking, slot)
    _refuse_stranger(actor, booking)
    if booking.slot_id == slot.pk:
        raise Refusal(_("您现在约的就是这个时间。"))
    before, target = booking.slot, held_slots([slot.pk])[slot.pk]
    stage_after(booking, "change")
    refuse_unbookable(act, target)
    if target.day.cycle_id != booking.case.cycle_id:
        raise Refusal(_("这个接待日不属于受理这件诉求的年度。"))
    take_or_wait(act, booking, target, None if waiting_of(target) else free_seat(target), verb="change")
    if before is not None:
        offer_free_places(act, before)
    act.record("reception.changed", booking, slot=target.pk, stage=booking.stage)
    return booking


@transaction.atomic
def ask_other_time(*, booking: Booking, actor: Doer, now: dt.datetime) -> Booking:
    """The time proposed does not suit: the office owes another one."""
    act, booking = Act(actor, now), held_booking(booking)
    _refuse_stranger(actor, booking)
    before = booking.slot
    stage_after(booking, "not_then")
    terms = first_terms(booking.case.cycle)
    booking.slot = booking.meet_on = booking.meet_at = None
    booking.answer_by = act.calendar_of(booking.case.cycle).add_workdays(
        act.today, terms.answer_workdays if terms else 5
    )
    act.move(
        booking,
        "not_then",
        told=say("您请求另约时间，工作人员会在 %(by)s 前答复。", by=booking.answer_by.isoformat()),
    )
    if before is not None:
        offer_free_places(act, before)
    act.record("reception.other_time_asked", booking)
    return booking
