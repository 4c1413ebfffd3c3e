"""Who writes quick records in the tests, and what they send."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.grassroots.models import Home
from guantong.grassroots.operations.catalogue import take_built_in_catalogue
from guantong.grassroots.operations.homes import register_home

DAY = dt.date(2026, 4, 10)
NOW = at(4, 10)
VILLAGE, TOWNSHIP, HOME = "150602001001", "150602001", "150602001-H1"


def liaison(city: City) -> Acting:
    return city.acting(VILLAGE, "liaison")


def commissioner(city: City) -> Acting:
    return city.acting(TOWNSHIP, "commissioner")


def catalogue(city: City) -> None:
    take_built_in_catalogue(cycle=city.cycle, actor=CONSOLE, now=NOW)


def home(city: City) -> Home:
    return register_home(unit=city.units[HOME], actor=CONSOLE, now=NOW)


def hidden_of(page: str) -> dict[str, str]:
    """The hidden fields of the form on the page."""
    form = page.split("data-quick=")[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def typed(page: str, **fields: Any) -> dict[str, Any]:
    return hidden_of(page) | {"happened_on": DAY.isoformat()} | fields


# --- called in a process of an installation -------------------------------------------------------------

PEOPLE = {"liaison": VILLAGE, "commissioner": TOWNSHIP}


def prepare() -> dict[str, int]:
    """A liaison officer and a commissioner who sign in, and the catalogue. Returns the offices by their seat."""
    from config.small_city import PASSWORD
    from guantong.accounts.models import Office
    from guantong.accounts.operations import create_person, hold_office
    from guantong.kernel import clock
    from guantong.mechanisms.models import Cycle

    now = clock.now()
    take_built_in_catalogue(cycle=Cycle.objects.get(), actor=CONSOLE, now=now)
    offices = {}
    for seat, code in PEOPLE.items():
        person = create_person(sign_in=seat, display_name=seat, password=PASSWORD, actor=CONSOLE, now=now)
        office = Office.objects.get(unit__code=code, seat=seat, number=1)
        hold_office(person=person, office=office, starts_on=dt.date(now.year, 1, 1), actor=CONSOLE, now=now)
        offices[seat] = office.pk
    return offices


def stop(name: str) -> None:
    """Take a line out of the catalogue."""
    from guantong.grassroots.models import ServiceItem
    from guantong.grassroots.operations.catalogue import stop_item
    from guantong.kernel import clock

    stop_item(item=ServiceItem.objects.get(name=name), actor=CONSOLE, now=clock.now())


def stored() -> dict[str, list[int]]:
    """Words of each record, and by which offices it was entered; demands among them."""
    from guantong.grassroots.models import Demand
    from guantong.records.models import Record

    found: dict[str, list[int]] = {}
    rows = [
        *Record.objects.values_list("summary", "entered_by"),
        *Demand.objects.values_list("wording", "raised_by"),
    ]
    for words, office in rows:
        found.setdefault(words, []).append(office)
    return found


def faults() -> list[str]:
    from guantong.audit.verification import verify_log

    return [each.sentence for each in verify_log().faults]
