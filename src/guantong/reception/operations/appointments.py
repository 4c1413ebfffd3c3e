"""An appointment at any time, without a slot: asked for, then accepted, moved to another time, or declined.

Also the office proposing another time to anybody who has booked.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Applicant, Doer
from guantong.cases.codes import contact_mark
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.notices.said import say
from guantong.reception import rules
from guantong.reception.chain import stage_after
from guantong.reception.choices import BookingKind, BookingStage
from guantong.reception.limits import refuse_too_many
from guantong.reception.models import Booking, Slot
from guantong.reception.operations.acts import (
    Act,
    free_seat,
    held_booking,
    held_slots,
    moment,
    put_in,
    reason_given,
)
from guantong.reception.operations.bookings import (
    Said,
    held_cycle,
    open_case,
    refuse_nameless,
    refuse_unbookable,
)
from guantong.reception.operations.waiting import answer_until, offer_free_places, words_of
from guantong.reception.queries.waiting import waiting_of
from guantong.reception.terms import Terms, first_terms

ANSWER_HOURS = 72  # how long a proposed time stays open at least


@transaction.atomic
def ask_appointment(
    *,
    cycle: Cycle,
    host: Office,
    said: Said,
    actor: Doer,
    now: dt.datetime,
    submission_key: str | None = None,
) -> tuple[Booking, str]:
    """Ask an office for a meeting. It is answered within the package's working days; opens the preparatory case."""
    act, cycle = Act(actor, now), held_cycle(cycle)
    if submission_key and (earlier := Booking.objects.filter(submission_key=submission_key).first()):
        return earlier, ""
    refuse_nameless(said)
    terms = _terms(cycle, host)
    refuse_too_many(contact_mark(said.contact), cycle=cycle, terms=terms, day=None, now=now)
    case, code = open_case(cycle, said, actor=actor, now=now, host=host)
    if isinstance(actor, Applicant):
        act.actor = Applicant(case.pk)
    booking = Booking(
        kind=BookingKind.APPOINTMENT,
        case=case,
        host=host,
        asked_at=now,
        answer_by=act.calendar_of(cycle).add_workdays(act.today, terms.answer_workdays),
        submission_key=submission_key or None,
    )
    assert booking.answer_by is not None
    act.move(booking, "ask", told=say("已收到约访，最迟 %(by)s 答复。", by=booking.answer_by.isoformat()))
    act.record("reception.appointment_asked", booking, host=host.pk)
    return booking, code


def _terms(cycle: Cycle, host: Office) -> Terms:
    terms = first_terms(cycle)
    if terms is None or not terms.any_time:
        raise Refusal(_("本机制没有开通随时约访。"))
    if host.closed_on is not None or not rules.is_host_of(host, cycle, terms):
        raise Refusal(_("请从名单中选择约见的岗位。"))
    return terms


def _tended(booking: Booking, actor: Doer, now: dt.datetime, *more: Slot) -> tuple[Act, Booking]:
    act, booking = Act(actor, now), held_booking(booking, *more)
    if not rules.may_tend(actor, booking):
        raise Refusal(_("只有负责接待的岗位可以办理。"))
    return act, booking


def _refuse_bad_time(act: Act, cycle: Cycle, day: dt.date, time: dt.time, place: str) -> None:
    if moment(day, time) <= act.now:
        raise Refusal(_("约定的时间已经过去。"))
    if not calendar_for(day.year, cycle.unit_id).is_workday(day):
        raise Refusal(_("%(day)s 不是工作日，请另选一天。") % {"day": day})
    if not place.strip() or len(place.strip()) > 200:
        raise Refusal(_("请写明见面地点，不超过 200 字。"))


@transaction.atomic
def accept_appointment(
    *, booking: Booking, day: dt.date, time: dt.time, place: str, actor: Doer, now: dt.datetime
) -> Booking:
    """Agree to meet, at this time and place."""
    act, booking = _tended(booking, actor, now)
    stage_after(booking, "accept")
    _refuse_bad_time(act, booking.case.cycle, day, time, place)
    booking.meet_on, booking.meet_at, booking.place, booking.answer_by = day, time, place.strip(), None
    act.move(
        booking, "accept", told=say("约定 %(day)s %(time)s 见面。", day=day.isoformat(), time=f"{time:%H:%M}")
    )
    act.record("reception.appointment_accepted", booking, day=day)
    return booking


@transaction.atomic
def propose_time(
    *, booking: Booking, day: dt.date, time: dt.time, place: str, reason: str, actor: Doer, now: dt.datetime
) -> Booking:
    """Propose another time, outside any slot; a place held before is free for the next."""
    act, booking = _tended(booking, actor, now)
    stage_after(booking, "propose")
    _refuse_bad_time(act, booking.case.cycle, day, time, place)
    reason = reason_given(reason, _("请写明为什么另约时间，预约人会看到。"))
    before, booking.slot, booking.seat = booking.slot, None, None
    booking.meet_on, booking.meet_at, booking.place, booking.answer_by = day, time, place.strip(), None
    booking.open_until = min(act.now + dt.timedelta(hours=ANSWER_HOURS), moment(day, time))
    _proposed(act, booking, reason)
    if before is not None:
        offer_free_places(act, before)
    act.record("reception.time_proposed", booking, day=day)
    return booking


@transaction.atomic
def propose_slot(*, booking: Booking, slot: Slot, reason: str, actor: Doer, now: dt.datetime) -> Booking:
    """Propose a place on a reception day, which is held until the answer."""
    act, booking = _tended(booking, actor, now, slot)
    stage_after(booking, "propose")
    reason = reason_given(reason, _("请写明为什么另约时间，预约人会看到。"))
    before, target = booking.slot, held_slots([slot.pk])[slot.pk]
    refuse_unbookable(act, target)
    seat = None if waiting_of(target) else free_seat(target)
    if seat is None or booking.slot_id == target.pk:
        raise Refusal(_("这个时段没有空名额，请另选一个。"))
    put_in(booking, target, seat)
    booking.open_until = answer_until(act, target.day.day, hours=ANSWER_HOURS)
    _proposed(act, booking, reason)
    if before is not None:
        offer_free_places(act, before)
    act.record("reception.time_proposed", booking, slot=target.pk)
    return booking


def _proposed(act: Act, booking: Booking, reason: str) -> None:
    assert booking.meet_on is not None
    assert booking.meet_at is not None
    assert booking.open_until is not None
    act.move(
        booking,
        "propose",
        to=BookingStage.PROPOSED,
        told=say(
            "因%(reason)s，建议改在 %(day)s %(time)s 见面，请在 %(until)s 前确认，或另约时间。",
            reason=reason,
            day=booking.meet_on.isoformat(),
            time=f"{booking.meet_at:%H:%M}",
            until=words_of(booking.open_until),
        ),
    )


@transaction.atomic
def decline_appointment(*, booking: Booking, reason: str, actor: Doer, now: dt.datetime) -> Booking:
    """Say why no meeting can be arranged. The demand goes on as a case, with its own answer."""
    act, booking = _tended(booking, actor, now)
    stage_after(booking, "decline")
    reason = reason_given(reason, _("请写明不能安排的理由，预约人会看到。"))
    act.move(
        booking,
        "decline",
        told=say("没能安排见面：%(reason)s反映的事情照常办理和答复。", reason=_ended(reason)),
    )
    act.record("reception.appointment_declined", booking)
    return booking


def _ended(sentence: str) -> str:
    return sentence if sentence[-1] in "。！？.!?" else f"{sentence}。"
