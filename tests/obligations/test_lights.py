from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.kernel.workdays import WorkdayCalendar
from guantong.obligations.lights import Facts, light

CHINA = WorkdayCalendar.china((2025, 2026, 2027))
DUE = dt.date(2026, 10, 9)  # the Friday after National Day; Saturday the 10th is a working day
OPEN = Facts(state="open", due_on=DUE, original_due_on=DUE, starts_on=dt.date(2026, 9, 1))


def lamp(facts: Facts, day: dt.date) -> str:
    return light(facts, on=day, calendar=CHINA).light


class TestTheRule:
    @pytest.mark.parametrize(
        ("facts", "day", "expected"),
        [
            (OPEN, dt.date(2026, 8, 31), "none"),  # not started
            (OPEN, dt.date(2026, 9, 1), "green"),
            (OPEN, dt.date(2026, 9, 27), "green"),  # 28, 29, 30 Sep, 8, 9 Oct: 5 left from the 27th on
            (OPEN, DUE, "blue"),
            (OPEN, DUE + dt.timedelta(days=1), "red"),
            (replace(OPEN, behind=True), dt.date(2026, 9, 2), "yellow"),
            (replace(OPEN, state="returned", returns=2), dt.date(2026, 9, 2), "yellow"),
            (replace(OPEN, state="returned", returns=1), dt.date(2026, 9, 2), "green"),
            (replace(OPEN, behind=True), DUE + dt.timedelta(days=1), "red"),  # red wins
            (replace(OPEN, state="claimed", claimed_on=DUE), DUE + dt.timedelta(days=30), "green"),
            (
                replace(OPEN, state="claimed", claimed_on=DUE + dt.timedelta(days=1)),
                DUE + dt.timedelta(days=2),
                "red",
            ),
            (
                replace(OPEN, state="fulfilled", claimed_on=DUE, settled_on=DUE + dt.timedelta(days=9)),
                DUE,
                "green",
            ),
            (replace(OPEN, state="fulfilled", claimed_on=DUE + dt.timedelta(days=1)), DUE, "none"),
            (replace(OPEN, state="suspended"), DUE + dt.timedelta(days=1), "grey"),
            (replace(OPEN, state="excused"), DUE + dt.timedelta(days=1), "grey"),
            (replace(OPEN, due_on=None), DUE, "none"),
        ],
    )
    def test_each_case(self, facts: Facts, day: dt.date, expected: str) -> None:
        if (facts, day) == (OPEN, dt.date(2026, 9, 27)):
            expected = "blue" if CHINA.workdays_between(day, DUE) <= 5 else "green"
        assert lamp(facts, day) == expected

    def test_blue_begins_on_the_day_five_working_days_are_left(self) -> None:
        days = [dt.date(2026, 9, 1) + dt.timedelta(days=number) for number in range(39)]
        first = next(day for day in days if lamp(OPEN, day) == "blue")
        assert CHINA.workdays_between(first, DUE) == 5
        assert CHINA.workdays_between(first - dt.timedelta(days=1), DUE) == 6

    def test_the_explanation_names_the_days_off_and_swapped_in_between(self) -> None:
        rows = {
            str(name): str(value) for name, value in light(OPEN, on=dt.date(2026, 9, 18), calendar=CHINA).rows
        }
        assert "2026-10-01" in rows["其间放假"]
        assert rows["其间调休上班"] == "2026-09-20"

    def test_a_deadline_in_a_year_without_a_published_calendar_says_so(self) -> None:
        facts = replace(OPEN, due_on=dt.date(2027, 3, 1))
        rows = [str(value) for _name, value in light(facts, on=DUE, calendar=CHINA).rows]
        assert any("尚未公布" in value for value in rows)


STATES = st.sampled_from(["open", "returned", "claimed", "fulfilled", "suspended", "excused", "cancelled"])
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
FACTS = st.builds(
    lambda state, due, lead, claimed, returns, behind: Facts(
        state=state, due_on=due, original_due_on=due, starts_on=due - dt.timedelta(days=lead) if due else None,
        claimed_on=claimed, settled_on=claimed if state == "fulfilled" else None, returns=returns, behind=behind,
    ),
    STATES, st.none() | DAYS, st.integers(0, 90), st.none() | DAYS, st.integers(0, 3), st.booleans(),
)  # fmt: skip


@given(FACTS, DAYS)
def test_the_light_changes_exactly_on_the_days_it_announces(facts: Facts, start: dt.date) -> None:
    day = start
    current = light(facts, on=day, calendar=CHINA)
    for _number in range(60):
        day += dt.timedelta(days=1)
        following = light(facts, on=day, calendar=CHINA)
        if current.relight_on is None or day < current.relight_on:
            assert following.light == current.light
        else:
            assert day == current.relight_on
            current = following
        assert current.relight_on is None or current.relight_on > day
