"""Rooms of homes, and who has them when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from guantong.api.shapes.common import Id, OfficeRef, UnitRef
from guantong.api.shapes.terms import Text


@dataclass(frozen=True, slots=True)
class Room:
    """A room in use of a home in sight or near."""

    id: int
    home: int
    unit: UnitRef
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class Booking:
    """``activity`` is what it was booked for, where one was planned."""

    id: int
    room: int
    home: int
    day: dt.date
    starts_at: dt.time
    ends_at: dt.time
    purpose: str
    booked_by: OfficeRef
    cancelled: bool
    activity: int | None


@dataclass(frozen=True, slots=True)
class NewBooking:
    """An hour of a room, within the hours of its home."""

    room: Id
    day: dt.date
    starts_at: dt.time
    ends_at: dt.time
    purpose: Annotated[str, Text(1, 200)]
