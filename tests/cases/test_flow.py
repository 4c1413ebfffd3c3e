"""The flow of a case as a band: each stage with the days it took, the present one until it has to be over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from cases.cast import again, answered, filed, rated
from conftest import City, SignIn, at
from guantong.cases.models import Case
from guantong.cases.operations.accepting import accept_case
from guantong.cases.operations.wishes import withdraw_case
from guantong.cases.views.flow import flow_of
from guantong.kernel import clock


def shown(case: Case, today: dt.date) -> list[tuple[str, str, str, str]]:
    found = flow_of(again(case), case.steps.order_by("pk"), today=today)
    return [
        (
            each.phase.name,
            f"{each.phase.begins_on:%m-%d} {each.phase.ends_on:%m-%d}",
            each.phase.waits_for,
            each.state,
        )
        for each in found.segments
    ]


class TestFlow:
    def test_the_present_stage_goes_on_to_its_last_day(self, city: City) -> None:
        case = filed(city)[0]
        first = clock.today(case.steps.get().taken_at)
        accept_case(
            case=case,
            title="路灯不亮",
            actor=city.coordinator,
            now=at(first.month, first.day) + dt.timedelta(days=3),
        )
        names = [row[0] for row in shown(case, first + dt.timedelta(days=10))]
        assert names == ["已登记", "已受理"]
        registered, accepted = shown(case, first + dt.timedelta(days=10))
        assert registered[2:] == ("用时 3 天", "done")
        assert accepted[2:] == ("已有 7 天", "current")
        due = again(case).clocks.filter(met_on__isnull=True, dropped_on__isnull=True).latest("due_on").due_on
        assert accepted[1].endswith(f"{due:%m-%d}")

    def test_overdue_it_goes_on_to_today(self, city: City) -> None:
        case = filed(city)[0]
        [row] = shown(case, dt.date(2026, 12, 1))
        assert row[1].endswith("12-01")

    def test_of_a_case_that_ended_nothing_goes_on(self, city: City) -> None:
        case = filed(city)[0]
        first = clock.today(case.steps.get().taken_at)
        withdraw_case(
            case=case, actor=city.coordinator, now=at(first.month, first.day) + dt.timedelta(days=5)
        )
        rows = shown(case, dt.date(2026, 12, 1))
        assert [(row[0], row[2], row[3]) for row in rows] == [
            ("已登记", "用时 5 天", "done"),
            ("已撤回", "", "done"),
        ]

    def test_stages_of_one_day_are_the_last_of_them(self, city: City) -> None:
        case = filed(city)[0]
        day = case.steps.get().taken_at
        accept_case(case=case, title="路灯不亮", actor=city.coordinator, now=day + dt.timedelta(minutes=5))
        assert [row[0] for row in shown(case, clock.today(day))] == ["已受理"]

    def test_stands_on_the_page_beside_its_table(
        self, city: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(4, 20))
        case = rated(answered(city), stars=5, solved=True, now=at(4, 1))
        page = as_(city.coordinator).get(reverse("case", args=[case.pk])).content.decode()
        assert 'class="band"' in page
        assert "办理流程" in page
