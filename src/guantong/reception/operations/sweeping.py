"""The worker's round: offers that lapse, demands solved before the day, places for whoever is next. Harmless to repeat."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from guantong.accounts.acting import Actor
from guantong.cases.choices import CaseStage
from guantong.cases.models import Closure
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle
from guantong.notices.said import say
from guantong.reception.choices import LIVE, BookingStage
from guantong.reception.models import Booking, Slot
from guantong.reception.operations.acts import Act, held_booking, held_slot
from guantong.reception.operations.layout import settle_provisional_days
from guantong.reception.operations.waiting import offer_free_places
from guantong.reception.queries.days import bookable_slots


def sweep_bookings(*, cycle: Cycle, now: dt.datetime, actor: Actor) -> dict[str, int]:
    """What time and the cases changed in a cycle; returns how many of each."""
    return {
        "lapsed": _each(_lapsed(cycle, now), _lapse, now=now, actor=actor),
        "solved": _each(_solved(cycle), _solve, now=now, actor=actor),
        "run_out": _each(_run_out(cycle, now), _end_waiting, now=now, actor=actor),
        "offered": sum(_offer(slot, now=now, actor=actor) for slot in _with_a_waiting_list(cycle, now)),
        "settled": len(settle_provisional_days(cycle=cycle, actor=actor, now=now)),
    }


class Change(Protocol):
    """One booking changed in a transaction of its own; 0 where it had moved on by itself."""

    def __call__(self, booking: Booking, *, now: dt.datetime, actor: Actor) -> int: ...


def _each(bookings: QuerySet[Booking], change: Change, *, now: dt.datetime, actor: Actor) -> int:
    return sum(change(each, now=now, actor=actor) for each in bookings)


def _of(cycle: Cycle) -> QuerySet[Booking]:
    return Booking.objects.filter(case__cycle=cycle).select_related("slot").order_by("pk")


def _lapsed(cycle: Cycle, now: dt.datetime) -> QuerySet[Booking]:
    return _of(cycle).filter(open_until__lte=now, stage__in=(BookingStage.OFFERED, BookingStage.PROPOSED))


def _solved(cycle: Cycle) -> QuerySet[Booking]:
    """Closed at the applicant's word, or withdrawn by them. A one-sided closing takes nobody's meeting away."""
    agreed = Closure.objects.filter(
        case=OuterRef("case"), round=OuterRef("case__reopened") + 1, one_sided=False
    )
    ended = Q(case__stage=CaseStage.WITHDRAWN) | (Q(case__stage=CaseStage.CLOSED) & Exists(agreed))
    return _of(cycle).filter(ended, stage__in=LIVE)


def _run_out(cycle: Cycle, now: dt.datetime) -> QuerySet[Booking]:
    return _of(cycle).filter(stage=BookingStage.WAITING, slot__day__day__lte=clock.today(now))


def _with_a_waiting_list(cycle: Cycle, now: dt.datetime) -> list[Slot]:
    slots = bookable_slots(after=clock.today(now)).filter(
        day__cycle=cycle, bookings__stage=BookingStage.WAITING
    )
    return list(slots.distinct().order_by("pk"))


def _lapse(booking: Booking, *, now: dt.datetime, actor: Actor) -> int:
    with transaction.atomic():
        act, booking = Act(actor, now), held_booking(booking)
        if booking.open_until is None or booking.open_until > now:
            return 0
        act.move(booking, "lapse", told=say("没有在期限前确认，可以重新预约。"))
        if booking.slot is not None:
            offer_free_places(act, booking.slot)
        act.record("reception.lapsed", booking)
    return 1


def _solve(booking: Booking, *, now: dt.datetime, actor: Actor) -> int:
    """The place is offered on; a demand that was withdrawn counts as cancelled, not as solved."""
    with transaction.atomic():
        act, booking = Act(actor, now), held_booking(booking)
        if booking.stage not in LIVE:
            return 0
        if booking.case.stage == CaseStage.WITHDRAWN:
            act.move(booking, "cancel", told=say("诉求已撤回，预约随之取消。"))
        else:
            act.move(booking, "solve", told=say("事情已经解决，不用再跑一趟；名额让给了下一位。"))
        if booking.slot is not None:
            offer_free_places(act, booking.slot)
        act.record("reception.solved_before", booking, stage=booking.stage)
    return 1


def _end_waiting(booking: Booking, *, now: dt.datetime, actor: Actor) -> int:
    with transaction.atomic():
        act, booking = Act(actor, now), held_booking(booking)
        if booking.stage != BookingStage.WAITING:
            return 0
        act.move(booking, "run_out", told=say("这个时段没有腾出名额，候补结束，可以另选时间。"))
        act.record("reception.waiting_ended", booking)
    return 1


def _offer(slot: Slot, *, now: dt.datetime, actor: Actor) -> int:
    with transaction.atomic():
        act, slot = Act(actor, now), held_slot(slot)
        offered = offer_free_places(act, slot)
        if offered:
            act.record("reception.places_offered", slot, places=len(offered))
    return len(offered)
