"""The day itself: who came, who did not, whoever walked in, and the one record of work it becomes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.cases.applicant import Doer
from guantong.cases.choices import Channel
from guantong.cases.operations import register_case, registering_unit
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.notices.said import say
from guantong.reception import rules
from guantong.reception.choices import BookingKind, BookingStage
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.operations.acts import Act, held_booking, held_day
from guantong.reception.operations.bookings import Said, held_cycle
from guantong.reception.operations.recording import record_of
from guantong.reception.terms import first_terms


def day_of(office: Office, on: dt.date) -> ReceptionDay | None:
    """The reception day that an office holds on a date, in its own turn or in another's."""
    return (
        ReceptionDay.objects.filter(day=on, published_at__isnull=False, cancelled_at__isnull=True)
        .filter(Q(host=office, stand_in__isnull=True) | Q(stand_in=office))
        .first()
    )


@transaction.atomic
def check_in(*, booking: Booking, came: bool, actor: Doer, now: dt.datetime) -> Booking:
    """Note that somebody came, or did not. Either may be put right until the day is written down.

    An appointment outside any reception day becomes a record of work at once.
    """
    act, booking = Act(actor, now), held_booking(booking)
    if not rules.may_tend(actor, booking):
        raise Refusal(_("只有负责接待的岗位可以办理。"))
    wanted = BookingStage.MET if came else BookingStage.MISSED
    if booking.stage == wanted:
        return booking
    if booking.meet_on is None or booking.meet_on > act.today:
        raise Refusal(_("还没有到约定的日子。"))
    day = booking.slot.day if booking.slot else day_of(booking.host, booking.meet_on)
    if booking.record_id or (day is not None and day.record_id):
        raise Refusal(_("这一天的接待已经登记，不能再改。"))
    act.move(
        booking,
        "meet" if came else "miss",
        told=say("已接待。") if came else say("没有等到您，可以重新预约。"),
    )
    if came and day is None:
        booking.record = record_of(act, booking.host, booking.meet_on, place=booking.place)
        booking.save(update_fields=["record"])
    act.record("reception.checked_in", booking, came=came)
    return booking


@transaction.atomic
def record_walk_in(
    *,
    cycle: Cycle,
    host: Office,
    on: dt.date,
    said: Said,
    actor: Doer,
    now: dt.datetime,
    anonymous: bool = False,
    submission_key: str | None = None,
) -> tuple[Booking, str]:
    """Write down afterwards that somebody came without booking. Their demand is a case like any other."""
    act, cycle = Act(actor, now), held_cycle(cycle)
    if submission_key and (earlier := Booking.objects.filter(submission_key=submission_key).first()):
        return earlier, ""
    terms = first_terms(cycle)
    mine = act.office is not None and act.office.pk == host.pk and actor.may("reception.host")
    if terms is None or not terms.walk_in or not (mine or rules.may_run(actor, host.unit)):
        raise Refusal(_("只有负责接待的岗位可以补记来访。"))
    if not rules.may_receive(host) or not host.unit.path.startswith(cycle.unit.path):
        raise Refusal(_("请从名单中选择接待的岗位。"))
    if not dt.date(cycle.year, 1, 1) <= on <= act.today:
        raise Refusal(_("来访日期应在本年度内，且不晚于今天。"))
    case, code = register_case(
        cycle=cycle, unit=registering_unit(cycle), kind=said.kind, channel=Channel.RECEPTION, wording=said.wording,
        name=said.name, contact=said.contact, anonymous=anonymous, host=host, received_on=on, actor=actor, now=now,
    )  # fmt: skip
    booking = Booking(
        kind=BookingKind.WALK_IN,
        case=case,
        host=host,
        asked_at=now,
        meet_on=on,
        submission_key=submission_key or None,
    )
    day = day_of(host, on)
    if day is None or day.record_id:
        booking.record = day.record if day else record_of(act, host, on)
    act.move(booking, "walk_in", told=say("已接待。"))
    act.record("reception.walk_in_recorded", booking, host=host.pk, day=on)
    return booking, code


@transaction.atomic
def close_day(*, day: ReceptionDay, actor: Doer, now: dt.datetime, note: str = "") -> ReceptionDay:
    """Write the day down: one record of work for whoever received, which claims their duty. Whoever was not checked in
    did not come. Twice is once."""
    act, day = Act(actor, now), held_day(day)
    if not rules.may_hold(actor, day):
        raise Refusal(_("只有接待的岗位或统筹协调单位可以登记。"))
    if day.record_id:
        return day
    if day.published_at is None or day.cancelled_at or day.day > act.today:
        raise Refusal(_("公布过并且已经开始的接待日才能登记。"))
    if len(note.strip()) > 500:
        raise Refusal(_("补充说明最多 500 字。"))
    met = _settled(act, day)
    day.record, day.held_on = (
        record_of(act, day.receiver, day.day, place=day.place, day=day, note=note.strip()),
        day.day,
    )
    day.save(update_fields=["record", "held_on"])
    for booking in met:
        booking.record = day.record
        booking.save(update_fields=["record"])
        act.changed(booking)
    act.record("reception.day_held", day, met=len(met))
    return day


def bookings_of(day: ReceptionDay) -> list[Booking]:
    """Everybody who belongs to the day: those with a place, appointments and walk-ins with its receiver."""
    beside = Q(slot__isnull=True, host=day.receiver, meet_on=day.day)
    return list(
        Booking.objects.select_for_update(of=("self",))
        .filter(Q(slot__day=day) | beside)
        .select_related("slot", "case__cycle", "case__against", "host__unit")
        .order_by("meet_at", "seat", "pk")
    )


def _settled(act: Act, day: ReceptionDay) -> list[Booking]:
    """Mark whoever did not come or still waits; returns those who were met."""
    rows = bookings_of(day)
    for booking in rows:
        if booking.stage == BookingStage.BOOKED:
            act.move(booking, "miss", told=say("没有等到您，可以重新预约。"))
        elif booking.stage in (BookingStage.OFFERED, BookingStage.PROPOSED) and booking.slot_id:
            act.move(booking, "lapse", told=say("没有在期限前确认，可以重新预约。"))
        elif booking.stage == BookingStage.WAITING:
            act.move(booking, "run_out", told=say("这个时段没有腾出名额，候补结束，可以另选时间。"))
    return [each for each in rows if each.stage == BookingStage.MET and not each.record_id]
