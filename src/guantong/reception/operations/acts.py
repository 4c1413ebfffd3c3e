"""What every operation here shares: rows held as they are now, each move kept, one log row at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.accounts.acts import Doing
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Doer
from guantong.kernel.refusals import Refusal
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.models import Cycle
from guantong.notices.said import Said
from guantong.reception import chain
from guantong.reception.choices import TAKES_PLACE
from guantong.reception.models import Booking, BookingStep, ReceptionDay, Slot

LONGEST = 300  # characters of a reason and of what the applicant is told
WITH_DAY = ("cycle__stored", "cycle__unit", "host__unit", "host__scope", "stand_in__unit")


@dataclass
class Act(Doing):
    """One operation: who acts, when, and every tracked row it changes, so that the log speaks of them all."""

    actor: Doer
    now: dt.datetime
    _changed: dict[tuple[str, int], models.Model] = field(default_factory=dict)

    def calendar_of(self, cycle: Cycle) -> WorkdayCalendar:
        return calendar_for(self.today.year, cycle.unit_id)

    def move(self, booking: Booking, verb: str, *, to: str = "", told: Said = "") -> BookingStep:
        """Move the booking along the chain and keep the step; refuses from a stage the table does not name.

        A place is given up with the last stage that takes one; only an offer or a proposal stays open until a moment.
        """
        before, booking.stage = booking.stage, chain.stage_after(booking, verb, to)
        if booking.stage not in TAKES_PLACE:
            booking.seat = None
        if booking.stage not in chain.OPEN_FOR_AN_ANSWER:
            booking.open_until = None
        booking.save()
        step = BookingStep.objects.create(
            booking=booking,
            verb=verb,
            before=before,
            after=booking.stage,
            told=told,
            office=self.office,
            person=self.person,
            taken_at=self.now,
        )
        self.changed(booking, step)
        return step

    def record(self, verb: str, target: models.Model, **payload: Any) -> None:
        """The one log row of the operation. Nothing anybody said goes into it."""
        rows = self.besides(target)
        audit.record(verb, target=target, actor=self.actor, at=self.now, payload=payload, states=rows)


def held_slot(slot: Slot) -> Slot:
    """The slot held until the transaction ends, with its day as it is now: a day is read after the wait, not before."""
    found = Slot.objects.select_for_update().get(pk=slot.pk)
    found.day = ReceptionDay.objects.select_related(*WITH_DAY).get(pk=found.day_id)
    return found


def held_slots(keys: Iterable[int]) -> dict[int, Slot]:
    """Many of them, always in the same order, so that nobody waits for each other in a ring."""
    found = {
        each.pk: each for each in Slot.objects.select_for_update().filter(pk__in=set(keys)).order_by("pk")
    }
    days = ReceptionDay.objects.select_related(*WITH_DAY).in_bulk({each.day_id for each in found.values()})
    for each in found.values():
        each.day = days[each.day_id]
    return found


def held_day(day: ReceptionDay) -> ReceptionDay:
    """The day held, and with it all its slots: nobody books while it changes."""
    list(Slot.objects.select_for_update().filter(day=day).order_by("pk"))
    return ReceptionDay.objects.select_for_update(of=("self",)).select_related(*WITH_DAY).get(pk=day.pk)


def held_booking(booking: Booking, *more: Slot) -> Booking:
    """The booking as it is now, its slot held, and any other slots it may go to."""
    slot_id = Booking.objects.values_list("slot_id", flat=True).get(pk=booking.pk)
    slots = held_slots([*([slot_id] if slot_id else []), *(each.pk for each in more)])
    found = (
        Booking.objects.select_for_update(of=("self",))
        .select_related(
            "host__unit", "host__scope", "case__cycle__stored", "case__cycle__unit", "case__against"
        )
        .get(pk=booking.pk)
    )
    if found.slot_id != slot_id:
        raise Refusal(_("这个预约刚刚有变化，请刷新后再试。"))
    if found.slot_id:
        found.slot = slots[found.slot_id]
    return found


def free_seat(slot: Slot) -> int | None:
    """The lowest place nobody has. Asked with the slot held."""
    taken = set(Booking.objects.filter(slot=slot, seat__isnull=False).values_list("seat", flat=True))
    return next((seat for seat in range(1, slot.capacity + 1) if seat not in taken), None)


def put_in(booking: Booking, slot: Slot, seat: int | None) -> None:
    """Write the slot on the booking in memory: its time and place are the slot's."""
    day = slot.day
    booking.slot, booking.seat, booking.host = slot, seat, day.receiver
    booking.meet_on, booking.meet_at, booking.place = day.day, slot.starts_at, ""
    booking.answer_by = None


def moment(day: dt.date, time: dt.time) -> dt.datetime:
    """A day and a time of the installation's zone as an instant."""
    return timezone.make_aware(dt.datetime.combine(day, time))


def reason_given(reason: str, sentence: object) -> str:
    """The reason without blanks around it, or the refusal that asks for one."""
    reason = reason.strip()
    if not reason:
        raise Refusal(sentence)
    if len(reason) > LONGEST:
        raise Refusal(_("最多 %(most)s 字，现有 %(n)s 字。") % {"most": LONGEST, "n": len(reason)})
    return reason
