"""The periods of a case, held against counting one day after another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.cases.clocks import DAY, Still, days_left, due_day, is_over
from guantong.cases.terms import Term
from guantong.kernel.workdays import WorkdayCalendar

CHINA = WorkdayCalendar.china(range(2025, 2030))  # from 2027 on provisional: the arrangement is not announced

days = st.dates(min_value=dt.date(2025, 6, 1), max_value=dt.date(2028, 3, 1))
terms = st.builds(Term, st.integers(1, 90), st.booleans())


@st.composite
def stillnesses(draw: st.DrawFn, start: dt.date) -> list[Still]:
    """Pauses that follow each other, from a little before the period begins."""
    found, day = [], start - 10 * DAY
    for _each in range(draw(st.integers(0, 4))):
        begins = day + draw(st.integers(0, 40)) * DAY
        ends = begins + draw(st.integers(0, 30)) * DAY
        found.append(Still(begins, ends))
        day = ends
    return found


@st.composite
def periods(draw: st.DrawFn) -> tuple[dt.date, Term, list[Still], int]:
    start = draw(days)
    return start, draw(terms), draw(stillnesses(start)), draw(st.integers(0, 30))


def counted_day_by_day(start: dt.date, number: int, workdays: bool, pauses: Sequence[Still]) -> dt.date:
    """The plain reference: go from day to day and count those that count, until there are enough."""
    day, count = start, 0
    while count < number:
        day += DAY
        stands_still = any(each.starts <= day < each.ends for each in pauses)
        counts = not stands_still and (not workdays or CHINA.is_workday(day))
        count += counts
    return day


@given(periods())
def test_the_last_day_is_the_one_that_counting_day_by_day_finds(
    period: tuple[dt.date, Term, list[Still], int],
) -> None:
    start, term, pauses, longer = period
    extension = Term(longer, term.workdays) if longer else None
    found = due_day(start, term, CHINA, pauses=pauses, longer_by=extension)
    assert found == counted_day_by_day(start, term.number + longer, term.workdays, pauses)


@given(periods(), st.randoms())
def test_it_does_not_matter_in_which_order_the_pauses_are_told(period, random) -> None:  # type: ignore[no-untyped-def]
    start, term, pauses, _longer = period
    shuffled = list(pauses)
    random.shuffle(shuffled)
    assert due_day(start, term, CHINA, pauses=shuffled) == due_day(start, term, CHINA, pauses=pauses)


@given(periods(), st.integers(0, 30))
def test_a_pause_in_two_parts_is_one_pause(period: tuple[dt.date, Term, list[Still], int], at: int) -> None:
    start, term, pauses, _longer = period
    parted: list[Still] = []
    for each in pauses:
        middle = min(each.starts + at * DAY, each.ends)
        parted += [Still(each.starts, middle), Still(middle, each.ends)]
    assert due_day(start, term, CHINA, pauses=parted) == due_day(start, term, CHINA, pauses=pauses)


@given(periods())
def test_pauses_and_more_time_only_ever_make_it_later(
    period: tuple[dt.date, Term, list[Still], int],
) -> None:
    start, term, pauses, longer = period
    plain = due_day(start, term, CHINA)
    later = due_day(start, term, CHINA, longer_by=Term(longer + 1, term.workdays))
    assert start < plain <= due_day(start, term, CHINA, pauses=pauses)
    assert plain < later


@given(days, st.integers(0, 200), st.booleans())
def test_what_is_left_is_counted_like_the_period(on: dt.date, ahead: int, workdays: bool) -> None:
    due = on + ahead * DAY
    left = days_left(due, on, workdays=workdays, calendar=CHINA)
    plain = sum(not workdays or CHINA.is_workday(on + number * DAY) for number in range(1, ahead + 1))
    assert left == plain


class TestADayWithAName:
    """The periods of the petition regulation on days anybody can look up."""

    def test_fifteen_days_run_past_the_spring_festival(self) -> None:
        assert due_day(dt.date(2026, 2, 13), Term(15), CHINA) == dt.date(2026, 2, 28)

    def test_five_working_days_do_not_and_take_the_swapped_saturday(self) -> None:
        # off 15 to 23 February 2026, work on Saturday 14 and Saturday 28
        assert due_day(dt.date(2026, 2, 13), Term(5, workdays=True), CHINA) == dt.date(2026, 2, 27)
        assert due_day(dt.date(2026, 2, 24), Term(4, workdays=True), CHINA) == dt.date(2026, 2, 28)

    def test_sixty_days_and_thirty_more_with_a_hearing_of_ten_days(self) -> None:
        hearing = Still(dt.date(2026, 3, 10), dt.date(2026, 3, 20))
        start = dt.date(2026, 3, 1)
        assert due_day(start, Term(60), CHINA, pauses=[hearing]) == dt.date(2026, 5, 10)
        assert due_day(start, Term(60), CHINA, pauses=[hearing], longer_by=Term(30)) == dt.date(2026, 6, 9)

    def test_a_pause_after_the_last_day_moves_nothing(self) -> None:
        late = Still(dt.date(2026, 3, 17), dt.date(2026, 4, 17))
        assert due_day(dt.date(2026, 3, 1), Term(15), CHINA, pauses=[late]) == dt.date(2026, 3, 16)

    def test_a_pause_from_the_last_day_on_moves_it(self) -> None:
        last = Still(dt.date(2026, 3, 16), dt.date(2026, 3, 18))
        assert due_day(dt.date(2026, 3, 1), Term(15), CHINA, pauses=[last]) == dt.date(2026, 3, 18)

    def test_a_year_without_a_published_calendar_has_days_too(self) -> None:
        assert CHINA.is_provisional(2028)
        assert due_day(dt.date(2028, 9, 29), Term(5, workdays=True), CHINA) > dt.date(2028, 10, 5)

    @pytest.mark.parametrize(
        ("met_on", "on", "over"),
        [(None, 16, False), (None, 17, True), (16, 30, False), (17, 30, True)],
    )
    def test_it_is_over_from_the_day_after(self, met_on: int | None, on: int, over: bool) -> None:
        due = dt.date(2026, 3, 16)
        met = dt.date(2026, 3, met_on) if met_on else None
        assert is_over(due, dt.date(2026, 3, on), met_on=met) is over
