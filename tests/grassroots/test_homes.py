"""The register of homes, who hosts them, and whether the door is open."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn, at
from grassroots.home_cast import (
    HOME_CODE,
    NOW,
    TODAY,
    WEEKDAYS,
    another_home,
    keeper_of,
    recorded,
    registered,
    room_of,
)
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.grassroots.models import Home, HomeHost
from guantong.grassroots.operations.homes import add_host, change_home, end_host, register_home
from guantong.grassroots.queries.homes import (
    homes_near,
    homes_open_to,
    homes_visible_to,
    hosts_on,
    units_to_register,
)
from guantong.grassroots.rules.hours import hours_of, open_minutes_within, open_until, opens_next, read_day
from guantong.grassroots.views.home_frame import standing
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.partners.models import Partner


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


class TestRegister:
    def test_the_keeper_enters_the_home_once(self, city: City) -> None:
        keeper, unit = keeper_of(city), city.units[HOME_CODE]
        assert list(units_to_register(keeper)) == [unit]
        home = register_home(unit=unit, actor=keeper, now=NOW, hours=WEEKDAYS, contents=["study"])
        assert (home.hours, home.contents) == (WEEKDAYS, ["study"])
        assert register_home(unit=unit, actor=keeper, now=NOW) == home
        assert list(units_to_register(keeper)) == []
        assert verify_log().faults == []

    def test_only_a_unit_of_the_kind_is_a_home(self, city: City) -> None:
        with pytest.raises(Refusal, match="不是之家"):
            register_home(
                unit=city.units["150602001"], actor=city.acting("150602001", "commissioner"), now=NOW
            )

    def test_an_office_elsewhere_cannot(self, city: City) -> None:
        with pytest.raises(Refusal, match="之家负责人或上级"):
            register_home(unit=city.units[HOME_CODE], actor=city.acting("150622100", "commissioner"), now=NOW)
        assert Home.objects.count() == 0

    def test_a_change_says_in_the_log_which_fields_and_nothing_changed_says_nothing(self, city: City) -> None:
        home, keeper = registered(city), keeper_of(city)
        change_home(home=home, actor=keeper, now=NOW, address="文化路 3 号", hours_posted=True)
        home.refresh_from_db()
        assert (home.address, home.hours_posted, home.hours) == ("文化路 3 号", True, WEEKDAYS)
        n = AuditEntry.objects.count()
        change_home(home=home, actor=keeper, now=NOW, address="文化路 3 号")
        assert AuditEntry.objects.count() == n
        assert verify_log().faults == []

    @pytest.mark.parametrize(
        ("told", "why"),
        [
            ({"contents": ["dancing"]}, "没有“dancing”"),
            ({"address": "长" * 201}, "200"),
            ({"hours": [{"day": 1, "from": "09:00", "to": "08:00"}]}, "不晚于"),
        ],
    )
    def test_what_cannot_be_is_refused(self, city: City, told: dict[str, Any], why: str) -> None:
        with pytest.raises(Refusal, match=why):
            change_home(home=registered(city), actor=keeper_of(city), now=NOW, **told)


class TestHosts:
    def test_a_host_comes_and_goes_by_day(self, city: City) -> None:
        home, keeper = registered(city), keeper_of(city)
        village = city.units["150602001001"]
        made = add_host(
            home=home, kind="community", unit=village, starts_on=dt.date(2026, 1, 10), actor=keeper, now=NOW
        )
        volunteers = add_host(
            home=home, kind="volunteers", starts_on=dt.date(2026, 4, 1), actor=keeper, now=NOW
        )
        end_host(host=made, ends_on=dt.date(2026, 4, 5), actor=keeper, now=NOW)
        assert hosts_on([home.pk], dt.date(2026, 4, 5)) == {home.pk: [made, volunteers]}
        assert hosts_on([home.pk], dt.date(2026, 4, 6)) == {home.pk: [volunteers]}
        assert verify_log().faults == []

    def test_the_same_twice_is_one(self, city: City) -> None:
        home, keeper = registered(city), keeper_of(city)
        for _each in range(2):
            add_host(home=home, kind="volunteers", starts_on=TODAY, actor=keeper, now=NOW)
        assert HomeHost.objects.count() == 1

    def test_a_person_is_no_host(self, city: City) -> None:
        home, keeper = registered(city), keeper_of(city)
        someone = Partner(kind="representative")
        with pytest.raises(Refusal, match="不登记个人"):
            add_host(home=home, kind="enterprise", partner=someone, starts_on=TODAY, actor=keeper, now=NOW)

    def test_it_does_not_end_before_it_begins(self, city: City) -> None:
        home, keeper = registered(city), keeper_of(city)
        host = add_host(home=home, kind="school", starts_on=TODAY, actor=keeper, now=NOW)
        with pytest.raises(Refusal, match="早于开始"):
            end_host(host=host, ends_on=TODAY - dt.timedelta(days=1), actor=keeper, now=NOW)


class TestHours:
    @pytest.mark.parametrize(
        "typed",
        [
            "8:30-11:30 14:30-17:30",
            "14:30-17:30，8:30—11:30",
            "8：30～11：30、14：30至17：30",
            " 08:30 - 11:30;14:30-17:30 ",
        ],
    )
    def test_a_day_is_read_as_people_write_it(self, typed: str) -> None:
        assert read_day(typed) == [
            (dt.time(8, 30), dt.time(11, 30)),
            (dt.time(14, 30), dt.time(17, 30)),
        ]

    def test_nothing_is_closed(self) -> None:
        assert read_day("  ") == []

    @pytest.mark.parametrize("typed", ["全天", "8:30", "25:00-26:00", "11:30-8:30", "8:00-10:00 9:00-11:00"])
    def test_what_cannot_be_read_is_refused(self, typed: str) -> None:
        with pytest.raises(Refusal):
            read_day(typed)

    def test_open_closed_and_when_next(self) -> None:
        friday = at(4, 10)
        assert open_until(WEEKDAYS, friday) == dt.time(11, 30)
        assert open_until(WEEKDAYS, friday.replace(hour=12)) is None
        assert opens_next(WEEKDAYS, friday.replace(hour=12)) == (TODAY, dt.time(14, 30))
        assert opens_next(WEEKDAYS, friday.replace(hour=18)) == (dt.date(2026, 4, 13), dt.time(8, 30))
        assert opens_next([], friday) is None
        only_now = hours_of({5: read_day("8:00-9:00")})
        assert opens_next(only_now, friday) == (dt.date(2026, 4, 17), dt.time(8, 0))

    def test_closing_time_is_closed(self) -> None:
        assert open_until(WEEKDAYS, at(4, 10).replace(hour=11, minute=30)) is None

    def test_minutes_within(self) -> None:
        assert open_minutes_within(WEEKDAYS, TODAY, (dt.time(11), dt.time(15))) == 60
        assert open_minutes_within(WEEKDAYS, dt.date(2026, 4, 11), (dt.time(9), dt.time(10))) == 0

    def test_the_sentence_at_the_door(self) -> None:
        assert standing(WEEKDAYS, NOW)["text"] == "现在开放，11:30 关门"
        assert standing(WEEKDAYS, at(4, 10, 12))["text"] == "现在关门，今天 14:30 开放"
        assert standing(WEEKDAYS, at(4, 10, 18))["text"] == "现在关门，星期一 08:30 开放"
        assert standing([], NOW)["text"] == "还没有写开放时间"


class TestNear:
    @pytest.fixture
    def three(self, city: City) -> list[Home]:
        """One in the street, one in a village of it, one elsewhere in the district, one in another banner."""
        return [
            registered(city),
            another_home(city, "150602001001", "150602001001-H1", "联丰之家"),
            another_home(city, "150602", "150602-H1", "东胜企业之家"),
            another_home(city, "150622100", "150622100-H1", "薛家湾之家"),
        ]

    def test_the_street_first_then_the_district_never_another_banner(
        self, city: City, three: list[Home]
    ) -> None:
        street, village, district, _other = three
        assert list(homes_near(city.units["150602001002"])) == [village, street, district]

    def test_a_liaison_officer_finds_the_home_of_the_street_but_keeps_it_not(
        self, city: City, three: list[Home]
    ) -> None:
        liaison = city.acting("150602001002", "liaison")
        assert set(homes_visible_to(liaison)) == set()
        assert set(homes_open_to(liaison)) == set(three[:3])

    def test_a_closed_home_is_near_nobody(self, city: City, three: list[Home]) -> None:
        unit = three[0].unit
        unit.closed_on = TODAY
        unit.save()
        assert three[0] not in homes_near(city.units["150602001002"])


class TestPages:
    def test_the_list_shows_homes_near_and_filters(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(city.acting("150602001002", "liaison"))
        page = client.get(reverse("homes"))
        assert page.status_code == 200
        assert "交通街道同心之家" in page.content.decode()
        assert "现在开放" in page.content.decode()
        for query, there in (
            ("q=同心", True),
            ("q=无此", False),
            ("subkind=township_home", True),
            ("subkind=online_home", False),
            ("content=study", True),
            ("content=charity", False),
            ("state=open", True),
            ("state=idle", True),
        ):
            found = [row["home"] for row in client.get(f"{reverse('homes')}?{query}").context["rows"]]
            assert found == ([home] if there else []), query

    def test_the_list_costs_the_same_for_many(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        registered(city)
        for n in range(6):
            home = another_home(city, "150602001001", f"150602001001-H{n}", f"之家{n}")
            add_host(
                home=home,
                kind="community",
                unit=city.units["150602001001"],
                starts_on=TODAY,
                actor=keeper_like(city),
                now=NOW,
            )
        client = as_(city.coordinator)
        with django_assert_max_num_queries(16):
            assert len(client.get(reverse("homes")).context["rows"]) == 7

    def test_the_page_of_a_home(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        home = registered(city)
        room_of(home)
        recorded(city, home)
        client = as_(keeper_of(city))
        with django_assert_max_num_queries(24):
            page = client.get(reverse("home-page", args=[home.pk])).content.decode()
        assert "现在开放，11:30 关门" in page
        assert "今天空闲：08:30—11:30、14:30—17:30" in page
        assert "登记做过的活动" in page

    def test_a_neighbour_reads_the_page_without_what_the_keeper_does(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        page = as_(city.acting("150602001002", "liaison")).get(reverse("home-page", args=[home.pk]))
        assert page.status_code == 200
        assert "登记做过的活动" not in page.content.decode()
        assert "房间使用率" not in page.content.decode()

    def test_another_banner_finds_nothing(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(city.acting("150622100", "commissioner"))
        assert client.get(reverse("home-page", args=[home.pk])).status_code == 404
        assert client.get(reverse("home-edit", args=[home.pk])).status_code == 404
        assert client.post(reverse("home-hosts", args=[home.pk])).status_code == 404

    def test_the_entry_is_made_and_changed_through_the_form(self, city: City, as_: SignIn) -> None:
        client = as_(keeper_of(city))
        unit = city.units[HOME_CODE]
        given = {
            "subkind": "township_home",
            "contents": ["study"],
            "day_1": "9:00-12:00",
            "hours_posted": "on",
        }
        answer = client.post(reverse("home-registration", args=[unit.pk]), given)
        home = Home.objects.get()
        assert answer["Location"] == reverse("home-page", args=[home.pk])
        assert (home.hours, home.hours_posted) == ([{"day": 1, "from": "09:00", "to": "12:00"}], True)
        assert client.get(reverse("home-registration", args=[unit.pk])).status_code == 302
        wrong = client.post(reverse("home-edit", args=[home.pk]), given | {"day_2": "看情况"})
        assert wrong.status_code == 422
        assert "看不懂" in wrong.content.decode()
        client.post(reverse("home-edit", args=[home.pk]), given | {"day_1": ""})
        home.refresh_from_db()
        assert home.hours == []

    def test_a_host_is_added_and_ended_on_the_page(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(keeper_of(city))
        village = city.units["150602001001"]
        given = {"kind": "community", "who": f"u{village.pk}", "starts_on": "2026-04-01"}
        assert client.post(reverse("home-hosts", args=[home.pk]), given).status_code == 302
        host = HomeHost.objects.get()
        assert host.unit == village
        assert client.get(reverse("home-host-end", args=[host.pk])).status_code == 405
        for _each in range(2):
            assert client.post(reverse("home-host-end", args=[host.pk])).status_code == 302
        host.refresh_from_db()
        assert host.ends_on == TODAY

    def test_who_may_not_write_cannot_edit(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(city.acting("1506-LGO", "assessor"))
        assert client.get(reverse("home-page", args=[home.pk])).status_code == 200
        assert client.get(reverse("home-edit", args=[home.pk])).status_code == 403


def keeper_like(city: City) -> Any:
    return city.acting("150602001", "commissioner")
