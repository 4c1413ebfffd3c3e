"""Freed places go to whoever is next on the waiting list."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from guantong.notices.said import say
from guantong.reception.models import Booking, Slot
from guantong.reception.operations.acts import Act, free_seat, moment
from guantong.reception.queries.waiting import seeds_of, waiting_of
from guantong.reception.terms import terms_for
from guantong.reception.waiting import in_line


def offer_free_places(act: Act, slot: Slot) -> list[Booking]:
    """Offer every free place of a held slot to whoever is next, as far as the order is decided.

    Nothing is offered on the day itself, nor for a day that is not open.
    """
    day = slot.day
    if not day.is_open or day.day <= act.today:
        return []
    seat, offered = free_seat(slot), []
    if seat is None or not (rows := waiting_of(slot)):
        return []
    line = in_line(rows, {known: seed.value for known, seed in seeds_of(rows).items()})
    bookings = Booking.objects.in_bulk([each.number for each in line])
    for each in line:
        if seat is None:
            break
        offered.append(_offer(act, bookings[each.number], slot, seat))
        seat = free_seat(slot)
    return offered


def _offer(act: Act, booking: Booking, slot: Slot, seat: int) -> Booking:
    booking.slot, booking.seat = slot, seat
    booking.open_until = answer_until(
        act, slot.day.day, hours=terms_for(slot.day.cycle, slot.day.rule).offer_hours
    )
    act.move(
        booking,
        "offer",
        told=say(
            "候补到了名额，请在 %(until)s 前确认；逾期名额转给下一位。", until=words_of(booking.open_until)
        ),
    )
    return booking


def answer_until(act: Act, day: dt.date, *, hours: int) -> dt.datetime:
    """So many hours from now, at most until the evening before the day."""
    return min(act.now + dt.timedelta(hours=hours), moment(day, dt.time.min))


def words_of(instant: dt.datetime) -> str:
    """An instant on the clocks of the installation."""
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}"
