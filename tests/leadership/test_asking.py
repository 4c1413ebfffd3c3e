"""Who is asked next about meetings, and what a decision leads to on the pages of others."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.leadership.asking import ask_about_meetings
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.operations import invitations, meetings, minutes
from guantong.leadership.operations.decided import make_task
from guantong.leadership.operations.holding import hold_meeting
from guantong.leadership.queries.lines import decisions_of, meeting_behind
from guantong.notices.models import Notice
from leadership.meeting_cast import called, came, district, held, leader, log_is_clean, office_of


def asked(city: City, day: int) -> set[tuple[str, str, str]]:
    """(seat, kind, what is asked) of the open notices, after asking on a day of March."""
    on = dt.date(2026, 3, day)
    ask_about_meetings(cycle=city.cycle, on=on, now=at(3, day), actor=CONSOLE)
    return {
        (each.office.seat, each.kind, each.missing[:4])
        for each in Notice.objects.filter(closed_on__isnull=True).select_related("office")
    }


REPLY = ("first_responsible", "meeting", "请回复参")
HOLD, MINUTE, LATE = (
    ("coordinator", "overdue", "会议日期"),
    ("coordinator", "due", "会议已开"),
    ("coordinator", "overdue", "会议已开"),
)


class TestAsking:
    def test_who_was_called_is_asked_until_they_answer(self, city: City) -> None:
        meeting = called(city, district(city))
        assert asked(city, 4) == {REPLY}
        assert asked(city, 5) == {REPLY}
        invitations.reply(
            meeting=meeting,
            office=office_of(district(city)),
            answer="coming",
            actor=district(city),
            now=at(3, 5),
        )
        assert asked(city, 5) == set()
        assert log_is_clean()

    def test_nobody_is_asked_about_one_that_is_called_off(self, city: City) -> None:
        meeting = called(city, district(city))
        assert asked(city, 4) == {REPLY}
        meetings.cancel_meeting(meeting=meeting, reason="时间冲突", actor=city.coordinator, now=at(3, 5))
        assert asked(city, 5) == set()

    def test_who_called_it_is_asked_whether_it_was_held_and_for_the_minutes(self, city: City) -> None:
        meeting = came(city, called(city, district(city)), district(city))
        assert asked(city, 10) == set()
        assert asked(city, 11) == {HOLD}
        hold_meeting(
            meeting=meeting, summary="", entered_by=office_of(city.coordinator), actor=city.coordinator, now=at(3, 11)
        )  # fmt: skip
        assert asked(city, 17) == {MINUTE}
        assert asked(city, 18) == {LATE}
        minutes.write_minutes(
            meeting=Meeting.objects.get(), text="会议议定三项。", minuted_by=office_of(city.coordinator),
            actor=city.coordinator, now=at(3, 18),
        )  # fmt: skip
        assert asked(city, 18) == set()

    def test_the_number_of_queries_does_not_grow(
        self, city: City, django_assert_max_num_queries: Any
    ) -> None:
        for day in range(10, 18):
            called(city, district(city), leader(city), day=dt.date(2026, 3, day))
        with django_assert_max_num_queries(10):
            ask_about_meetings(cycle=city.cycle, on=dt.date(2026, 3, 14), now=at(3, 14), actor=CONSOLE)


def decided(city: City, **changes: Any) -> MinuteLine:
    meeting = held(city, district(city), chair=office_of(leader(city)), **changes)
    return minutes.add_line(
        meeting=meeting, kind="decision", wording="5 月底前拿出清偿方案。", actor=city.coordinator, now=at(3, 11)
    )  # fmt: skip


class TestDecided:
    def test_a_task_leads_back_to_its_meeting_for_those_who_see_it(self, city: City, as_: SignIn) -> None:
        line = decided(city)
        task = make_task(
            line=line, lead=city.units["1506-MU-01"], due_on=dt.date(2026, 5, 31), actor=city.coordinator,
            now=at(3, 11),
        )  # fmt: skip
        origin = meeting_behind(task, city.coordinator)
        assert origin is not None
        assert origin.url == reverse("meeting", args=[line.meeting_id])
        assert meeting_behind(task, city.head) is None  # its unit was not called to the meeting
        page = as_(city.coordinator).get(reverse("task", args=[task.pk])).content.decode()
        assert f'<a href="{origin.url}">{origin.label}</a>'.replace("“", "“") in page

    def test_what_the_chair_settled_stands_in_the_ledger_of_the_chair_alone(
        self, city: City, as_: SignIn
    ) -> None:
        line = decided(city)
        chair = office_of(leader(city))
        day = dt.date(2026, 3, 31)
        assert list(decisions_of(chair, city.cycle, as_of=day)) == [line]
        assert list(decisions_of(chair, city.cycle, as_of=dt.date(2026, 3, 9))) == []
        assert list(decisions_of(office_of(district(city)), city.cycle, as_of=day)) == []
        page = as_(city.coordinator).get(reverse("ledger", args=[chair.pk])).content.decode()
        assert "5 月底前拿出清偿方案。" in page
