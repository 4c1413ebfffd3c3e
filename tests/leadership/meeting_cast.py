"""A meeting on the small city, and short words for what is done to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Office
from guantong.audit.verification import verify_log
from guantong.leadership.models import Body, Meeting
from guantong.leadership.operations import bodies, invitations, meetings
from guantong.leadership.operations.holding import hold_meeting

GROUP = "1506-LG"
NINE, ELEVEN = dt.time(9), dt.time(11)


def office_of(acting: Acting) -> Office:
    assert acting.office is not None
    return acting.office


def leader(city: City, number: int = 1) -> Acting:
    return city.acting(GROUP, "leader", number)


def group_head(city: City) -> Acting:
    return city.acting(GROUP, "group_head")


def district(city: City, code: str = "150602") -> Acting:
    return city.acting(code, "first_responsible")


def township(city: City) -> Acting:
    return city.acting("150602001", "commissioner")


def group(city: City, **changes: Any) -> Body:
    """The leading group with its head and two leaders, since 5 January."""
    terms: dict[str, Any] = {
        "kind": "leading_group",
        "name": "市委工作领导小组",
        "handles": ["年度要点审定", "考核办法审定"],
        "meets_count": 1,
        "meets_per": "quarter",
    }
    body = bodies.set_up_body(
        unit=city.units[GROUP], terms=bodies.Terms(**(terms | changes)), opened_on=dt.date(2026, 1, 5),
        actor=city.coordinator, now=at(1, 5),
    )  # fmt: skip
    seats = [office_of(group_head(city)), office_of(leader(city)), office_of(leader(city, 2))]
    bodies.seat_members(
        body=body,
        offices=seats,
        part="member",
        since=dt.date(2026, 1, 5),
        actor=city.coordinator,
        now=at(1, 5),
    )
    return body


def terms(**changes: Any) -> meetings.Terms:
    given: dict[str, Any] = {
        "kind": "deployment", "title": "部署一季度工作", "day": dt.date(2026, 3, 10), "starts_at": NINE,
        "ends_at": ELEVEN, "place": "市委一会议室",
    }  # fmt: skip
    return meetings.Terms(**(given | changes))


def planned(city: City, *, unit: str = GROUP, by: Acting | None = None, **changes: Any) -> Meeting:
    by = by or city.coordinator
    return meetings.plan_meeting(
        cycle=city.cycle, unit=city.units[unit], terms=terms(**changes), called_by=office_of(by), actor=by, now=at(3, 2)
    )  # fmt: skip


def asked(city: City, meeting: Meeting, *people: Acting, by: Acting | None = None) -> Meeting:
    invitations.ask_offices(
        meeting=meeting, offices=[office_of(each) for each in people], actor=by or city.coordinator, now=at(3, 2)
    )  # fmt: skip
    return meeting


def called(city: City, *people: Acting, by: Acting | None = None, **changes: Any) -> Meeting:
    by = by or city.coordinator
    meeting = asked(city, planned(city, by=by, **changes), *people, by=by)
    return meetings.call_meeting(meeting=meeting, actor=by, now=at(3, 3))


def came(city: City, meeting: Meeting, *people: Acting, now: dt.datetime | None = None) -> Meeting:
    """They sign the printed list on the day."""
    offices = [office_of(each).pk for each in people]
    rows = meeting.invitations.filter(office__in=offices).values_list("pk", flat=True)
    invitations.sign_from_list(
        meeting=meeting, present=set(rows), actor=city.coordinator, now=now or at(3, 10)
    )
    return meeting


def held(city: City, *people: Acting, now: dt.datetime | None = None, **changes: Any) -> Meeting:
    """Called, everybody asked came, held on 10 March."""
    meeting = came(city, called(city, *people, **changes), *people)
    return hold_meeting(
        meeting=meeting, summary="研究部署一季度工作", entered_by=office_of(city.coordinator), actor=city.coordinator,
        now=now or at(3, 10, 12),
    )  # fmt: skip


def log_is_clean() -> bool:
    return verify_log().clean
