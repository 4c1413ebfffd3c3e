"""Booking a place on a reception day, for a new demand or an open one. The capacity holds: see `held_slot`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.cases.applicant import Applicant, Doer
from guantong.cases.chain import ENDED_STAGES
from guantong.cases.choices import Channel
from guantong.cases.codes import contact_mark
from guantong.cases.models import Case
from guantong.cases.operations import register_case, registering_unit
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.notices.said import say
from guantong.organisation.models import Unit
from guantong.reception.choices import LIVE, BookingKind, BookingStage
from guantong.reception.limits import refuse_too_many
from guantong.reception.models import Booking, Slot
from guantong.reception.operations.acts import Act, free_seat, held_slot, put_in
from guantong.reception.terms import terms_for


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody types to book: who they are, as they like to be called, how they are reached, what it is about,
    and whom it is against, where it is against a unit: neither it nor anything below it is told."""

    name: str
    contact: str
    kind: str
    wording: str
    channel: str = Channel.WEB
    against: Unit | None = None


def refuse_nameless(said: Said) -> None:
    """Whoever meets somebody is called and can be reached; nothing else is asked, and nothing proven."""
    if not said.name.strip() or not said.contact.strip():
        raise Refusal(_("预约请留下称呼和联系方式，以便通知时间变化。"))


@transaction.atomic
def book_slot(
    *, slot: Slot, said: Said, actor: Doer, now: dt.datetime, submission_key: str | None = None
) -> tuple[Booking, str]:
    """Book a place, or wait for one where the slot is full. Opens the preparatory case; returns its code, shown once.

    The same ``submission_key`` again gives the first booking back, without the code.
    """
    act, slot = Act(actor, now), held_slot(slot)
    if submission_key and (earlier := Booking.objects.filter(submission_key=submission_key).first()):
        return earlier, ""
    refuse_nameless(said)
    refuse_unbookable(act, slot)
    day = slot.day
    seat = None if _somebody_waits(slot) else free_seat(slot)
    cycle = held_cycle(day.cycle)
    refuse_too_many(
        contact_mark(said.contact), cycle=cycle, terms=terms_for(cycle, day.rule), day=day, now=now
    )
    case, code = open_case(cycle, said, actor=actor, now=now, host=day.receiver)
    if isinstance(actor, Applicant):
        act.actor = Applicant(case.pk)
    booking = Booking(kind=BookingKind.FIXED, case=case, asked_at=now, submission_key=submission_key or None)
    take_or_wait(act, booking, slot, seat)
    act.record("reception.booked", booking, slot=slot.pk, stage=booking.stage)
    return booking, code


@transaction.atomic
def book_again(*, case: Case, slot: Slot, actor: Doer, now: dt.datetime) -> Booking:
    """Another meeting about a case that is still open and has no open booking: after a no-show, or an offer missed."""
    act, slot = Act(actor, now), held_slot(slot)
    refuse_unbookable(act, slot)
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("cycle__stored", "against")
        .get(pk=case.pk)
    )
    if case.stage in ENDED_STAGES:
        raise Refusal(_("这件诉求已经办结或转出，请提交新的预约。"))
    if slot.day.cycle_id != case.cycle_id:
        raise Refusal(_("这个接待日不属于受理这件诉求的年度。"))
    if Booking.objects.filter(case=case, stage__in=LIVE).exists():
        raise Refusal(_("已经有一个没有办完的预约，请直接改约。"))
    seat = None if _somebody_waits(slot) else free_seat(slot)
    booking = Booking(kind=BookingKind.FIXED, case=case, asked_at=now)
    take_or_wait(act, booking, slot, seat)
    act.record("reception.booked", booking, slot=slot.pk, stage=booking.stage)
    return booking


def refuse_unbookable(act: Act, slot: Slot) -> None:
    """Only an open, public day that is still to come takes bookings; its list closes the evening before."""
    if not slot.day.is_open:
        raise Refusal(_("这个接待日没有开放预约，请另选一天。"))
    if slot.day.day <= act.today:
        raise Refusal(_("接待日当天不再接受网上预约，可以直接到接待地点。"))


def held_cycle(cycle: Cycle) -> Cycle:
    """The cycle held, as registering a case holds it: bookings of one contact at once are counted in turn."""
    return (
        Cycle.objects.select_for_update(of=("self",), no_key=True)
        .select_related("stored", "unit")
        .get(pk=cycle.pk)
    )


def open_case(cycle: Cycle, said: Said, **more: Any) -> tuple[Case, str]:
    """The case that prepares the meeting, carried by whoever receives."""
    return register_case(
        cycle=cycle,
        unit=registering_unit(cycle, against=said.against),
        against=said.against,
        kind=said.kind,
        channel=said.channel,
        wording=said.wording,
        name=said.name,
        contact=said.contact,
        **more,
    )


def _somebody_waits(slot: Slot) -> bool:
    """A free place belongs to whoever waits, not to whoever comes along."""
    return Booking.objects.filter(slot=slot, stage=BookingStage.WAITING).exists()


def take_or_wait(act: Act, booking: Booking, slot: Slot, seat: int | None, *, verb: str = "") -> None:
    """Put the booking in the held slot: on the seat, or on the waiting list where there is none."""
    put_in(booking, slot, seat)
    booking.waits_since = None if seat else act.now
    where = {"day": slot.day.day.isoformat(), "time": f"{slot.starts_at:%H:%M}"}
    act.move(
        booking,
        verb or ("book" if seat else "wait"),
        to=BookingStage.BOOKED if seat else BookingStage.WAITING,
        told=say("约定 %(day)s %(time)s 见面。", **where)
        if seat
        else say("%(day)s %(time)s 已约满，进入候补；有了名额会在这里通知您确认。", **where),
    )
