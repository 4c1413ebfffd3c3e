from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.models import Holding
from guantong.audit.verification import verify_log
from guantong.grassroots.campaign_terms import ANSWER_WITHIN, CRITERIA, MIN_N, campaigns_of
from guantong.grassroots.choices import ActivityStage
from guantong.grassroots.models import Activity, Campaign, Certificate, Demand, Home
from guantong.grassroots.operations.campaigns import end_campaigns, launch_campaign
from guantong.grassroots.operations.homes import change_home, register_home
from guantong.grassroots.queries.campaigns import campaigns_visible_to, picture
from guantong.grassroots.queries.measures import population, values_on
from guantong.grassroots.spread import box, spread
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.package.building import build
from guantong.organisation.models import Unit
from guantong.organisation.operations import open_unit
from guantong.records.operations import enter_record

NOW = at(4, 10)
DAY = NOW.date()
END = dt.date(2026, 7, 10)


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def homes(city: City) -> list[Home]:
    """Six homes in 东胜区 and two in 准格尔旗, all registered."""
    made = []
    for n, parent in enumerate([*["150602001"] * 5, *["150622100"] * 2]):
        unit = open_unit(
            code=f"home-{n}", name=f"之家{n}", kind="home", level="township", parent=city.units[parent],
            on=dt.date(2025, 6, 1), actor=CONSOLE, now=NOW,
        )  # fmt: skip
        made.append(register_home(unit=unit, actor=CONSOLE, now=NOW))
    old = register_home(unit=city.units["150602001-H1"], actor=CONSOLE, now=NOW)
    return [old, *made]


def launched(
    city: City, identifier: str = "K1", *places: str, now: dt.datetime = NOW, **changed: Any
) -> Campaign:
    told: dict[str, Any] = {"ends_on": END, "actor": city.coordinator}
    spots = [city.units[code] for code in places or ("150602",)]
    return launch_campaign(cycle=city.cycle, identifier=identifier, places=spots, now=now, **told | changed)


def terms(city: City, identifier: str) -> Any:
    return next(each for each in campaigns_of(city.cycle.package) if each.id == identifier)


class TestThePackage:
    def test_the_four_campaigns_with_what_they_are_over(self, city: City) -> None:
        found = [
            (each.id, each.kinds, each.seats, each.criteria) for each in campaigns_of(city.cycle.package)
        ]
        assert found == [
            ("K1", ("home",), (), ("open_hours_posted", "rules_posted")),
            ("K2", ("home",), (), ("activity_per_quarter",)),
            ("K3", (), ("commissioner", "liaison", "home_keeper"), ("training_once_a_year",)),
            ("K4", ("home",), (), ("requests_answered_on_time",)),
        ]
        assert {each for row in found for each in row[3]} == set(CRITERIA)

    def test_says_how_many_units_are_told_together_and_when_an_answer_is_in_time(self, city: City) -> None:
        plain = city.cycle.package.source
        first, *others = plain["campaigns"]
        other = build({**plain, "demands": {"answer_days": 7}, "campaigns": [{**first, "min_n": 9}, *others]})
        k1, k2, *_rest = campaigns_of(other)
        assert (k1.min_n, k2.min_n, k1.answer_days) == (9, MIN_N, 7)
        silent = build({key: each for key, each in plain.items() if key != "demands"})
        assert campaigns_of(silent)[0].answer_days == ANSWER_WITHIN

    def test_units_are_of_the_kind_or_have_the_seats(self, city: City, homes: list[Home]) -> None:
        path = city.cycle.unit.path
        assert {each.pk for each in population(terms(city, "K1"), path, (DAY,))} == {
            each.unit_id for each in homes
        }
        codes = {each.code for each in population(terms(city, "K3"), path, (DAY,))}
        assert {"150602001", "150602001001", "1506-MU-01", "150602001-H1"} <= codes
        assert "150602" not in codes

    def test_a_unit_opened_in_between_is_in_neither_picture(self, city: City, homes: list[Home]) -> None:
        found = population(terms(city, "K1"), city.cycle.unit.path, (dt.date(2025, 3, 1), DAY))
        assert [each.code for each in found] == ["150602001-H1"]


class TestLaunch:
    def test_the_homes_below_the_places_are_treated_and_the_state_of_the_day_is_kept(
        self, city: City, homes: list[Home]
    ) -> None:
        change_home(home=homes[1], actor=CONSOLE, now=NOW, hours_posted=True)
        campaign = launched(city)
        assert {each.unit_id for each in campaign.units.all()} == {each.unit_id for each in homes[:6]}
        assert campaign.readings == {"before": {"open_hours_posted": [homes[1].unit_id], "rules_posted": []}}
        assert (campaign.starts_on, campaign.ends_on) == (DAY, END)
        assert verify_log().faults == []

    def test_a_campaign_of_a_name_runs_once_at_a_time(self, city: City, homes: list[Home]) -> None:
        launched(city)
        with pytest.raises(Refusal, match="正在开展"):
            launched(city)
        launched(city, "K2")

    def test_only_the_coordinating_office_and_only_what_there_is(self, city: City, homes: list[Home]) -> None:
        with pytest.raises(Refusal, match="由统筹协调机构启动"):
            launched(city, actor=city.head)
        with pytest.raises(Refusal, match="没有这项行动"):
            launched(city, "K9")
        with pytest.raises(Refusal, match="没有可以开展"):
            launched(city, "K1", "150602001001")
        for day in (DAY, dt.date(2027, 1, 1)):
            with pytest.raises(Refusal, match="结束日期"):
                launched(city, ends_on=day)
        with pytest.raises(Refusal, match="从名单中"):
            launch_campaign(
                cycle=city.cycle, identifier="K1", places=[city.units["15"]], ends_on=END, actor=CONSOLE, now=NOW
            )  # fmt: skip


class TestPicture:
    def test_before_is_as_it_was_and_after_as_it_is(self, city: City, homes: list[Home]) -> None:
        campaign = launched(city)
        for home in (homes[0], homes[6]):
            change_home(home=home, actor=CONSOLE, now=NOW, hours_posted=True)
        shown = picture(campaign, "open_hours_posted", path=city.cycle.unit.path, today=DAY)
        found = {
            each.unit.pk: (each.is_treated, each.before, each.after, each.change) for each in shown.lines
        }
        assert found[homes[0].unit_id] == (True, 0, 100, 100)
        assert found[homes[1].unit_id] == (True, 0, 0, 0)
        assert found[homes[6].unit_id] == (False, 0, 100, 100)
        treated, beside = shown.groups
        assert treated.after is not None
        assert (treated.n, treated.after.mean) == (6, Decimal(100) / 6)
        assert (beside.n, beside.is_few, beside.after) == (2, True, None)

    def test_ended_it_keeps_its_last_day(self, city: City, homes: list[Home]) -> None:
        campaign = launched(city)
        assert end_campaigns(cycle=city.cycle, actor=CONSOLE, now=at(7, 9)) == 0
        change_home(home=homes[0], actor=CONSOLE, now=NOW, rules_posted=True)
        assert end_campaigns(cycle=city.cycle, actor=CONSOLE, now=at(7, 10)) == 1
        assert end_campaigns(cycle=city.cycle, actor=CONSOLE, now=at(7, 10)) == 0
        change_home(home=homes[0], actor=CONSOLE, now=at(7, 11), rules_posted=False)
        campaign.refresh_from_db()
        shown = picture(campaign, "rules_posted", path=city.cycle.unit.path, today=dt.date(2026, 9, 1))
        assert [each.unit.pk for each in shown.lines if each.after] == [homes[0].unit_id]
        assert shown.last == END
        assert verify_log().faults == []

    def test_a_unit_sees_its_own(self, city: City, homes: list[Home]) -> None:
        campaign = launched(city, "K3")
        commissioner = city.acting("150622100", "commissioner")
        assert set(campaigns_visible_to(commissioner)) == {campaign}
        shown = picture(campaign, "training_once_a_year", path=commissioner.scope_path, today=DAY)
        assert {each.unit.code[:9] for each in shown.lines} >= {"150622100"}
        assert not [each for each in shown.lines if not each.unit.path.startswith(commissioner.scope_path)]

    def test_what_the_program_cannot_measure_has_no_figures(self, city: City, homes: list[Home]) -> None:
        shown = picture(launched(city), "warmth", path=city.cycle.unit.path, today=DAY)
        assert (shown.criterion, shown.lines, shown.groups) == (None, [], [])


class TestMeasures:
    def test_activities_held_in_the_91_days_up_to_the_day(self, city: City, homes: list[Home]) -> None:
        keeper = city.acting("150602001-H1", "home_keeper")
        assert keeper.office is not None
        days = [DAY, DAY - dt.timedelta(days=90), DAY - dt.timedelta(days=91), DAY + dt.timedelta(days=1)]
        for day in days:
            record = enter_record(
                kind="activity", happened_on=day, summary="活动", entered_by=keeper.office, actor=keeper, now=NOW,
                today=day,
            )  # fmt: skip
            Activity.objects.create(
                cycle=city.cycle, home=homes[0], content="study", title="活动", day=day, planned_by=keeper.office,
                stage=ActivityStage.HELD, record=record,
            )  # fmt: skip
        Activity.objects.create(
            cycle=city.cycle, home=homes[1], content="study", title="活动", day=DAY, planned_by=keeper.office
        )
        units = [each.unit_id for each in homes]
        found = values_on("activity_per_quarter", units, DAY, terms(city, "K2"))
        assert found == dict.fromkeys(units, 0) | {homes[0].unit_id: 2}

    def test_training_of_those_who_hold_the_seats_on_the_day(self, city: City) -> None:
        commissioner, liaison = (
            city.acting("150602001", "commissioner"),
            city.acting("150602001001", "liaison"),
        )
        held = Holding.objects.get(office=commissioner.office)
        made = {"holding": held, "issued_on": dt.date(2026, 3, 1)}
        Certificate.objects.create(title="培训", accepted_on=dt.date(2026, 4, 1), **made)
        Certificate.objects.create(
            title="没有确认", **made | {"holding": Holding.objects.get(office=liaison.office)}
        )
        units = [city.units[code].pk for code in ("150602001", "150602001001", "150602001002")]
        k3 = terms(city, "K3")
        assert values_on("training_once_a_year", units, DAY, k3) == dict(
            zip(units, [100, 0, None], strict=True)
        )
        assert values_on("training_once_a_year", units, dt.date(2026, 3, 31), k3)[units[0]] == 0
        assert values_on("training_once_a_year", units, dt.date(2027, 3, 1), k3)[units[0]] == 0

    @pytest.mark.parametrize(
        ("raised", "answered", "value"),
        [
            (at(3, 20), at(4, 4), Decimal(100)),
            (at(3, 20), at(4, 5), Decimal(0)),
            (at(3, 20), None, Decimal(0)),
            (at(3, 27), at(3, 28), None),
            (at(3, 26), at(4, 10), Decimal(100)),
            (at(12, 1), at(12, 2), None),
        ],
    )
    def test_demands_answered_within_15_days(
        self, city: City, homes: list[Home], raised: dt.datetime, answered: dt.datetime | None, value: Any
    ) -> None:
        keeper = city.acting("150602001-H1", "home_keeper").office
        assert keeper is not None
        Demand.objects.create(
            cycle=city.cycle, unit=city.units["150602001"], home=homes[0], wording="路灯", raised_by=keeper,
            at_office=keeper, raised_at=raised, answered_at=answered, answer="好" if answered else "",
            stage="answered" if answered else "raised",
        )  # fmt: skip
        found = values_on("requests_answered_on_time", [homes[0].unit_id], DAY, terms(city, "K4"))
        assert found == {homes[0].unit_id: value}


class TestSpread:
    @given(st.lists(st.one_of(st.none(), st.integers(0, 100)), max_size=30))
    def test_five_numbers_in_order_with_the_mean_between(self, values: list[int | None]) -> None:
        found, known = spread(values), [each for each in values if each is not None]
        if not known:
            assert found is None
            return
        assert found is not None
        assert (found.n, found.missing) == (len(known), len(values) - len(known))
        assert (found.least, found.most) == (min(known), max(known))
        assert found.least <= found.low <= found.middle <= found.high <= found.most
        assert found.least <= found.mean <= found.most

    def test_quartiles_lie_between_neighbours(self) -> None:
        found = spread([1, 2, 3, 4])
        assert found is not None
        assert (found.low, found.middle, found.high) == (Decimal("1.75"), Decimal("2.5"), Decimal("3.25"))

    def test_the_box_fills_the_line(self) -> None:
        found = spread([0, 50, 100])
        assert found is not None
        drawn = box(found, Decimal(100))
        assert (drawn.least, drawn.low, drawn.middle, drawn.high, drawn.most) == (
            "0",
            "25",
            "50",
            "75",
            "100",
        )
        assert (drawn.whisker, drawn.width) == ("100", "50")


class TestPages:
    def test_the_office_launches_and_looks(self, city: City, as_: SignIn, homes: list[Home]) -> None:
        client = as_(city.coordinator)
        assert "功能提升行动" in client.get(reverse("campaigns")).content.decode()
        address = reverse("new-campaign", args=["K1"])
        assert client.get(address).status_code == 200
        assert client.get(reverse("new-campaign", args=["K9"])).status_code == 404
        sent = {"places": [city.units["150602"].pk], "ends_on": "2026-07-10"}
        assert client.post(address, sent | {"ends_on": "2026-04-10"}).status_code == 422
        assert client.post(address, sent).status_code == 302
        assert client.post(address, sent).status_code == 422
        campaign = Campaign.objects.get()
        page = client.get(reverse("campaign", args=[campaign.pk])).content.decode()
        assert "公示开放时间" in page
        assert "不足 5 个单位" in page
        inside = reverse("campaign-unit", args=[campaign.pk, homes[0].unit_id])
        assert "登记中没有公示" in client.get(inside).content.decode()

    def test_choosing_among_the_townships_of_a_district(
        self, city: City, as_: SignIn, homes: list[Home]
    ) -> None:
        client = as_(city.coordinator)
        address = f"{reverse('new-campaign', args=['K1'])}?in={city.units['150602'].pk}"
        assert "交通街道" in client.get(address).content.decode()
        sent = {"places": [city.units["150602001"].pk], "ends_on": "2026-07-10"}
        assert client.post(address, sent).status_code == 302

    def test_others_look_but_do_not_launch(self, city: City, as_: SignIn, homes: list[Home]) -> None:
        campaign = launched(city, "K2")
        client = as_(city.acting("150622100", "commissioner"))
        assert client.get(reverse("new-campaign", args=["K1"])).status_code == 403
        assert client.get(reverse("campaign", args=[campaign.pk])).status_code == 200
        assert client.get(reverse("campaign-unit", args=[campaign.pk, homes[0].unit_id])).status_code == 404
        assert client.post(reverse("campaign", args=[campaign.pk])).status_code == 405

    @pytest.mark.parametrize("identifier", ["K1", "K2", "K3", "K4"])
    def test_each_asks_as_often_for_many_as_for_few(
        self, city: City, as_: SignIn, homes: list[Home], identifier: str, django_assert_max_num_queries: Any
    ) -> None:
        campaign, client = launched(city, identifier), as_(city.coordinator)
        client.get(reverse("campaign", args=[campaign.pk]))
        with django_assert_max_num_queries(28):
            client.get(reverse("campaign", args=[campaign.pk]))
        unit = Unit.objects.get(code="150602001-H1")
        assert client.get(reverse("campaign-unit", args=[campaign.pk, unit.pk])).status_code == 200
