"""Rooms of homes and their bookings."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One, Write, plainly
from guantong.api.contract.page_acts import acts_on, done_to, typed
from guantong.api.resources.common import BUSINESS, office_ref, unit_ref
from guantong.api.shapes import queries as asked
from guantong.api.shapes.acts import NewMove
from guantong.api.shapes.common import Page
from guantong.api.shapes.rooms import Booking, NewBooking, Room
from guantong.grassroots import models
from guantong.grassroots.activity_forms import BookingForm
from guantong.grassroots.operations import rooms as operations
from guantong.grassroots.queries.rooms import bookings_visible_to, rooms_offered_to
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import valid


def _rooms(call: Call) -> QuerySet[models.Room]:
    found = rooms_offered_to(call.acting)
    return found if call.query.home is None else found.filter(home=call.query.home)


def room(row: models.Room) -> Room:
    return Room(id=row.pk, home=row.home_id, unit=unit_ref(row.home.unit), name=row.name, places=row.places)


def _visible(call: Call) -> QuerySet[models.RoomBooking]:
    return bookings_visible_to(call.acting).select_related("activity")


def _bookings(call: Call) -> QuerySet[models.RoomBooking]:
    found, wanted = _visible(call), call.query
    if wanted.room is not None:
        found = found.filter(room=wanted.room)
    if wanted.day_from is not None:
        found = found.filter(day__gte=wanted.day_from)
    return found if wanted.day_to is None else found.filter(day__lte=wanted.day_to)


def booking(row: models.RoomBooking) -> Booking:
    planned: Any = getattr(row, "activity", None)
    return Booking(
        id=row.pk, room=row.room_id, home=row.room.home_id, day=row.day, starts_at=row.starts_at,
        ends_at=row.ends_at, purpose=row.purpose, booked_by=office_ref(row.booked_by),
        cancelled=row.cancelled_at is not None, activity=planned.pk if planned else None,
    )  # fmt: skip


def _booked(call: Call) -> models.RoomBooking:
    sent = cast(NewBooking, call.body)
    there = rooms_offered_to(call.acting).filter(pk=sent.room).first()
    if there is None:
        raise Refusal(gettext("没有编号为 %(id)s 的房间。") % {"id": sent.room})
    given = valid(BookingForm(typed(sent)))
    return operations.book_room(room=there, booked_by=call.office, actor=call.acting, now=call.now, **given)


ROOMS = Many(
    name="listRooms", summary=_("可以预订的房间"), function=BUSINESS, answers=Page[Room], query=asked.Rooms,
    found=_rooms, show=room,
)  # fmt: skip
ROOM = One(
    name="getRoom", summary=_("一间房"), function=BUSINESS, answers=Room,
    found=lambda call: rooms_offered_to(call.acting), show=plainly(room),
)  # fmt: skip
BOOKINGS = Many(
    name="listBookings", summary=_("看得到的之家的房间预订，和本岗位的预订"), function=BUSINESS,
    answers=Page[Booking], query=asked.Bookings, found=_bookings, show=booking,
)  # fmt: skip
BOOKING = One(
    name="getBooking", summary=_("一个房间预订"), function=BUSINESS, answers=Booking, found=_visible,
    show=plainly(booking),
)  # fmt: skip
NEW_BOOKING = Write(
    name="bookRoom", summary=_("预订房间"), function="records.write", answers=Booking, body=NewBooking,
    do=_booked, one=BOOKING, leads_to="api-booking",
)  # fmt: skip
_act = acts_on(BOOKING, "api-booking", "records.write")
CANCELLATION = _act(
    "cancelBooking", _("取消房间预订"), NewMove, done_to(BOOKING, "booking", operations.cancel_booking)
)
