from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from conftest import CONSOLE, START, City, SignIn, at
from grassroots.test_coverage_gaps import seat
from guantong.accounts.operations import end_holding, hold_office
from guantong.grassroots.queries.roster import term_ends
from guantong.kernel import clock

DAY = dt.date(2026, 4, 10)


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(4, 10))


def rows(answer: object) -> dict[tuple[str, str], object]:
    shown = answer.context["rows"]  # type: ignore[attr-defined]
    return {(row["place"].unit.code, row["place"].rule.id): row["place"] for row in shown}


class TestRoster:
    def test_a_full_time_commissioner_who_holds_another_office_is_shown_with_it(
        self, city: City, as_: SignIn
    ) -> None:
        holding = seat(city, "150602001", "commissioner", since=dt.date(2026, 1, 1))
        also = city.office("150602001001", "liaison")
        hold_office(
            person=holding.person, office=also, starts_on=dt.date(2026, 3, 1), actor=CONSOLE, now=START
        )
        url = reverse("roster", args=[city.units["150602001"].pk])
        client = as_(city.coordinator)
        place = rows(client.get(url))["150602001", "C01"]
        (holder,) = place.holders  # type: ignore[attr-defined]
        assert (holder.is_full_time, [office.pk for office in holder.others]) == (False, [also.pk])
        assert place.line.missing == 1  # type: ignore[attr-defined]
        before = rows(client.get(url + "?on=2026-02-28"))["150602001", "C01"]
        assert before.holders[0].is_full_time  # type: ignore[attr-defined]
        assert before.line.missing == 0  # type: ignore[attr-defined]

    def test_acting_and_doubled_seats_say_so(self, city: City, as_: SignIn) -> None:
        one = seat(city, "150602001001", "liaison", since=dt.date(2026, 1, 1), acting=True)
        hold_office(
            person=one.person, office=city.office("150602001002", "liaison"), starts_on=dt.date(2026, 1, 1),
            actor=CONSOLE, now=START,
        )  # fmt: skip
        answer = as_(city.coordinator).get(reverse("roster", args=[city.units["150602001"].pk]))
        found = rows(answer)
        lines = [found[code, "C02"].line for code in ("150602001001", "150602001002")]  # type: ignore[attr-defined]
        assert [(line.acting, line.doubled) for line in lines] == [(1, 1), (0, 1)]
        short = as_(city.coordinator).get(reverse("roster", args=[city.units["150602001"].pk]) + "?short=1")
        assert set(rows(short)) == {("150602001", "C01"), ("150602001001", "C02"), ("150602001002", "C02")}

    def test_names_stay_within_sight(self, city: City, as_: SignIn) -> None:
        seat(city, "150602001", "commissioner", since=dt.date(2026, 1, 1))
        url = reverse("roster", args=[city.units["150602001"].pk])
        assert "某人" in as_(city.acting("150602", "first_responsible")).get(url).content.decode()
        assert as_(city.acting("150622", "first_responsible")).get(url).status_code == 404

    def test_the_first_page_is_that_of_ones_own_subtree(self, city: City, as_: SignIn) -> None:
        own = city.acting("150602001", "commissioner")
        answer = as_(own).get(reverse("rosters"))
        assert answer["Location"] == reverse("roster", args=[city.units["150602001"].pk])

    def test_the_queries_do_not_grow_with_the_holders(
        self, city: City, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        for code in ("150602001001", "150602001002", "150622100200"):
            seat(city, code, "liaison", since=dt.date(2026, 1, 1))
        for code in ("150602001", "150622100"):
            seat(city, code, "commissioner", since=dt.date(2026, 1, 1))
        client = as_(city.coordinator)
        with django_assert_max_num_queries(40):  # type: ignore[operator]
            client.get(reverse("roster", args=[city.units["1506"].pk]))


class TestTermEnds:
    def test_those_within_ninety_days_with_or_without_a_successor(self, city: City, as_: SignIn) -> None:
        for code, ends in (
            ("150602001001", DAY + dt.timedelta(days=90)),
            ("150602001002", DAY + dt.timedelta(days=5)),
            ("150622100200", DAY + dt.timedelta(days=91)),
        ):
            holding = seat(city, code, "liaison", since=dt.date(2026, 1, 1))
            end_holding(holding=holding, ends_on=ends, actor=CONSOLE, now=START)
        seat(city, "150602001002", "liaison", since=DAY + dt.timedelta(days=6))
        found = term_ends(city.cycle, city.units["1506"], on=DAY)
        assert [(each.office.unit.code, each.has_successor) for each in found] == [
            ("150602001002", True), ("150602001001", False),
        ]  # fmt: skip
        answer = as_(city.acting("150622", "first_responsible")).get(reverse("term-ends"))
        assert answer.context["rows"] == []
        mine = as_(city.acting("150602", "first_responsible")).get(reverse("term-ends"))
        assert [row["left"] for row in mine.context["rows"]] == [5, 90]
