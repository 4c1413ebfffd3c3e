"""A registered home in a street, its keeper, a room, and neighbours; what tests of homes share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.grassroots.models import Activity, Home, Room
from guantong.grassroots.operations.activities import plan_activity, record_activity
from guantong.grassroots.operations.homes import register_home
from guantong.grassroots.operations.rooms import open_room
from guantong.grassroots.rules.hours import Hours, hours_of, read_day
from guantong.organisation.models import Unit
from guantong.organisation.operations import open_unit

HOME_CODE = "150602001-H1"
NOW = at(4, 10)  # a Friday
TODAY = dt.date(2026, 4, 10)
MONDAY = dt.date(2026, 4, 13)
WEEKDAYS: Hours = hours_of({day: read_day("8:30-11:30 14:30-17:30") for day in range(1, 6)})


def keeper_of(city: City) -> Acting:
    return city.acting(HOME_CODE, "home_keeper")


def registered(city: City, **told: Any) -> Home:
    given = {"subkind": "township_home", "hours": WEEKDAYS, "contents": ["service", "study"]} | told
    return register_home(unit=city.units[HOME_CODE], actor=CONSOLE, now=at(1, 6), **given)


def room_of(home: Home, name: str = "议事室", places: int = 20) -> Room:
    return open_room(home=home, name=name, places=places, actor=CONSOLE, now=at(1, 6))


def another_home(city: City, parent: str, code: str, name: str, **told: Any) -> Home:
    """A home elsewhere, opened and registered."""
    above = Unit.objects.get(code=parent)
    unit = open_unit(
        code=code, name=name, kind="home", level=above.level, parent=above, on=dt.date(2025, 1, 1), actor=CONSOLE,
        now=at(1, 5),
    )  # fmt: skip
    given = {"subkind": "village_home", "hours": WEEKDAYS} | told
    return register_home(unit=unit, actor=CONSOLE, now=at(1, 6), **given)


def planned(city: City, home: Home, **changed: Any) -> Activity:
    keeper = keeper_of(city)
    given: dict[str, Any] = {
        "content": "study", "title": "政策宣讲", "day": MONDAY, "planned_by": keeper.office, "actor": keeper,
        "now": NOW, "cycle": city.cycle, "home": home,
    } | changed  # fmt: skip
    return plan_activity(**given)


def recorded(city: City, home: Home, **changed: Any) -> Activity:
    keeper = keeper_of(city)
    given: dict[str, Any] = {
        "content": "study", "title": "读书会", "day": dt.date(2026, 4, 9), "signed_in": 12,
        "planned_by": keeper.office, "actor": keeper, "now": NOW, "today": TODAY, "cycle": city.cycle, "home": home,
    } | changed  # fmt: skip
    return record_activity(**given)
