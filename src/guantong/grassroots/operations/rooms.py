"""Rooms of a home and who uses them when. Two bookings never overlap: the room is held while they are compared."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.grassroots.models import Activity, Home, Room, RoomBooking
from guantong.grassroots.operations.homes import held_home
from guantong.grassroots.queries.homes import homes_near
from guantong.grassroots.rules import homes as home_rules
from guantong.grassroots.rules.homes import said
from guantong.grassroots.rules.hours import minutes, open_minutes_within, shown
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal

MOST_DAYS_AHEAD = 180
MOST_PLACES = 2000


@transaction.atomic
def open_room(*, home: Home, name: str, places: int, actor: Actor, now: dt.datetime) -> Room:
    """A room that can be booked. The same name again gives the first one back."""
    home = held_home(home, actor)
    name = said(name, most=100, missing=_("请写明房间名称。"), what=_("房间名称"))
    if not 1 <= places <= MOST_PLACES:
        raise Refusal(_("座位数须在 1 到 %(n)s 之间。") % {"n": MOST_PLACES})
    if earlier := Room.objects.filter(home=home, name=name, closed_on__isnull=True).first():
        return earlier
    room = Room.objects.create(home=home, name=name, places=places)
    audit.record(
        "grassroots.room_opened",
        target=room,
        actor=actor,
        at=now,
        payload={"home": home.pk, "places": places},
    )
    return room


@transaction.atomic
def close_room(*, room: Room, actor: Actor, now: dt.datetime) -> Room:
    """Take a room out of use from today on. Refused while somebody has it booked."""
    room = _held_room(room)
    home_rules.refuse_stranger(actor, room.home)
    if room.closed_on is not None:
        return room
    today = clock.today(now)
    if ahead := RoomBooking.objects.filter(room=room, cancelled_at__isnull=True, day__gte=today).count():
        raise Refusal(_("这间房还有 %(n)s 个预订，请先取消或等用完。") % {"n": ahead})
    room.closed_on = today
    room.save(update_fields=["closed_on"])
    audit.record("grassroots.room_closed", target=room, actor=actor, at=now, payload={"home": room.home_id})
    return room


def _held_room(room: Room) -> Room:
    return Room.objects.select_for_update(of=("self",)).select_related("home__unit").get(pk=room.pk)


@transaction.atomic
def book_room(
    *,
    room: Room,
    day: dt.date,
    starts_at: dt.time,
    ends_at: dt.time,
    purpose: str,
    booked_by: Office,
    actor: Actor,
    now: dt.datetime,
) -> RoomBooking:
    """An office of the home or of its neighbourhood takes an idle room. The same form twice is one booking."""
    if not home_rules.may_keep(actor, room.home) and not _is_near(room.home, booked_by, actor):
        raise Refusal(_("空闲房间供本苏木乡镇街道和本旗区的单位使用。"))
    purpose = said(purpose, most=200, missing=_("请写明用途。"), what=_("用途"))
    held = _held_room(room)
    earlier = RoomBooking.objects.filter(
        room=held, day=day, starts_at=starts_at, ends_at=ends_at, booked_by=booked_by, purpose=purpose,
        cancelled_at__isnull=True,
    ).first()  # fmt: skip
    if earlier:
        return earlier
    made = booked(
        room=held, day=day, starts_at=starts_at, ends_at=ends_at, purpose=purpose, office=booked_by, now=now
    )
    audit.record(
        "grassroots.room_booked",
        target=made,
        actor=actor,
        at=now,
        payload={"room": room.pk, "day": day, "from": shown(starts_at), "to": shown(ends_at)},
    )
    return made


def _is_near(home: Home, office: Office, actor: Actor) -> bool:
    """Whether the office acted for is the one that books, and the home is in its neighbourhood."""
    if not isinstance(actor, Acting) or actor.office_ref != office.pk or not actor.may("records.write"):
        return False
    return homes_near(office.unit).filter(pk=home.pk).exists()


def booked(
    *,
    room: Room,
    day: dt.date,
    starts_at: dt.time,
    ends_at: dt.time,
    purpose: str,
    office: Office,
    now: dt.datetime,
) -> RoomBooking:
    """Write the booking while the room is held. The caller logs it, and has asked whose it may be."""
    room = _held_room(room)
    home_rules.refuse_closed(room.home)
    today = clock.today(now)
    if room.closed_on is not None:
        raise Refusal(_("“%(room)s”已停用。") % {"room": room.name})
    if not today <= day <= today + dt.timedelta(days=MOST_DAYS_AHEAD):
        raise Refusal(_("请选择今天起 %(n)s 天以内的日期。") % {"n": MOST_DAYS_AHEAD})
    if ends_at <= starts_at:
        raise Refusal(_("结束时间须晚于开始时间。"))
    span = (starts_at, ends_at)
    if open_minutes_within(room.home.hours, day, span) < minutes(span):
        raise Refusal(_("房间在开放时间内使用，这段时间之家没有全部开放。"))
    taken = RoomBooking.objects.filter(
        room=room, day=day, cancelled_at__isnull=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).first()
    if taken:
        raise Refusal(
            _("%(start)s—%(end)s 已有人预订，请换个时间或换间房。")
            % {"start": shown(taken.starts_at), "end": shown(taken.ends_at)}
        )
    return RoomBooking.objects.create(
        room=room, day=day, starts_at=starts_at, ends_at=ends_at, booked_by=office, purpose=purpose, booked_at=now
    )  # fmt: skip


def put_back(booking: RoomBooking, now: dt.datetime) -> list[RoomBooking]:
    """Free the room again. The caller logs it. Returns what changed."""
    if booking.cancelled_at is not None:
        return []
    booking.cancelled_at = now
    booking.save(update_fields=["cancelled_at"])
    return [booking]


@transaction.atomic
def cancel_booking(*, booking: RoomBooking, actor: Actor, now: dt.datetime) -> RoomBooking:
    """By the office that booked, or by whoever keeps the home. Cancelling twice changes nothing."""
    _held_room(booking.room)
    booking = RoomBooking.objects.select_related("room__home__unit").get(pk=booking.pk)
    if not home_rules.may_keep(actor, booking.room.home) and booking.booked_by_id != actor.office_ref:
        raise Refusal(_("预订由预订的岗位或之家取消。"))
    if booking.cancelled_at is not None:
        return booking
    if booking.day < clock.today(now):
        raise Refusal(_("已经过去的预订不能取消。"))
    if Activity.objects.filter(booking=booking).exists():
        raise Refusal(_("这个时间安排了活动，请在活动页取消活动。"))
    put_back(booking, now)
    audit.record(
        "grassroots.room_freed", target=booking, actor=actor, at=now, payload={"room": booking.room_id}
    )
    return booking
