from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from conftest import CONSOLE, START, City, SignIn, at
from grassroots.test_coverage_gaps import look, seat
from guantong.accounts.operations import end_holding
from guantong.kernel import clock
from guantong.organisation.operations import merge_units, move_unit

TODAY = at(4, 10)


@pytest.fixture
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: TODAY)


@pytest.fixture
def roster(city: City, april: None) -> City:
    """联丰 has had an officer all year, 民族 lost hers on 1 March, 沙圪堵 never had one."""
    seat(city, "150602001001", "liaison", since=dt.date(2025, 7, 1), name="a")
    gone = seat(city, "150602001002", "liaison", since=dt.date(2025, 7, 1), name="b")
    end_holding(holding=gone, ends_on=dt.date(2026, 2, 28), actor=CONSOLE, now=START)
    return city


def page(roster: City, name: str, code: str, rule: str = "C02", **query: str) -> str:
    url = reverse(name, args=[roster.cycle.pk, roster.units[code].pk, rule])
    return url + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


class TestDistricts:
    def test_needs_has_gaps_and_vacancy_days_by_district(self, roster: City, as_: SignIn) -> None:
        answer = as_(roster.coordinator).get(page(roster, "coverage-districts", "1506"))
        rows = {row["unit"].code: row["sum"] for row in answer.context["rows"]}
        shown = {code: (s.needs, s.has, s.missing, s.vacancy_days) for code, s in rows.items()}
        # 1 March to 10 April are 41 days, 1 January to 10 April 100
        assert shown == {"150602": (2, 1, 1, 41), "150622": (1, 0, 1, 100)}
        whole = answer.context["whole"]
        assert (whole.needs, whole.has, whole.missing, whole.vacancy_days) == (3, 1, 2, 141)

    def test_a_past_day_is_told_as_it_was(self, roster: City, as_: SignIn) -> None:
        answer = as_(roster.coordinator).get(page(roster, "coverage-districts", "1506", on="2026-02-28"))
        rows = {row["unit"].code: row["sum"] for row in answer.context["rows"]}
        assert {code: (s.has, s.vacancy_days) for code, s in rows.items()} == {
            "150602": (2, 0),
            "150622": (0, 59),
        }

    def test_days_stay_with_the_district_where_the_village_lay_on_them(
        self, roster: City, as_: SignIn
    ) -> None:
        move_unit(
            unit=roster.units["150622100"], under=roster.units["150602"], on=dt.date(2026, 4, 1), actor=CONSOLE,
            now=at(4, 1), reason="划转",
        )  # fmt: skip
        answer = as_(roster.coordinator).get(page(roster, "coverage-districts", "1506"))
        rows = {row["unit"].code: row["sum"] for row in answer.context["rows"]}
        assert {code: (s.needs, s.vacancy_days) for code, s in rows.items()} == {
            "150602": (3, 51),
            "150622": (0, 90),
        }

    def test_an_unreadable_day_is_today_and_a_coming_one_too(self, roster: City, as_: SignIn) -> None:
        for asked in ("soon", "2026-12-31"):
            answer = as_(roster.coordinator).get(page(roster, "coverage-districts", "1506", on=asked))
            assert answer.context["on"] == dt.date(2026, 4, 10)

    def test_an_unknown_rule_and_one_over_assets_are_not_there(self, roster: City, as_: SignIn) -> None:
        client = as_(roster.coordinator)
        assert client.get(page(roster, "coverage-districts", "1506", "C99")).status_code == 404

    @pytest.mark.parametrize("rule", ["C01", "C02", "C03", "C04"])
    def test_the_queries_are_few_whatever_the_rule(
        self, roster: City, as_: SignIn, rule: str, django_assert_max_num_queries: object
    ) -> None:
        client = as_(roster.coordinator)
        with django_assert_max_num_queries(24):  # type: ignore[operator]
            assert client.get(page(roster, "coverage-districts", "1506", rule)).status_code == 200

    def test_outside_ones_own_subtree_there_is_nothing(self, roster: City, as_: SignIn) -> None:
        other = roster.acting("150622", "first_responsible")
        assert as_(other).get(page(roster, "coverage-districts", "150602")).status_code == 404
        assert as_(other).get(page(roster, "coverage-districts", "150622")).status_code == 200


class TestDays:
    def test_the_strip_has_a_stretch_for_each_state_with_its_days(self, roster: City, as_: SignIn) -> None:
        answer = as_(roster.coordinator).get(page(roster, "coverage-days", "150602001"))
        rows = {row["unit"].code: row["strip"].stretches for row in answer.context["rows"]}
        assert {code: [(s.state, s.days) for s in each] for code, each in rows.items()} == {
            "150602001001": [("held", 100)],
            "150602001002": [("held", 59), ("short", 41)],
        }

    def test_a_merged_village_and_its_heir_are_both_there(self, roster: City, as_: SignIn) -> None:
        merge_units(
            units=[roster.units["150602001002"]], into=roster.units["150602001001"], on=dt.date(2026, 3, 31),
            actor=CONSOLE, now=at(3, 31), reason="合并",
        )  # fmt: skip
        answer = as_(roster.coordinator).get(page(roster, "coverage-days", "150602001"))
        rows = {row["unit"].code: row["line"].vacancy_days for row in answer.context["rows"]}
        assert rows == {"150602001001": 0, "150602001002": 30}
        alone = as_(roster.coordinator).get(page(roster, "coverage-days", "150602001001"))
        assert "民族社区 → 联丰社区" in alone.content.decode()


class TestGapList:
    def test_the_oldest_come_first_with_owner_and_due_day(self, roster: City, as_: SignIn) -> None:
        look(roster, dt.date(2026, 4, 10))
        answer = as_(roster.coordinator).get(reverse("gaps") + "?rule=C02")
        shown = [
            (row["gap"].unit.code, row["days"], row["owed"].office.unit.code)
            for row in answer.context["rows"]
        ]
        assert shown == [("150622100200", 100, "150622100"), ("150602001002", 41, "150602001")]
        assert "2026-05-10" in answer.content.decode()

    def test_one_sees_the_gaps_of_ones_own_subtree(self, roster: City, as_: SignIn) -> None:
        look(roster, dt.date(2026, 4, 10))
        answer = as_(roster.acting("150622", "first_responsible")).get(reverse("gaps"))
        assert {row["gap"].unit.code for row in answer.context["rows"]} == {"150622100", "150622100200"}

    def test_the_queries_do_not_grow_with_the_rows(
        self, roster: City, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        look(roster, dt.date(2026, 4, 10))
        client = as_(roster.coordinator)
        with django_assert_max_num_queries(18):  # type: ignore[operator]
            client.get(reverse("gaps"))
