from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.operations import end_holding
from guantong.grassroots.models import Activity, Home
from guantong.grassroots.operations import demands as operations
from guantong.grassroots.operations.catalogue import take_built_in_catalogue
from guantong.grassroots.operations.coverage import find_gaps
from guantong.grassroots.operations.services import give_service
from guantong.kernel import clock
from guantong.reporting.townships.queries import picture

NOW = at(4, 10)
DAY = NOW.date()
TOWNSHIP, VILLAGE = "150602001", "150602001001"


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def commissioner(city: City) -> Acting:
    return city.acting(TOWNSHIP, "commissioner")


@pytest.fixture
def busy(city: City, commissioner: Acting) -> City:
    """A liaison officer who served, a keeper who heard a demand, an activity planned."""
    liaison, keeper = city.acting(VILLAGE, "liaison"), city.acting("150602001-H1", "home_keeper")
    home = Home.objects.create(unit=city.units["150602001-H1"], registered_at=NOW)
    take_built_in_catalogue(cycle=city.cycle, actor=CONSOLE, now=NOW)
    item = city.cycle.service_items.order_by("pk")[0]
    give_service(
        item=item, villages=[city.units[VILLAGE]], people=7, happened_on=DAY, entered_by=liaison.office,  # type: ignore[arg-type]
        actor=liaison, now=NOW, today=DAY,
    )  # fmt: skip
    demand = operations.raise_demand(
        unit=city.units[TOWNSHIP], home=home, wording="想多几场讲座", raised_by=keeper.office, actor=keeper, now=NOW,  # type: ignore[arg-type]
        cycle=city.cycle,
    )  # fmt: skip
    operations.answer_demand(demand=demand, answer="下月起每周一场", actor=commissioner, now=NOW)
    Activity.objects.create(
        cycle=city.cycle, home=home, content="study", title="讲座", day=DAY + dt.timedelta(days=3), planned_by=keeper.office
    )  # fmt: skip
    return city


class TestPicture:
    def test_seats_gaps_homes_services_and_demands(self, busy: City, commissioner: Acting) -> None:
        find_gaps(cycle=busy.cycle, on=DAY, now=NOW, actor=CONSOLE)
        shown = picture(busy.cycle, busy.units[TOWNSHIP], on=DAY)
        assert [each.office for each in shown.township.seats] == [commissioner.office]
        assert not shown.township.is_vacant
        villages = {
            each.unit.name: (each.is_vacant, each.gap is not None, each.services) for each in shown.villages
        }
        assert villages == {"联丰社区": (False, False, 1), "民族社区": (True, True, 0)}
        [home] = shown.homes
        assert (home.unit.name, home.coming, home.held) == ("交通街道同心之家", DAY + dt.timedelta(days=3), 0)
        assert (shown.services, shown.people, shown.covered) == (1, 7, 1)
        assert dict(shown.stages) == {"answered": 1}
        assert dict(shown.holding) == {"answered": 1}
        assert [each.wording for each in shown.demands] == ["想多几场讲座"]

    def test_a_service_for_two_villages_is_one_service(self, busy: City, commissioner: Acting) -> None:
        item = busy.cycle.service_items.order_by("pk")[0]
        places = [busy.units[code] for code in (VILLAGE, "150602001002")]
        give_service(
            item=item, villages=places, people=2, happened_on=DAY, entered_by=commissioner.office, actor=commissioner,  # type: ignore[arg-type]
            now=NOW, today=DAY,
        )  # fmt: skip
        shown = picture(busy.cycle, busy.units[TOWNSHIP], on=DAY)
        assert (shown.services, [each.services for each in shown.villages]) == (2, [2, 1])


class TestPage:
    def test_it_tells_what_was_asked_who_moved_it_and_what_came_back(
        self, busy: City, as_: SignIn, commissioner: Acting
    ) -> None:
        page = as_(commissioner).get(reverse("township", args=[busy.units[TOWNSHIP].pk])).content.decode()
        for words in (
            "想多几场讲座",
            "下月起每周一场",
            "等 交通街道同心之家之家负责人 告诉提出的人",
            "空缺",
            "下一次",
        ):
            assert words in page

    def test_each_figure_of_the_way_opens_to_as_many_demands(
        self, busy: City, as_: SignIn, commissioner: Acting
    ) -> None:
        client = as_(commissioner)
        steps = client.get(reverse("township", args=[busy.units[TOWNSHIP].pk])).context["flow"]
        assert [each["n"] for each in steps] == [1, 0, 0, 0, 0, 1, 0]
        for step in steps:
            assert client.get(step["url"]).context["listing"].total == step["n"]

    def test_a_vacant_commissioner_is_said(self, busy: City, as_: SignIn, commissioner: Acting) -> None:
        holding = commissioner.office.holdings.get()  # type: ignore[union-attr]
        end_holding(holding=holding, ends_on=dt.date(2026, 4, 1), actor=CONSOLE, now=NOW)
        shown = picture(busy.cycle, busy.units[TOWNSHIP], on=DAY)
        assert shown.township.is_vacant
        page = as_(busy.acting("150602", "first_responsible")).get(
            reverse("township", args=[busy.units[TOWNSHIP].pk])
        )
        assert "空缺" in page.content.decode()

    def test_others_do_not_see_it_and_it_is_read_only(
        self, busy: City, as_: SignIn, commissioner: Acting
    ) -> None:
        address = reverse("township", args=[busy.units[TOWNSHIP].pk])
        assert as_(busy.acting("150622", "first_responsible")).get(address).status_code == 404
        assert as_(busy.acting("1506-LGO", "system_admin")).get(address).status_code == 403
        assert as_(commissioner).post(address).status_code == 405

    def test_a_unit_of_another_kind_leads_to_its_roster(self, busy: City, as_: SignIn) -> None:
        unit = busy.units["150602"]
        answer = as_(busy.coordinator).get(reverse("township", args=[unit.pk]))
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("roster", args=[unit.pk]))

    def test_it_asks_as_often_for_many_as_for_few(
        self, busy: City, as_: SignIn, commissioner: Acting, django_assert_max_num_queries: Any
    ) -> None:
        client, address = as_(commissioner), reverse("township", args=[busy.units[TOWNSHIP].pk])
        for n in range(14):
            operations.raise_demand(
                unit=busy.units[VILLAGE], wording=f"第{n}件", raised_by=commissioner.office, actor=commissioner,  # type: ignore[arg-type]
                now=NOW, cycle=busy.cycle,
            )  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(30):
            client.get(address)
