"""Rooms of a home on a day, with what is still free of each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from guantong.grassroots.models import Home, RoomBooking
from guantong.grassroots.queries.rooms import free_spans
from guantong.grassroots.rules.hours import Span, shown


def in_words(spans: list[Span]) -> str:
    return "、".join(f"{shown(start)}—{shown(end)}" for start, end in spans)


def room_lines(home: Home, day: dt.date) -> list[dict[str, Any]]:
    """Two queries, whatever the number of rooms."""
    rooms = list(home.rooms.filter(closed_on__isnull=True).order_by("name"))
    taken: dict[int, list[RoomBooking]] = {}
    rows = RoomBooking.objects.filter(room__in=rooms, day=day, cancelled_at__isnull=True)
    for row in rows.order_by("starts_at"):
        taken.setdefault(row.room_id, []).append(row)
    found = []
    for room in rooms:
        room.home = home
        found.append({"room": room, "free": in_words(free_spans(room, day, taken.get(room.pk, [])))})
    return found
