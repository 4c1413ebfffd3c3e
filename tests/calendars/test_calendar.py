"""A region's own days, the year nobody has announced yet, and what follows when the calendar changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.calendars import queries
from guantong.calendars.models import CalendarDay, KnownYear
from guantong.calendars.operations import complete_year, enter_days, withdraw_day
from guantong.calendars.queries import calendar_for
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Light
from guantong.obligations.models import Obligation
from guantong.supervision.operations import sweep_lights

NADAM = dt.date(2026, 7, 13)  # a Monday
TODAY = dt.date(2026, 3, 2)


def enter(city: City, first: dt.date, last: dt.date | None = None, **changes: Any) -> list[CalendarDay]:
    given = {
        "unit": city.units["1506"], "kind": "off", "name": "那达慕", "basis": "自治区通知", "actor": city.coordinator,
        "now": at(3, 2), "today": TODAY,
    } | changes  # fmt: skip
    return enter_days(first=first, last=last or first, **given)


class TestDays:
    def test_a_day_off_counts_in_the_territory_and_below_and_nowhere_else(self, city: City) -> None:
        enter(city, NADAM)
        inside = [calendar_for(2026, city.units[code].pk) for code in ("1506", "150602001001")]
        assert [each.is_workday(NADAM) for each in inside] == [False, False]
        assert inside[0].name_of(NADAM) == "那达慕"
        assert calendar_for(2026, None).is_workday(NADAM)
        assert calendar_for(2026, city.units["15"].pk).is_workday(NADAM)

    def test_the_nearest_territory_wins(self, city: City) -> None:
        enter(city, NADAM, unit=city.units["15"], actor=CONSOLE)
        enter(city, NADAM, kind="work", name="照常上班")
        assert calendar_for(2026, city.units["1506"].pk).is_workday(NADAM)
        assert not calendar_for(2026, city.units["15"].pk).is_workday(NADAM)

    def test_a_saturday_may_be_made_a_working_day(self, city: City) -> None:
        saturday = dt.date(2026, 7, 18)
        assert not calendar_for(2026, city.units["1506"].pk).is_workday(saturday)
        enter(city, saturday, kind="work", name="调休上班")
        assert calendar_for(2026, city.units["1506"].pk).is_workday(saturday)

    def test_a_withdrawn_day_is_as_it_was_and_the_row_stays_with_the_reason(self, city: City) -> None:
        first, _second = enter(city, NADAM, NADAM + dt.timedelta(days=1))
        for _time in range(2):
            withdraw_day(day=first, reason="登记错了", actor=city.coordinator, now=at(3, 3), today=TODAY)
        calendar = calendar_for(2026, city.units["1506"].pk)
        assert [calendar.is_workday(NADAM), calendar.is_workday(NADAM + dt.timedelta(days=1))] == [
            True,
            False,
        ]
        assert CalendarDay.objects.get(pk=first.pk).withdrawn_why == "登记错了"
        assert AuditEntry.objects.filter(verb="calendars.day_withdrawn").count() == 1
        assert enter(city, NADAM)[0].pk != first.pk
        assert verify_log().clean

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"name": " "}, "名称"),
            ({"basis": ""}, "依据"),
            ({"last": dt.date(2026, 7, 1)}, "起止日期"),
            ({"last": dt.date(2026, 8, 30)}, "最多登记"),
        ],
    )
    def test_bad_days_are_refused_with_a_sentence(
        self, city: City, changes: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            enter(city, NADAM, **changes)
        assert CalendarDay.objects.count() == 0

    def test_the_same_day_is_not_entered_twice_and_none_of_the_others_either(self, city: City) -> None:
        enter(city, NADAM)
        with pytest.raises(Refusal, match="已经登记过"):
            enter(city, NADAM - dt.timedelta(days=3), NADAM)
        assert CalendarDay.objects.count() == 1

    def test_only_the_coordinating_office_keeps_it(self, city: City) -> None:
        with pytest.raises(Refusal, match="统筹协调单位"):
            enter(city, NADAM, actor=city.head)

    def test_it_is_read_once_for_many_questions(self, city: City, django_assert_num_queries: Any) -> None:
        enter(city, NADAM)
        queries.forget()
        with django_assert_num_queries(3):  # days, years, where the unit is
            for _time in range(20):
                calendar_for(2026, city.units["1506"].pk)


class TestYear:
    def test_an_unknown_year_is_provisional_until_somebody_says_it_is_complete(self, city: City) -> None:
        unit, year = city.units["1506"], 2061
        assert calendar_for(year, unit.pk).is_provisional(year)
        for _time in range(2):
            complete_year(
                unit=unit, year=year, basis="国办发明电", actor=city.coordinator, now=at(3, 2), today=TODAY
            )
        assert not calendar_for(year, unit.pk).is_provisional(year)
        assert calendar_for(year, None).is_provisional(year)
        assert KnownYear.objects.count() == 1
        assert verify_log().clean


class TestWhatFollows:
    def test_lights_that_hang_on_working_days_change_with_the_next_sweep(self, signed: City) -> None:
        """Blue from five working days before the due day: with a week off in between it is blue at once."""
        owed = Obligation.objects.filter(unit__code="1506-MU-01", due_on=dt.date(2026, 3, 25)).first()
        assert owed is not None
        on = dt.date(2026, 3, 16)  # seven working days before
        sweep_lights(actor=CONSOLE, on=on, now=at(3, 16))
        owed.refresh_from_db()
        assert owed.light == Light.GREEN
        enter(signed, dt.date(2026, 3, 18), dt.date(2026, 3, 20), today=on)
        sweep_lights(actor=CONSOLE, on=on, now=at(3, 16))
        owed.refresh_from_db()
        assert owed.light == Light.BLUE


class TestPages:
    def test_the_year_shows_what_differs_and_who_keeps_it_may_add(self, city: City, as_: SignIn) -> None:
        enter(city, NADAM)
        office, member = as_(city.coordinator), as_(city.head)
        address = reverse("calendar-year", args=[2026])
        for browser, keeps in ((office, True), (member, False)):
            page = browser.get(address).content.decode()
            assert "那达慕" in page
            assert ('action="/calendar/2026/days/"' in page) is keeps

    def test_entering_and_withdrawing_by_form(self, city: City, as_: SignIn) -> None:
        browser: Client = as_(city.coordinator)
        typed = {"first": "2026-07-13", "last": "", "kind": "off", "name": "那达慕", "basis": "自治区通知"}
        assert browser.post(reverse("calendar-days", args=[2026]), typed).status_code == 302
        [day] = CalendarDay.objects.all()
        answer = browser.post(reverse("calendar-days", args=[2026]), typed)
        assert (answer.status_code, "已经登记过" in answer.content.decode()) == (422, True)
        browser.post(reverse("calendar-day-withdrawal", args=[day.pk]), {"reason": "登记错了"})
        day.refresh_from_db()
        assert day.withdrawn_at is not None

    @pytest.mark.parametrize("year", [2003, 2101])
    def test_there_are_no_pages_beyond(self, city: City, as_: SignIn, year: int) -> None:
        assert as_(city.coordinator).get(reverse("calendar-year", args=[year])).status_code == 404

    def test_every_deadline_says_what_set_it(self, signed: City, as_: SignIn) -> None:
        owed = Obligation.objects.filter(unit__code="1506-MU-01", rule="D12").first()
        assert owed is not None
        page = as_(signed.head).get(reverse("obligation", args=[owed.pk])).content.decode()
        assert "每季度 1 次，最迟当期最后一个月 25 日" in page
