from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.kernel.workdays import WorkdayCalendar

CHINA = WorkdayCalendar.china((2025, 2026, 2027))
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))


def span(first: str, last: str) -> list[dt.date]:
    start, end = dt.date.fromisoformat(f"2026-{first}"), dt.date.fromisoformat(f"2026-{last}")
    return [start + dt.timedelta(days=number) for number in range((end - start).days + 1)]


class TestTheNoticeFor2026:
    """State Council notice of 4 November 2025."""

    @pytest.mark.parametrize(
        ("first", "last"),
        [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"),
         ("09-25", "09-27"), ("10-01", "10-07")],
    )  # fmt: skip
    def test_days_off(self, first: str, last: str) -> None:
        assert not any(CHINA.is_workday(day) for day in span(first, last))

    @pytest.mark.parametrize("day", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
    def test_swapped_working_days(self, day: str) -> None:
        assert CHINA.is_workday(dt.date.fromisoformat(f"2026-{day}"))

    def test_a_year_without_swapped_days_is_provisional_and_still_counts(self) -> None:
        assert not CHINA.is_provisional(2026)
        assert CHINA.is_provisional(2027)
        assert CHINA.add_workdays(dt.date(2027, 12, 1), 5) > dt.date(2027, 12, 1)


class TestCounting:
    @given(DAYS, DAYS)
    def test_between_equals_a_plain_count(self, first: dt.date, last: dt.date) -> None:
        low, high = min(first, last), max(first, last)
        plain = sum(
            CHINA.is_workday(low + dt.timedelta(days=number)) for number in range(1, (high - low).days + 1)
        )
        assert CHINA.workdays_between(low, high) == plain
        assert CHINA.workdays_between(high, low) == -plain

    @given(DAYS, st.integers(1, 60))
    def test_adding_lands_on_a_working_day_that_many_away(self, day: dt.date, number: int) -> None:
        later = CHINA.add_workdays(day, number)
        assert CHINA.is_workday(later)
        assert CHINA.workdays_between(day, later) == number

    def test_a_region_may_add_days(self) -> None:
        nadam = dt.date(2026, 7, 15)
        assert CHINA.is_workday(nadam)
        assert not WorkdayCalendar.china((2026,), extra_off=(nadam,)).is_workday(nadam)

    @pytest.mark.parametrize("year", [1970, 2035, 2200])
    def test_no_year_breaks_it(self, year: int) -> None:
        assert WorkdayCalendar.china((year,)).next_workday(dt.date(year, 1, 1)).year == year
