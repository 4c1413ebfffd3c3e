from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.calendars.queries import calendar_for
from guantong.kernel.workdays import DAY, WorkdayCalendar
from guantong.mechanisms.operations import read_valid_package
from guantong.reception.planning import (
    days_of_year,
    hosts_a_day,
    in_rotation,
    last_day_to_publish,
    moved_past_holidays,
    stretches,
)
from guantong.reception.terms import NEXT, PREVIOUS, SKIP, Terms, terms_of

PACKAGE = Terms(id="R01", host="leader", monthly_day=15)
YEARS = st.integers(1970, 2200)
MONTHLY = st.integers(0, 40)
RULES = st.sampled_from([NEXT, PREVIOUS, SKIP])


def terms(monthly_day: int | None, if_holiday: str = NEXT) -> Terms:
    return Terms(id="R01", host="leader", monthly_day=monthly_day, if_holiday=if_holiday)


def days_between(first: dt.date, second: dt.date) -> list[dt.date]:
    low, high = sorted((first, second))
    return [low + DAY * number for number in range(1, (high - low).days)]


class TestTerms:
    def test_the_three_threes_receive_on_the_15th_in_half_hours(self) -> None:
        (found,) = terms_of(read_valid_package("three-threes"))
        assert found == Terms(
            id="R01", host="leader", monthly_day=15, if_holiday=NEXT, publish_workdays=5, any_time=True, walk_in=True,
            answer_workdays=5, starts_at=dt.time(9), ends_at=dt.time(11, 30), slot_minutes=30, places=2,
            per_contact=2, within_days=30, offer_hours=24,
        )  # fmt: skip

    def test_a_mechanism_without_fixed_days_has_none_and_breaks_nothing(self) -> None:
        (found,) = terms_of(read_valid_package("river-chief"))
        assert (found.host, found.monthly_day, found.any_time) == ("chief_office", None, True)
        assert days_of_year(found, year=2026, calendar=calendar_for(2026, None)) == []


class TestTheYear2026:
    """By the notice of 4 November 2025."""

    def days(self, monthly_day: int, if_holiday: str = NEXT) -> list[str]:
        found = days_of_year(terms(monthly_day, if_holiday), year=2026, calendar=calendar_for(2026, None))
        return [f"{each.day:%m-%d}" for each in found]

    def test_the_15th_moves_past_spring_festival_and_weekends(self) -> None:
        assert self.days(15) == [
            "01-15", "02-24", "03-16", "04-15", "05-15", "06-15", "07-15", "08-17", "09-15", "10-15", "11-16", "12-15"
        ]  # fmt: skip

    def test_a_saturday_swapped_for_work_stays(self) -> None:
        assert "02-14" in self.days(14)
        assert "05-09" in self.days(9)
        assert "10-10" in self.days(10)

    def test_the_day_before_or_none_where_the_package_says_so(self) -> None:
        assert self.days(15, PREVIOUS)[1] == "02-14"
        assert [day[:2] for day in self.days(15, SKIP)] == ["01", "04", "05", "06", "07", "09", "10", "12"]

    def test_a_day_at_the_month_s_end_stays_in_its_month(self) -> None:
        assert self.days(31)[:2] == ["01-30", "02-28"]
        assert self.days(1, PREVIOUS)[9] == "10-08"

    def test_published_five_working_days_before_across_the_holiday(self) -> None:
        last = last_day_to_publish(dt.date(2026, 2, 24), workdays=5, calendar=calendar_for(2026, None))
        assert last == dt.date(2026, 2, 10)  # 14 is a day of work, 15 to 23 are not


class TestEveryYear:
    @given(YEARS, MONTHLY, RULES)
    def test_every_day_is_a_working_day_of_its_month_and_the_nearest_on_its_side(
        self, year: int, monthly_day: int, if_holiday: str
    ) -> None:
        calendar = calendar_for(year, None)
        found = days_of_year(terms(monthly_day, if_holiday), year=year, calendar=calendar)
        assert len({each.planned_on.month for each in found}) == len(found) <= 12
        if if_holiday != SKIP:
            assert len(found) == 12
        for each in found:
            assert calendar.is_workday(each.day)
            assert (each.day.year, each.day.month) == (each.planned_on.year, each.planned_on.month)
            assert not any(calendar.is_workday(day) for day in days_between(each.planned_on, each.day))
            assert each.moved == (not calendar.is_workday(each.planned_on))
            assert each.provisional == calendar.is_provisional(year)

    @given(YEARS, MONTHLY)
    def test_the_side_is_the_one_asked_for_while_the_month_has_a_working_day_there(
        self, year: int, monthly_day: int
    ) -> None:
        calendar = calendar_for(year, None)
        for each in days_of_year(terms(monthly_day), year=year, calendar=calendar):
            if each.day < each.planned_on:
                assert calendar.next_workday(each.planned_on).month != each.planned_on.month
        for each in days_of_year(terms(monthly_day, PREVIOUS), year=year, calendar=calendar):
            if each.day > each.planned_on:
                assert calendar.previous_workday(each.planned_on).month != each.planned_on.month

    @given(st.integers(2027, 2200), MONTHLY, RULES)
    def test_a_year_without_a_published_calendar_is_provisional_and_never_breaks(
        self, year: int, monthly_day: int, if_holiday: str
    ) -> None:
        calendar = WorkdayCalendar(range(year, year + 2), announced=())
        found = days_of_year(terms(monthly_day, if_holiday), year=year, calendar=calendar)
        assert all(each.provisional for each in found)
        assert all(each.day.weekday() < 5 for each in found)

    @given(st.data())
    def test_any_swapping_of_days_gives_a_working_day_or_none_at_all(self, data: st.DataObject) -> None:
        of_year = st.dates(dt.date(2030, 1, 1), dt.date(2030, 12, 31))
        off = data.draw(st.sets(of_year, max_size=120))
        work = data.draw(st.sets(of_year, max_size=20))
        calendar = WorkdayCalendar((2030,), off=off - work, work=work)
        planned = data.draw(of_year)
        day = moved_past_holidays(planned, if_holiday=NEXT, calendar=calendar)
        month = [dt.date(2030, planned.month, 1) + DAY * number for number in range(31)]
        workdays = [each for each in month if each.month == planned.month and calendar.is_workday(each)]
        later, earlier = (
            [each for each in workdays if each >= planned],
            [each for each in workdays if each < planned],
        )
        assert day == (min(later) if later else max(earlier) if earlier else None)

    def test_a_month_off_has_no_day(self) -> None:
        off = [dt.date(2030, 2, 1) + DAY * number for number in range(28)]
        found = days_of_year(PACKAGE, year=2030, calendar=WorkdayCalendar((2030,), off=off))
        assert {each.day.month for each in found} == set(range(1, 13)) - {2}

    @given(st.dates(dt.date(1971, 1, 1), dt.date(2199, 12, 31)), st.integers(0, 20))
    def test_so_many_working_days_lie_between_publishing_and_the_day(
        self, day: dt.date, workdays: int
    ) -> None:
        calendar = calendar_for(day.year, None)
        held = calendar.next_workday(day)
        last = last_day_to_publish(held, workdays=workdays, calendar=calendar)
        assert calendar.workdays_between(last, held) == workdays


class TestStretches:
    def test_half_hours_of_a_morning(self) -> None:
        found = stretches(dt.time(9), dt.time(11, 30), minutes=30)
        assert found == [
            (dt.time(9), dt.time(9, 30)), (dt.time(9, 30), dt.time(10)), (dt.time(10), dt.time(10, 30)),
            (dt.time(10, 30), dt.time(11)), (dt.time(11), dt.time(11, 30)),
        ]  # fmt: skip

    @given(st.times(), st.times(), st.integers(5, 480))
    def test_they_lie_in_the_hours_one_after_another(
        self, first: dt.time, second: dt.time, minutes: int
    ) -> None:
        starts, ends = sorted(
            (first.replace(second=0, microsecond=0), second.replace(second=0, microsecond=0))
        )
        if starts == ends:
            return
        found = stretches(starts, ends, minutes=minutes)
        assert found[0][0] == starts
        assert found[-1][1] <= ends
        assert all(start < end for start, end in found)
        assert all(before[1] == after[0] for before, after in pairwise(found))


DAYS_2026 = [each.day for each in days_of_year(PACKAGE, year=2026, calendar=calendar_for(2026, None))]


class TestRotation:
    @given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 12))
    def test_nobody_receives_more_than_once_oftener_than_another(
        self, hosts: int, a_day: int, days: int
    ) -> None:
        turns = in_rotation(DAYS_2026[:days], range(hosts), a_day=a_day)
        times = [sum(each in turn for turn in turns) for each in range(hosts)]
        assert max(times) - min(times) <= 1
        assert all(len(set(turn)) == len(turn) == min(a_day, hosts) for turn in turns)

    @given(st.integers(1, 60), st.integers(1, 12))
    def test_everybody_receives_as_often_as_the_duty_says(self, hosts: int, times: int) -> None:
        a_day = hosts_a_day(hosts=hosts, days=12, times=times)
        turns = in_rotation(DAYS_2026, range(hosts), a_day=a_day)
        assert min(sum(each in turn for turn in turns) for each in range(hosts)) >= times

    def test_what_was_before_counts(self) -> None:
        turns = in_rotation(
            DAYS_2026[6:9], [1, 2, 3], a_day=1, times={1: 3, 2: 2, 3: 2}, latest={2: dt.date(2026, 6, 1)}
        )
        assert turns == [[3], [2], [1]]

    def test_whoever_is_away_is_passed_over(self) -> None:
        away = {
            1: [(dt.date(2026, 1, 1), dt.date(2026, 2, 28))],
            2: [(dt.date(2026, 1, 1), dt.date(2026, 1, 31))],
        }
        assert in_rotation(DAYS_2026[:3], [1, 2], a_day=1, away=away) == [[], [2], [1]]

    @pytest.mark.parametrize(
        ("hosts", "days", "times", "a_day"), [(3, 12, 12, 3), (3, 12, 1, 1), (24, 12, 1, 2), (5, 3, 12, 5), (0, 12, 1, 0), (4, 0, 1, 0)]
    )  # fmt: skip
    def test_how_many_a_day(self, hosts: int, days: int, times: int, a_day: int) -> None:
        assert hosts_a_day(hosts=hosts, days=days, times=times) == a_day
