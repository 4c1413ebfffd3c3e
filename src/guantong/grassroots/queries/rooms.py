"""Rooms: which are idle at an hour, in sight or in the neighbourhood, and how a day of one is taken."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.grassroots.models import Room, RoomBooking
from guantong.grassroots.queries.homes import homes_open_to, homes_visible_to
from guantong.grassroots.rules.hours import Span, minutes, open_minutes_within, spans_on


def rooms_offered_to(acting: Actor) -> QuerySet[Room]:
    """Rooms in use of homes in sight, and of open homes in the neighbourhood of the office acted for."""
    homes = homes_open_to(acting).order_by().values("pk")
    return Room.objects.filter(
        home__in=homes, closed_on__isnull=True, home__unit__closed_on__isnull=True
    ).select_related("home__unit__parent")


def bookings_visible_to(acting: Actor) -> QuerySet[RoomBooking]:
    """Bookings of rooms in sight, and those of the office acted for."""
    found = RoomBooking.objects.select_related("room__home__unit", "booked_by__unit")
    if not isinstance(acting, Acting):
        return found
    homes = homes_visible_to(acting).values("pk")
    return found.filter(Q(room__home__in=homes) | Q(booked_by=acting.office_ref))


def bookings_on(room: Room, day: dt.date) -> QuerySet[RoomBooking]:
    """What stands on the day, the earliest first."""
    rows = RoomBooking.objects.filter(room=room, day=day, cancelled_at__isnull=True)
    return rows.select_related("booked_by__unit", "activity").order_by("starts_at", "pk")


def idle_rooms(acting: Actor, *, day: dt.date, span: Span, places: int = 0) -> list[Room]:
    """Rooms offered that are open for the whole stretch and that nobody has; the nearest first. Two queries."""
    rooms = rooms_offered_to(acting).filter(places__gte=places).order_by("home__unit__path", "name")
    wanted = [room for room in rooms if open_minutes_within(room.home.hours, day, span) == minutes(span) > 0]
    taken = set(
        RoomBooking.objects.filter(
            room__in=[room.pk for room in wanted],
            day=day,
            cancelled_at__isnull=True,
            starts_at__lt=span[1],
            ends_at__gt=span[0],
        ).values_list("room", flat=True)
    )
    return sorted((room for room in wanted if room.pk not in taken), key=lambda room: _distance(acting, room))


def _distance(acting: Actor, room: Room) -> int:
    """By how little of the tree the room's home shares with the office acted for."""
    here = acting.office.unit.path if isinstance(acting, Acting) and acting.office else ""
    there = room.home.unit.path
    shared = next((i for i, (one, other) in enumerate(zip(here, there, strict=False)) if one != other), None)
    return -(min(len(here), len(there)) if shared is None else shared)


def free_spans(room: Room, day: dt.date, bookings: list[RoomBooking]) -> list[Span]:
    """When the room is open and nobody has it; ``bookings`` are those of the day in order."""
    found = []
    for start, end in spans_on(room.home.hours, day):
        at = start
        for booking in bookings:
            if booking.ends_at <= at or booking.starts_at >= end:
                continue
            if booking.starts_at > at:
                found.append((at, booking.starts_at))
            at = max(at, booking.ends_at)
        if at < end:
            found.append((at, end))
    return found
