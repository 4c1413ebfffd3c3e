from __future__ import annotations

import datetime as dt

from conftest import CONSOLE, City, at
from guantong.audit.verification import verify_log
from guantong.cases.applicant import Applicant
from guantong.notices.models import Notice
from guantong.reception.asking import ask_about_reception
from guantong.reception.operations.appointments import ask_appointment, decline_appointment
from guantong.reception.operations.holding import close_day
from reception.cast import NOW, laid_out, leader, public_day, said


def asked(city: City, month: int, day: int) -> set[tuple[str, str, str]]:
    """(seat, kind, what is asked) of the open notices, after asking on a day."""
    on = dt.date(2026, month, day)
    ask_about_reception(cycle=city.cycle, on=on, now=at(month, day), actor=CONSOLE)
    return {
        (each.office.seat, each.kind, each.missing[:6])
        for each in Notice.objects.filter(closed_on__isnull=True).select_related("office")
    }


def test_an_appointment_asks_the_host_and_the_office_until_it_is_answered(city: City) -> None:
    booking, _code = ask_appointment(
        cycle=city.cycle,
        host=leader(city).office,
        said=said(),
        actor=Applicant(),
        now=NOW,  # type: ignore[arg-type]
    )
    assert asked(city, 2, 3) == {("leader", "due", "有人约访，请"), ("coordinator", "due", "有人约访，请")}
    assert asked(city, 2, 10) == {
        ("leader", "overdue", "有人约访，请"),
        ("coordinator", "overdue", "有人约访，请"),
    }
    decline_appointment(booking=booking, reason="不属实", actor=leader(city), now=at(2, 10))
    assert asked(city, 2, 10) == set()
    assert verify_log().faults == []


def test_a_draft_asks_the_office_in_time_and_late(city: City) -> None:
    laid_out(city, a_day=1, last=dt.date(2026, 2, 28))
    assert asked(city, 2, 2) == set()
    assert asked(city, 2, 4) == {("coordinator", "due", "接待日还没有")}
    assert asked(city, 2, 11) == {("coordinator", "overdue", "接待日还没有")}


def test_a_public_day_asks_its_host_five_working_days_before_and_after(city: City) -> None:
    laid_out(city, a_day=1, last=dt.date(2026, 3, 31))
    day = public_day(city, 3, host=city.office("1506-LG", "leader", 2))
    assert ("leader", "due", "接待日快到了") not in asked(city, 3, 6)
    assert ("leader", "due", "接待日快到了") in asked(city, 3, 9)
    assert ("leader", "overdue", "接待日已过，") in asked(city, 3, 17)
    close_day(day=day, actor=leader(city, 2), now=at(3, 17))
    assert not any(seat == "leader" for seat, _kind, _words in asked(city, 3, 17))
