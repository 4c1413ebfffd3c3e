from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Holding
from guantong.accounts.operations import end_holding, open_office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.cases.choices import CaseKind, CaseStage
from guantong.cases.models import Case
from guantong.cases.operations.accepting import accept_case
from guantong.cases.operations.answering import answer_case
from guantong.grassroots.asking import ask_about_demands
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.demand_chain import ASKER, HOLDER, MOVES, SYSTEM
from guantong.grassroots.models import Demand, Home
from guantong.grassroots.operations import demands as operations
from guantong.grassroots.operations.demand_cases import came_of_case, make_case, take_answers_of_cases
from guantong.grassroots.operations.demand_rising import raise_from_vacant_seats
from guantong.grassroots.queries.demands import demands_visible_to, mine_first
from guantong.grassroots.rules import demands as rules
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.notices.models import Notice

NOW = at(4, 10)
DAY = NOW.date()
VILLAGE, TOWNSHIP = "150602001001", "150602001"
WORDS = "村口路灯不亮，想尽快修好"


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def liaison(city: City) -> Acting:
    return city.acting(VILLAGE, "liaison")


@pytest.fixture
def commissioner(city: City) -> Acting:
    return city.acting(TOWNSHIP, "commissioner")


@pytest.fixture
def office(city: City) -> Acting:
    return city.coordinator


@pytest.fixture
def keeper(city: City) -> Acting:
    return city.acting("150602001-H1", "home_keeper")


@pytest.fixture
def home(city: City) -> Home:
    return Home.objects.create(unit=city.units["150602001-H1"], registered_at=NOW)


def asked(city: City, by: Acting, code: str = VILLAGE, **changed: Any) -> Demand:
    told: dict[str, Any] = {"unit": city.units[code], "wording": WORDS, "raised_by": by.office, "actor": by}
    return operations.raise_demand(**told | {"now": NOW, "cycle": city.cycle} | changed)


class TestTheTable:
    def test_it_has_these_moves_and_no_other(self) -> None:
        found = {verb: (set(move.before), move.after, move.by) for verb, move in MOVES.items()}
        here = {"raised", "taken_up"}
        assert found == {
            "raise": ({""}, "raised", ASKER),
            "take_up": ({"raised"}, "taken_up", HOLDER),
            "pass_up": (here, "raised", HOLDER),
            "rise": (here, "raised", SYSTEM),
            "send_back": (here, "raised", HOLDER),
            "to_case": (here, "case", HOLDER),
            "answer": (here, "answered", HOLDER),
            "case_answered": ({"case"}, "answered", SYSTEM),
            "tell": ({"answered"}, "told", ASKER),
            "drop": (here, "dropped", ASKER),
        }


class TestRaise:
    def test_a_liaison_officer_has_what_they_wrote_down(self, city: City, liaison: Acting) -> None:
        demand = asked(city, liaison)
        assert (demand.stage, demand.at_office) == (DemandStage.RAISED, liaison.office)
        assert verify_log().faults == []

    def test_at_a_home_it_goes_to_whoever_stands_lowest(
        self, city: City, keeper: Acting, commissioner: Acting, home: Home
    ) -> None:
        demand = asked(city, keeper, TOWNSHIP, home=home)
        assert demand.at_office == commissioner.office

    def test_a_seat_that_nobody_holds_is_passed_over(
        self, city: City, keeper: Acting, commissioner: Acting, office: Acting, home: Home
    ) -> None:
        holding = commissioner.office.holdings.get()  # type: ignore[union-attr]
        end_holding(holding=holding, ends_on=dt.date(2026, 4, 9), actor=CONSOLE, now=NOW)
        assert asked(city, keeper, TOWNSHIP, home=home).at_office == office.office

    def test_the_same_words_on_the_same_day_are_one(self, city: City, liaison: Acting) -> None:
        assert asked(city, liaison) == asked(city, liaison)
        assert asked(city, liaison, now=at(4, 11)).pk != Demand.objects.order_by("pk")[0].pk

    @pytest.mark.parametrize(
        ("wording", "why"),
        [
            (" ", "请写明群众要什么"),
            ("路" * 501, "最多 500 字"),
            ("请打 13800001234 找他", "不写姓名、电话"),
            ("身份证 150602 19700101 1234", "不写姓名、电话"),
        ],
    )
    def test_what_should_not_stand_there_is_refused(
        self, city: City, liaison: Acting, wording: str, why: str
    ) -> None:
        with pytest.raises(Refusal, match=why):
            asked(city, liaison, wording=wording)

    def test_not_for_a_place_of_others_nor_by_whoever_does_not_serve(
        self, city: City, liaison: Acting, office: Acting
    ) -> None:
        with pytest.raises(Refusal, match="自己联系的地方"):
            asked(city, liaison, "150602001002")
        with pytest.raises(Refusal, match="由联络员、专职委员和之家负责人收集"):
            asked(city, office)
        with pytest.raises(Refusal, match="由联络员、专职委员和之家负责人收集"):
            asked(city, liaison, raised_by=office.office)


class TestUpAndDown:
    def test_it_climbs_rung_by_rung_and_the_answer_comes_back_to_whoever_asked(
        self, city: City, liaison: Acting, commissioner: Acting, office: Acting
    ) -> None:
        demand = asked(city, liaison)
        demand = operations.pass_up(demand=demand, note="村里修不了", actor=liaison, now=NOW)
        assert demand.at_office == commissioner.office
        demand = operations.take_up(demand=demand, actor=commissioner, now=NOW, note="先去看")
        demand = operations.pass_up(demand=demand, note="要市里安排", actor=commissioner, now=NOW)
        assert (demand.at_office, demand.stage) == (office.office, DemandStage.RAISED)
        demand = operations.answer_demand(demand=demand, answer="五月底前修好", actor=office, now=NOW)
        assert (demand.at_office, demand.stage) == (liaison.office, DemandStage.ANSWERED)
        demand = operations.tell(demand=demand, told_on=DAY, actor=liaison, now=NOW)
        assert (demand.stage, demand.told_on) == (DemandStage.TOLD, DAY)
        path = [
            (step.verb, str(step.from_office), str(step.to_office)) for step in demand.steps.order_by("pk")
        ]
        low, middle, high = (str(each.office) for each in (liaison, commissioner, office))
        assert path == [
            ("raise", low, low), ("pass_up", low, middle), ("take_up", middle, middle), ("pass_up", middle, high),
            ("answer", high, low), ("tell", low, low),
        ]  # fmt: skip
        assert verify_log().faults == []

    def test_what_people_said_stands_in_no_log_row(self, city: City, liaison: Acting) -> None:
        demand = asked(city, liaison)
        operations.answer_demand(demand=demand, answer="五月底前修好", actor=liaison, now=NOW)
        rows = AuditEntry.objects.filter(verb__startswith="grassroots.demand")
        assert rows.count() == 2
        assert not [row for row in rows if WORDS in str(row.payload) or "五月" in str(row.payload)]

    def test_one_office_at_a_time(self, city: City, liaison: Acting, commissioner: Acting) -> None:
        demand = asked(city, liaison)
        for verb in ("take_up", "pass_up", "answer_demand"):
            given = {"answer_demand": {"answer": "好"}, "pass_up": {"note": "上报"}}.get(verb, {})
            with pytest.raises(Refusal, match="现在由"):
                getattr(operations, verb)(demand=demand, actor=commissioner, now=NOW, **given)

    def test_only_whoever_asked_tells_and_takes_back(
        self, city: City, liaison: Acting, commissioner: Acting
    ) -> None:
        demand = operations.pass_up(demand=asked(city, liaison), note="上报", actor=liaison, now=NOW)
        with pytest.raises(Refusal, match="现在由"):
            operations.drop(demand=demand, note="不要了", actor=commissioner, now=NOW)
        demand = operations.answer_demand(demand=demand, answer="好", actor=commissioner, now=NOW)
        with pytest.raises(Refusal, match="现在由"):
            operations.tell(demand=demand, told_on=DAY, actor=commissioner, now=NOW)

    def test_sent_back_it_is_where_it_came_from(
        self, city: City, liaison: Acting, commissioner: Acting
    ) -> None:
        demand = asked(city, liaison)
        with pytest.raises(Refusal, match="没有可以退回"):
            operations.send_back(demand=demand, note="缺地点", actor=liaison, now=NOW)
        demand = operations.pass_up(demand=demand, note="上报", actor=liaison, now=NOW)
        demand = operations.send_back(demand=demand, note="缺地点", actor=commissioner, now=NOW)
        assert demand.at_office == liaison.office
        again = operations.pass_up(demand=demand, note="补了", actor=liaison, now=NOW)
        assert again.at_office == commissioner.office

    def test_from_a_seat_nobody_holds_it_rises_by_itself_and_only_then(
        self, city: City, liaison: Acting, commissioner: Acting, office: Acting
    ) -> None:
        mine, higher = asked(city, liaison), asked(city, liaison, wording="桥栏杆断了一截")
        operations.pass_up(demand=higher, note="上报", actor=liaison, now=NOW)
        round_ = {"cycle": city.cycle, "on": DAY, "now": NOW, "actor": CONSOLE}
        assert raise_from_vacant_seats(**round_) == 0
        end_holding(
            holding=commissioner.office.holdings.get(),
            ends_on=dt.date(2026, 4, 9),
            actor=CONSOLE,
            now=NOW,  # type: ignore[union-attr]
        )
        assert raise_from_vacant_seats(**round_) == 1
        mine.refresh_from_db()
        higher.refresh_from_db()
        assert (mine.at_office, higher.at_office) == (liaison.office, office.office)
        assert [each.verb for each in higher.steps.order_by("pk")] == ["raise", "pass_up", "rise"]
        assert AuditEntry.objects.filter(verb="grassroots.demand_rose").count() == 1
        assert verify_log().faults == []
        back = operations.send_back(demand=higher, note="缺地点", actor=office, now=NOW)
        assert back.at_office == liaison.office  # not to the seat that is vacant

    def test_without_a_rung_above_it_stays(self, city: City, liaison: Acting) -> None:
        demand = asked(city, liaison)
        for each in Holding.objects.exclude(office__role="home_keeper"):
            Holding.objects.filter(pk=each.pk).update(ends_on=dt.date(2026, 4, 9))
        assert raise_from_vacant_seats(cycle=city.cycle, on=DAY, now=NOW, actor=CONSOLE) == 0
        demand.refresh_from_db()
        assert demand.at_office == liaison.office

    def test_a_round_without_such_demands_is_one_query(
        self, city: City, liaison: Acting, django_assert_num_queries: Any
    ) -> None:
        asked(city, liaison)
        with django_assert_num_queries(1):
            raise_from_vacant_seats(cycle=city.cycle, on=DAY, now=NOW, actor=CONSOLE)

    def test_above_the_last_rung_there_is_nobody(
        self, city: City, commissioner: Acting, office: Acting
    ) -> None:
        demand = operations.pass_up(
            demand=asked(city, commissioner), note="上报", actor=commissioner, now=NOW
        )
        with pytest.raises(Refusal, match="上面没有"):
            operations.pass_up(demand=demand, note="再上报", actor=office, now=NOW)

    def test_a_second_time_is_refused_and_changes_nothing(self, city: City, liaison: Acting) -> None:
        demand = asked(city, liaison)
        operations.drop(demand=demand, note="已自行解决", actor=liaison, now=NOW)
        with pytest.raises(Refusal, match="现在是“已撤回”"):
            operations.drop(demand=demand, note="已自行解决", actor=liaison, now=NOW)
        assert demand.steps.count() == 2

    @pytest.mark.parametrize("day", [dt.date(2026, 4, 9), dt.date(2026, 4, 11)])
    def test_told_between_the_answer_and_today(self, city: City, liaison: Acting, day: dt.date) -> None:
        demand = operations.answer_demand(demand=asked(city, liaison), answer="好", actor=liaison, now=NOW)
        with pytest.raises(Refusal, match="告知日期"):
            operations.tell(demand=demand, told_on=day, actor=liaison, now=NOW)


class TestCase:
    @pytest.fixture
    def at_office(self, city: City, commissioner: Acting, office: Acting) -> Demand:
        return operations.pass_up(
            demand=asked(city, commissioner), note="是个人难处", actor=commissioner, now=NOW
        )

    def made(self, demand: Demand, office: Acting) -> tuple[Demand, Case, str]:
        return make_case(
            demand=demand, kind=CaseKind.DIFFICULTY, wording="腿脚不便，想申请补贴", name="王某", contact="139",
            actor=office, now=NOW,
        )  # fmt: skip

    def test_only_the_coordinating_office_makes_one(self, city: City, commissioner: Acting) -> None:
        with pytest.raises(Refusal, match="现在由"):
            self.made(asked(city, commissioner), commissioner)
        assert Case.objects.count() == 0

    def test_it_carries_nothing_personal_and_takes_the_answer_when_the_case_is_answered(
        self, city: City, at_office: Demand, office: Acting, commissioner: Acting
    ) -> None:
        demand, case, code = self.made(at_office, office)
        assert (demand.stage, case.stage, len(code) > 5) == (DemandStage.CASE, CaseStage.REGISTERED, True)
        assert take_answers_of_cases(cycle=city.cycle, actor=CONSOLE, now=NOW) == 0
        accept_case(case=case, kind=case.kind, title="申请补贴", actor=office, now=NOW, against_nobody=True)
        answer_case(case=case, wording="王某的补贴已发", outcome="solved", actor=office, now=at(4, 20))
        assert take_answers_of_cases(cycle=city.cycle, actor=CONSOLE, now=at(4, 20)) == 1
        assert take_answers_of_cases(cycle=city.cycle, actor=CONSOLE, now=at(4, 20)) == 0
        demand.refresh_from_db()
        assert (demand.stage, demand.at_office) == (DemandStage.ANSWERED, commissioner.office)
        assert demand.answer == f"诉求件 {case.reference}：已答复本人" == came_of_case(demand)
        assert "王某" not in demand.answer + demand.wording
        assert verify_log().faults == []

    def test_the_page_shows_the_code_once(self, as_: SignIn, at_office: Demand, office: Acting) -> None:
        client, address = as_(office), reverse("demand-move", args=[at_office.pk, "to_case"])
        assert "先问过本人" in client.get(address).content.decode()
        sent = {"kind": "question", "wording": "想问补贴", "anonymous": "on"}
        assert client.post(address, sent).status_code == 422
        answer = client.post(address, sent | {"agreed": "on"})
        assert answer.status_code == 200
        assert "请记下或打印查询码" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert client.post(address, sent | {"agreed": "on"}).status_code == 422
        assert Case.objects.count() == 1


class TestSee:
    def test_each_sees_its_own_and_those_below(
        self, city: City, liaison: Acting, commissioner: Acting, office: Acting
    ) -> None:
        mine, other = asked(city, liaison), asked(city, city.acting("150622100", "commissioner"), "150622100")
        assert set(demands_visible_to(liaison)) == {mine} == set(demands_visible_to(commissioner))
        assert set(demands_visible_to(office)) == {mine, other}
        assert set(demands_visible_to(city.acting("150602001002", "liaison"))) == set()

    def test_what_was_raised_stays_in_sight_of_whoever_raised_it(
        self, city: City, keeper: Acting, home: Home, commissioner: Acting
    ) -> None:
        demand = asked(city, keeper, TOWNSHIP, home=home)
        assert set(demands_visible_to(keeper)) == {demand}

    def test_what_waits_for_me_stands_first(self, city: City, liaison: Acting, commissioner: Acting) -> None:
        waiting = asked(city, commissioner, wording="第一件")
        passed = asked(city, liaison, wording="第二件", now=at(4, 9))
        assert list(mine_first(demands_visible_to(commissioner), commissioner)) == [waiting, passed]


class TestPages:
    def test_a_liaison_writes_one_down_and_passes_it_up(
        self, city: City, as_: SignIn, liaison: Acting, commissioner: Acting
    ) -> None:
        client = as_(liaison)
        assert "不写姓名、电话" in client.get(reverse("new-demand")).content.decode()
        sent = {"wording": WORDS, "unit": city.units[VILLAGE].pk}
        assert client.post(reverse("new-demand"), sent).status_code == 302
        demand = Demand.objects.get()
        page = client.get(reverse("demand", args=[demand.pk])).content.decode()
        assert "报上一级" in page
        assert "退回补充" not in page
        address = reverse("demand-move", args=[demand.pk, "pass_up"])
        assert str(commissioner.office) in client.get(address).content.decode()
        assert client.post(address, {"note": ""}).status_code == 422
        assert client.post(address, {"note": "村里修不了"}).status_code == 302
        assert client.post(address, {"note": "村里修不了"}).status_code == 422
        assert client.get(address).status_code == 302
        assert demand.steps.count() == 2
        assert "等我办" in as_(commissioner).get(reverse("demands")).content.decode()

    def test_an_unknown_move_and_a_demand_of_others_are_not_found(
        self, city: City, as_: SignIn, liaison: Acting
    ) -> None:
        demand = asked(city, liaison)
        assert as_(liaison).get(f"/demands/{demand.pk}/case_answered/").status_code == 404
        stranger = as_(city.acting("150622", "first_responsible"))
        assert stranger.get(reverse("demand", args=[demand.pk])).status_code == 404
        assert stranger.post(reverse("demand-move", args=[demand.pk, "answer"])).status_code == 404

    def test_whoever_may_not_act_is_told(
        self, city: City, as_: SignIn, liaison: Acting, commissioner: Acting
    ) -> None:
        demand = asked(city, liaison)
        client = as_(commissioner)
        assert "答复</a>" not in client.get(reverse("demand", args=[demand.pk])).content.decode()
        answer = client.post(reverse("demand-move", args=[demand.pk, "answer"]), {"answer": "好"})
        assert answer.status_code == 422
        assert client.post(reverse("demand", args=[demand.pk])).status_code == 405

    def test_the_list_narrows_to_a_place_on_the_way(
        self, city: City, as_: SignIn, liaison: Acting, commissioner: Acting
    ) -> None:
        low, high = (
            asked(city, liaison, wording="在村里"),
            asked(city, commissioner, TOWNSHIP, wording="在镇里"),
        )
        client, unit = as_(commissioner), city.units[VILLAGE].pk
        for query, wanted in (
            ("where=liaison", {low}), ("where=commissioner", {high}), ("where=told", set()), (f"in={unit}", {low}),
            ("where=nowhere", {low, high}), ("in=0", {low, high}),
        ):  # fmt: skip
            page = client.get(f"{reverse('demands')}?view=all&{query}").content.decode()
            assert {each for each in (low, high) if each.wording in page} == wanted

    def test_the_list_asks_as_often_for_many_as_for_few(
        self, city: City, as_: SignIn, commissioner: Acting, django_assert_max_num_queries: Any
    ) -> None:
        client = as_(commissioner)
        for n in range(15):
            asked(city, commissioner, wording=f"第{n}件")
        client.get(reverse("demands"))
        with django_assert_max_num_queries(30):
            client.get(reverse("demands"))


def test_a_liaison_of_a_member_unit_leads_to_the_coordinating_office(city: City, office: Acting) -> None:
    unit = city.units["1506-MU-01"]
    assert rules.next_office_up(unit, city.cycle, after="liaison", on=DAY) == office.office


def test_the_nearest_commissioner_of_several_levels_is_next(city: City, commissioner: Acting) -> None:
    open_office(unit=city.units["150602"], seat="commissioner", title="旗区专职委员", actor=CONSOLE, now=NOW)
    found = rules.next_office_up(city.units[VILLAGE], city.cycle, after="liaison", on=DAY)
    assert found == commissioner.office


class TestNotices:
    def test_whoever_moves_next_is_asked_while_it_is_so(
        self, city: City, liaison: Acting, commissioner: Acting
    ) -> None:
        demand = operations.pass_up(demand=asked(city, liaison), note="上报", actor=liaison, now=NOW)
        for _twice in range(2):
            ask_about_demands(cycle=city.cycle, on=DAY, now=NOW, actor=CONSOLE)
        [notice] = open_notices()
        assert (notice.office, notice.kind, notice.due_on) == (
            commissioner.office,
            "due",
            dt.date(2026, 4, 25),
        )
        ask_about_demands(cycle=city.cycle, on=dt.date(2026, 4, 26), now=at(4, 26), actor=CONSOLE)
        assert [each.kind for each in open_notices()] == ["overdue"]
        demand = operations.answer_demand(demand=demand, answer="好", actor=commissioner, now=NOW)
        ask_about_demands(cycle=city.cycle, on=DAY, now=NOW, actor=CONSOLE)
        assert [each.office for each in open_notices()] == [liaison.office]
        operations.tell(demand=demand, told_on=DAY, actor=liaison, now=NOW)
        ask_about_demands(cycle=city.cycle, on=DAY, now=NOW, actor=CONSOLE)
        assert list(open_notices()) == []
        assert verify_log().faults == []


def open_notices() -> QuerySet[Notice]:
    return Notice.objects.filter(about="grassroots.demand", closed_on__isnull=True)
