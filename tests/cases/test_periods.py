"""Clocks on the rows of a case: made longer once with the reason told, stopped for a listed reason, run on."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from cases.cast import LEAD, OTHER, accepted, again, clean_log, given, leader, reply
from cases.test_clocks import counted_day_by_day
from conftest import City, at
from guantong.cases.choices import ClockKind, PauseReason
from guantong.cases.clocks import Still
from guantong.cases.models import Case, Clock
from guantong.cases.operations.periods import extend_case, pause_case, resume_case
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Light, State


def closing(case: Case) -> Clock:
    return Clock.objects.filter(case=case, kind=ClockKind.CLOSE).latest("round")


class TestExtendCase:
    def test_the_applicant_reads_why_and_the_unit_owes_it_later(self, city: City) -> None:
        handling = given(city)
        extend_case(case=handling.case, days=30, reason="需采购灯具。", actor=city.head, now=at(4, 20))
        clock = closing(handling.case)
        assert (clock.first_due_on, clock.due_on) == (dt.date(2026, 5, 3), dt.date(2026, 6, 2))
        assert handling.case.steps.get(verb="extend").told == "需采购灯具。"
        assert handling.obligation is not None
        handling.obligation.refresh_from_db()
        assert handling.obligation.due_on == dt.date(2026, 6, 2)
        assert clean_log()

    def test_once(self, city: City) -> None:
        case = given(city).case
        extend_case(case=case, days=10, reason="需采购灯具。", actor=city.head, now=at(4, 20))
        with pytest.raises(Refusal, match="已经延长过一次"):
            extend_case(case=case, days=10, reason="还需。", actor=city.head, now=at(4, 21))

    @pytest.mark.parametrize(
        ("days", "reason", "now", "words"),
        [
            (31, "理由", at(4, 20), "最多延长 30 天"),
            (0, "理由", at(4, 20), "最多延长 30 天"),
            (10, " ", at(4, 20), "当事人会看到"),
            (10, "理由", at(5, 4), "已于 2026-05-03 到期"),
        ],
    )
    def test_within_the_days_in_time_and_with_a_reason(
        self, city: City, days: int, reason: str, now: dt.datetime, words: str
    ) -> None:
        case = given(city).case
        with pytest.raises(Refusal, match=words):
            extend_case(case=case, days=days, reason=reason, actor=city.head, now=now)
        assert closing(case).due_on == dt.date(2026, 5, 3)

    def test_by_the_head_of_the_leading_unit_not_by_others(self, city: City) -> None:
        case = given(city).case
        for other in (city.acting(LEAD, "liaison"), city.acting(OTHER, "unit_head"), leader(city)):
            with pytest.raises(Refusal, match="主要负责人批准"):
                extend_case(case=case, days=10, reason="需采购灯具。", actor=other, now=at(4, 20))


class TestPauseCase:
    def test_every_running_clock_moves_by_the_days_it_stood_still(self, city: City) -> None:
        handling = given(city)
        case = handling.case
        pause_case(
            case=case, reason=PauseReason.HEARING, note="4 月 1 日听证", actor=city.head, now=at(3, 20)
        )
        assert handling.obligation is not None
        handling.obligation.refresh_from_db()
        assert (handling.obligation.state, handling.obligation.light) == (State.SUSPENDED, Light.GREY)
        resume_case(case=case, actor=city.head, now=at(4, 2))
        assert closing(case).due_on == dt.date(2026, 5, 3) + dt.timedelta(days=13)
        handling.obligation.refresh_from_db()
        assert (handling.obligation.state, handling.obligation.due_on) == (State.OPEN, dt.date(2026, 5, 16))
        assert list(case.steps.filter(verb__in=["pause", "resume"]).values_list("verb", "told")) == [
            ("pause", "举行听证 · 4 月 1 日听证"), ("resume", "")
        ]  # fmt: skip
        assert clean_log()

    def test_only_for_a_listed_reason_and_once_at_a_time(self, city: City) -> None:
        case = given(city).case
        with pytest.raises(Refusal, match="只能是列出的几种"):
            pause_case(case=case, reason="busy", note="", actor=city.head, now=at(3, 20))
        pause_case(case=case, reason=PauseReason.EXPERT, note="", actor=city.head, now=at(3, 20))
        with pytest.raises(Refusal, match="已经在暂停"):
            pause_case(case=case, reason=PauseReason.EXPERT, note="", actor=city.head, now=at(3, 21))
        with pytest.raises(Refusal, match="先恢复"):
            reply(city, case, now=at(3, 21))
        with pytest.raises(Refusal, match="先恢复"):
            extend_case(case=case, days=5, reason="需采购。", actor=city.head, now=at(3, 21))

    def test_not_by_a_unit_that_does_not_lead(self, city: City) -> None:
        with pytest.raises(Refusal, match="牵头单位决定"):
            pause_case(
                case=given(city).case, reason=PauseReason.HEARING, note="", actor=city.acting(OTHER, "unit_head"), now=at(3, 20)
            )  # fmt: skip

    def test_nothing_to_resume(self, city: City) -> None:
        with pytest.raises(Refusal, match="没有在暂停"):
            resume_case(case=given(city).case, actor=city.head, now=at(3, 20))


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_row_says_what_counting_day_by_day_says(city: City, seed: int) -> None:
    """Pauses and one extension at random moments, on the database, against the plain reference."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    case = accepted(city)
    clock, day = closing(case), at(3, 5)
    pauses: list[Still] = []
    longer = 0
    for _each in range(6):
        day += dt.timedelta(days=chance.randint(0, 12))
        if day.date() > closing(case).due_on:
            break
        if not longer and chance.random() < 0.4:
            longer = chance.randint(1, 30)
            extend_case(case=case, days=longer, reason="需要时间。", actor=city.coordinator, now=day)
            continue
        pause_case(
            case=case, reason=PauseReason.MORE_FROM_APPLICANT, note="", actor=city.coordinator, now=day
        )
        ends = day + dt.timedelta(days=chance.randint(0, 20))
        resume_case(case=case, actor=city.coordinator, now=ends)
        pauses.append(Still(day.date(), ends.date()))
        day = ends
    expected = counted_day_by_day(clock.starts_on, clock.number + longer, False, pauses)
    assert closing(case).due_on == expected
    assert again(case).stage == "accepted"
    assert clean_log()
