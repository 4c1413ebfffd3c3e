"""No list asks more queries for more rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.calling import Caller
from api.moving_time import GoTo, going
from api.test_more_reading import launched, of
from conftest import CONSOLE, City, at
from grassroots.home_cast import registered, room_of
from guantong.grassroots.models import RoomBooking
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_for
from guantong.partners.operations.register import register_organisation
from leadership.meeting_cast import office_of, planned
from supervision.finding_cast import notified
from supervision.matter_cast import dispatched


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> GoTo:
    return going(monkeypatch)


LISTS = ("meetings/", "campaigns/", "rooms/", "bookings/", "partners/", "findings/", "claims-to-review/", "matters/",
         "obligations/", "records/")  # fmt: skip


def test_no_list_asks_more_for_more_rows(signed: City, go: GoTo) -> None:
    """The same number of queries for one row of each and for several."""
    home, office = registered(signed), of(signed.coordinator)
    launched(signed)

    def one_more(n: int) -> None:
        day = dt.date(2026, 3, 10 + n)
        planned(signed, day=day)
        another = room_of(home, name=f"第{n}间")
        register_organisation(
            kind="chamber",
            name=f"商会{n}",
            area=signed.units["150602"],
            actor=signed.coordinator,
            now=at(3, 2),
        )
        RoomBooking.objects.create(
            room=another, day=day, starts_at=dt.time(9), ends_at=dt.time(10), purpose="议事",
            booked_by=office_of(signed.coordinator), booked_at=at(3, 2),
        )  # fmt: skip
        notified(signed)
        dispatched(signed, title=f"第{n}件")
        owed = Obligation.objects.select_related("office", "cycle").filter(
            unit__code="1506-MU-01", state="open"
        )[0]
        claim_for(owed, record=None, claimed_by=owed.office, actor=CONSOLE, now=at(3, 2))

    one_more(0)
    first = {path: _asked(office, path) for path in LISTS}
    for n in (1, 2, 3):
        one_more(n)
    then = {path: _asked(office, path) for path in LISTS}
    assert {path: queries for path, (queries, _rows) in then.items()} == {
        path: queries for path, (queries, _rows) in first.items()
    }
    grown = [path for path in LISTS if then[path][1] > first[path][1]]
    assert set(grown) == {*LISTS} - {
        "campaigns/",
        "records/",
        "obligations/",
    }  # a full page of these from the first


def _asked(caller: Caller, path: str) -> tuple[int, int]:
    """(queries, rows)"""
    with CaptureQueriesContext(connection) as asked:
        told: dict[str, Any] = caller.read(f"{path}?limit=100")
    return len(asked), len(told["items"])
