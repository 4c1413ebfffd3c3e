from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from guantong.kernel.periods import due_date, periods, share, times

START, END = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("per", "number"),
    [
        ("year", 1),
        ("half", 2),
        ("quarter", 4),
        ("month", 12),
        ("ten_days", 36),
        ("week", 53),
        ("workday", 248),
    ],
)
def test_how_many_a_year_holds(per: str, number: int) -> None:
    assert times(per, start=START, end=END) == number


@pytest.mark.parametrize("per", ["year", "half", "quarter", "month", "ten_days", "week"])
def test_periods_fill_the_year_without_hole_or_overlap(per: str) -> None:
    found = periods(per, start=START, end=END)
    assert (found[0].starts, found[-1].ends) == (START, END)
    for before, after in pairwise(found):
        assert after.starts == before.ends + dt.timedelta(days=1)


def test_a_season_keeps_its_months_only() -> None:
    season = range(3, 13)
    assert times("week", start=START, end=END, months=list(season)) == 44
    assert {each.ends.month for each in periods("month", start=START, end=END, months=[3, 4])} == {3, 4}


def test_an_unknown_cadence_is_an_error() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        periods("fortnight", start=START, end=END)


class TestDueDate:
    def test_a_day_of_the_quarter_s_last_month(self) -> None:
        due = [due_date(each, due=None, due_day=25) for each in periods("quarter", start=START, end=END)]
        assert [f"{day:%m-%d}" for day in due] == ["03-25", "06-25", "09-25", "12-25"]

    def test_a_day_past_the_month_s_end_is_its_end(self) -> None:
        february = periods("month", start=START, end=END)[1]
        assert due_date(february, due=None, due_day=31) == dt.date(2026, 2, 28)

    def test_a_fixed_day_and_the_period_s_end(self) -> None:
        year = periods("year", start=START, end=END)[0]
        assert due_date(year, due="03-31", due_day=None) == dt.date(2026, 3, 31)
        assert due_date(year, due=None, due_day=None) == END


@pytest.mark.parametrize(
    ("parts", "ends"),
    [(2, ["06-30", "12-31"]), (3, ["04-30", "08-31", "12-31"]), (4, ["03-31", "06-30", "09-30", "12-31"])],
)
def test_shares_of_a_year_end_with_months(parts: int, ends: list[str]) -> None:
    year = periods("year", start=START, end=END)[0]
    assert [f"{share(year, part, parts).ends:%m-%d}" for part in range(1, parts + 1)] == ends
