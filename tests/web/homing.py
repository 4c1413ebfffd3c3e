"""At a unit a home with one object each, for the permission table, and another that is not registered yet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from conftest import CONSOLE, START
from guantong.accounts.models import Office
from guantong.grassroots.activity_codes import code_for, digest_for
from guantong.grassroots.models import Activity, Home, HomeHost, Room, RoomBooking
from guantong.organisation.models import Unit
from guantong.organisation.operations import open_unit

if TYPE_CHECKING:
    from web.permissions import World

DAY = dt.date(2099, 3, 2)


def home_at(world: World, office: Office) -> None:
    """A home below the unit with a host, a room, a booking by another office, and a planned activity."""
    unit = office.unit
    home = Home.objects.create(
        unit=_opened(unit, "X1"), hours=[{"day": 1, "from": "08:00", "to": "18:00"}], registered_at=START
    )
    host = HomeHost.objects.create(home=home, kind="community", starts_on=dt.date(2026, 1, 1))
    room = Room.objects.create(home=home, name="议事室", places=20)
    booking = RoomBooking.objects.create(
        room=room, day=DAY, starts_at=dt.time(9), ends_at=dt.time(10), booked_at=START, purpose="议事会",
        booked_by=world.city.office("1506-LG", "group_head"),  # nobody of the cast
    )  # fmt: skip
    activity = Activity.objects.create(
        cycle=world.cycle_of(unit.code), home=home, content="study", title="宣讲", day=DAY, planned_by=office
    )
    activity.sign_code_digest = digest_for(activity)
    activity.save()
    for kind, row in (
        ("a_home", home), ("home_host", host), ("room", room), ("room_booking", booking), ("activity", activity),
    ):  # fmt: skip
        world.put(kind, unit.code, row.pk)
    world.put("new_home", unit.code, _opened(unit, "X2").pk)
    world.put("activity_code", "own", code_for(activity))
    world.put("activity_code", "other", "a" * 16)


def _opened(above: Unit, number: str) -> Unit:
    return open_unit(
        code=f"{above.code}-{number}", name=f"{above.name}之家{number}", kind="home", level=above.level, parent=above,
        on=dt.date(2025, 1, 1), actor=CONSOLE, now=START,
    )  # fmt: skip


def is_near(world: World, scope: str, code: str) -> bool:
    """Whether the unit lies in the county of another, or, where that has none, below the unit above it."""
    at: Unit | None = world.units[scope]
    above = world.units[scope].parent
    while at is not None and at.level != "county":
        at = at.parent
    around, unit = at or above, world.units.get(code)
    while unit is not None and unit != around:
        unit = unit.parent
    return unit is not None
