from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.approvals import decide_approval, may_decide
from guantong.accounts.choices import Role
from guantong.accounts.models import Approval, Office, Person
from guantong.accounts.operations import hold_office, open_office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.supervision.models import Visit
from guantong.supervision.operations.over_cap import ask_over_cap, sign_over_cap
from guantong.supervision.operations.visits import cancel_visit, join_visit, plan_visit
from guantong.supervision.queries.visits import budget_of, near, visits_visible_to
from guantong.supervision.rules.visits import cap_of, joint_within

UNIT = "1506-MU-01"
YEAR = clock.today().year


def second_coordinator(city: City) -> Acting:
    """Another coordinating office beside the first."""
    office = open_office(
        unit=city.units["1506-LGO"], seat="coordinator_2", title="督查专员", role=Role.COORDINATOR,
        scope=city.units["1506"], actor=CONSOLE, now=at(1, 5),
    )  # fmt: skip
    person = Person.objects.create_person(sign_in="second", password=None, display_name="督查专员")
    hold_office(person=person, office=office, starts_on=dt.date(2025, 7, 1), actor=CONSOLE, now=at(1, 5))
    return Acting(person, Office.objects.select_related("unit", "scope").get(pk=office.pk))


@pytest.fixture
def second(city: City) -> Acting:
    return second_coordinator(city)


def terms(city: City, actor: Acting, month: int, day: int, **more: Any) -> dict[str, Any]:
    start = dt.date(2026, month, day)
    return {
        "cycle": city.cycle, "unit": city.units[UNIT], "starts_on": start, "ends_on": start + dt.timedelta(1),
        "purpose": "查看任务进展", "basis": "年度督查计划", "planned_by": actor.office, "actor": actor, "now": at(3, 2),
    } | more  # fmt: skip


def plan(city: City, actor: Acting, month: int, day: int, **more: Any) -> Visit:
    return plan_visit(**terms(city, actor, month, day, **more))


def spend(city: City) -> list[Visit]:
    """As many visits as the unit may have in a year, months apart."""
    return [plan(city, city.coordinator, month, 10) for month in (4, 6, 8, 10)]


class TestPlan:
    def test_the_cap_and_the_fortnight_come_from_the_package(self, city: City) -> None:
        assert cap_of(city.cycle.package) == 4
        assert joint_within(city.cycle.package) == dt.timedelta(days=14)

    def test_a_visit_takes_one_of_the_unit_s_number(self, city: City) -> None:
        plan(city, city.coordinator, 4, 10)
        budget = budget_of(city.units[UNIT], city.cycle)
        assert (budget.most, budget.taken, budget.left, budget.is_spent) == (4, 1, 3, False)

    def test_one_over_the_cap_is_refused(self, city: City, second: Acting) -> None:
        spend(city)
        with pytest.raises(Refusal, match="达到上限"):
            plan(city, second, 11, 10)
        assert Visit.objects.count() == 4

    def test_another_unit_has_its_own_number(self, city: City) -> None:
        spend(city)
        assert plan(city, city.coordinator, 11, 10, unit=city.units["1506-MU-02"])

    def test_the_same_form_sent_twice_is_one_visit(self, city: City) -> None:
        assert plan(city, city.coordinator, 4, 10) == plan(city, city.coordinator, 4, 10)
        assert Visit.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"starts_on": dt.date(2026, 3, 1), "ends_on": dt.date(2026, 3, 3)}, "过去的日子"),
            ({"ends_on": dt.date(2026, 4, 9)}, "早于开始"),
            ({"ends_on": dt.date(2027, 1, 2)}, "2026 年内"),
            ({"starts_on": dt.date(2027, 1, 2), "ends_on": dt.date(2027, 1, 2)}, "2026 年内"),
            ({"purpose": " "}, "检查什么"),
            ({"basis": ""}, "依据什么"),
            ({"purpose": "查" * 301}, "300"),
        ],
    )
    def test_what_cannot_be_planned_is_refused(
        self, city: City, wrong: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            plan(city, city.coordinator, 4, 10, **wrong)
        assert not Visit.objects.exists()

    def test_a_visit_may_begin_today(self, city: City) -> None:
        assert plan(city, city.coordinator, 3, 2)

    def test_only_the_coordinating_office_plans_and_not_at_its_own_unit(self, city: City) -> None:
        for actor in (city.head, city.acting("1506-LG", "leader")):
            with pytest.raises(Refusal, match="统筹协调单位"):
                plan(city, actor, 4, 10, unit=city.units["1506-MU-02"])
        for code in ("1506-LGO", "15"):
            with pytest.raises(Refusal, match="统筹协调单位"):
                plan(city, city.coordinator, 4, 10, unit=city.units[code])


class TestTogether:
    def near(self, city: City, by: Acting, start: dt.date, **more: Any) -> set[Visit]:
        given: dict[str, Any] = {
            "cycle": city.cycle, "unit": city.units[UNIT], "starts_on": start, "ends_on": start, "by": by.office,
            "today": dt.date(2026, 3, 2),
        }  # fmt: skip
        return set(near(**given | more))

    def test_others_visits_within_a_fortnight_are_offered(self, city: City, second: Acting) -> None:
        host = plan(city, city.coordinator, 4, 10)  # to the 11th
        for day in (dt.date(2026, 3, 27), dt.date(2026, 4, 10), dt.date(2026, 4, 25)):
            assert self.near(city, second, day) == {host}
        for day in (dt.date(2026, 3, 26), dt.date(2026, 4, 26)):
            assert self.near(city, second, day) == set()

    def test_one_s_own_another_unit_s_cancelled_and_joined_ones_are_not(
        self, city: City, second: Acting
    ) -> None:
        host = plan(city, city.coordinator, 4, 10)
        assert self.near(city, city.coordinator, host.starts_on) == set()
        assert self.near(city, second, host.starts_on, unit=city.units["1506-MU-02"]) == set()
        assert self.near(city, second, host.starts_on, today=dt.date(2026, 4, 11)) == set()
        join_visit(
            visit=host, purpose="查账", basis="计划", planned_by=second.office, actor=second, now=at(3, 2)
        )  # type: ignore[arg-type]
        assert self.near(city, city.coordinator, host.starts_on) == set()
        cancel_visit(visit=host, actor=city.coordinator, now=at(3, 3))
        assert self.near(city, second, host.starts_on) == set()

    def join(self, host: Visit, actor: Acting, **more: Any) -> Visit:
        given = {
            "visit": host,
            "purpose": "查账",
            "basis": "计划",
            "planned_by": actor.office,
            "actor": actor,
            "now": at(3, 2),
        }
        return join_visit(**given | more)  # type: ignore[arg-type]

    def test_going_along_is_one_visit_for_the_unit_on_the_same_days(self, city: City, second: Acting) -> None:
        *_others, host = spend(city)
        joined = self.join(host, second)
        assert (joined.starts_on, joined.ends_on, joined.joined) == (host.starts_on, host.ends_on, host)
        assert budget_of(city.units[UNIT], city.cycle).taken == 4
        assert self.join(host, second) == joined

    def test_what_cannot_be_joined_is_refused(self, city: City, second: Acting) -> None:
        host = plan(city, city.coordinator, 4, 10)
        with pytest.raises(Refusal, match="不需要合并"):
            self.join(host, city.coordinator)
        with pytest.raises(Refusal, match="过去的日子"):
            self.join(host, second, now=at(4, 11))
        with pytest.raises(Refusal, match="统筹协调单位"):
            self.join(host, city.acting("1506-MU-02", "unit_head"))
        joined = self.join(host, second)
        with pytest.raises(Refusal, match="不能再并入"):
            self.join(joined, city.coordinator)
        cancel_visit(visit=host, actor=city.coordinator, now=at(3, 3))
        with pytest.raises(Refusal, match="不能再并入"):
            self.join(host, second)


class TestOverCap:
    def ask(self, city: City, actor: Acting, **more: Any) -> Approval:
        return ask_over_cap(**terms(city, actor, 11, 10, reason="上级专项督查反馈问题复核", **more))

    def sign(self, approval: Approval, actor: Acting, *, month: int = 3, **more: Any) -> Approval:
        given = {"granted": True, "decision": "", "now": at(month, 3)} | more
        return decide_approval(approval=approval, actor=actor, **given)  # type: ignore[arg-type]

    def test_a_leader_s_signature_puts_it_in_the_calendar(self, city: City) -> None:
        spend(city)
        asked = self.ask(city, city.coordinator)
        assert Visit.objects.count() == 4
        leader = city.acting("1506-LG", "leader")
        self.sign(asked, leader)
        visit = Visit.objects.get(over_cap_reason="上级专项督查反馈问题复核")
        assert (visit.signed_by, visit.signed_at, visit.planned_by) == (
            leader.office,
            at(3, 3),
            city.coordinator.office,
        )
        assert budget_of(city.units[UNIT], city.cycle).taken == 5
        assert verify_log().faults == []

    def test_it_is_asked_for_with_a_reason_and_only_over_the_cap(self, city: City) -> None:
        with pytest.raises(Refusal, match="没有用完"):
            self.ask(city, city.coordinator)
        spend(city)
        with pytest.raises(Refusal, match="理由"):
            ask_over_cap(**terms(city, city.coordinator, 11, 10, reason=" "))
        assert not Approval.objects.exists()

    def test_one_request_at_a_time_for_a_unit(self, city: City, second: Acting) -> None:
        spend(city)
        self.ask(city, city.coordinator)
        with pytest.raises(Refusal, match="等待批准"):
            self.ask(city, second)

    def test_no_other_office_than_a_leader_s_signs(self, city: City, second: Acting) -> None:
        spend(city)
        asked = self.ask(city, city.coordinator)
        for actor in (second, city.acting("1506-LGO", "assessor")):
            assert not may_decide(actor, asked)
            with pytest.raises(Refusal, match="限领导岗位"):
                self.sign(asked, actor)
        with pytest.raises(Refusal, match="另一人"):
            self.sign(asked, city.coordinator)
        asked.refresh_from_db()
        assert (asked.granted, Visit.objects.count()) == (None, 4)

    def test_the_act_itself_takes_no_other_signature_either(self, city: City, second: Acting) -> None:
        spend(city)
        asked = self.ask(city, city.coordinator)
        asked.decided_by, asked.decider = second.office, second.person
        with pytest.raises(Refusal, match="须由领导签批"):
            sign_over_cap(asked, at(3, 3))
        assert Visit.objects.count() == 4

    def test_the_buttons_are_a_leader_s_and_others_read_who_decides(
        self, city: City, second: Acting, as_: SignIn
    ) -> None:
        spend(city)
        address = f"/approvals/{self.ask(city, city.coordinator).pk}/"
        pages = {
            who.office: as_(who).get("/approvals/").content.decode()
            for who in (second, city.coordinator, city.acting("1506-LG", "leader"))
        }
        assert [office.role for office, page in pages.items() if address in page and office] == [Role.LEADER]
        assert sum("由领导岗位中申请人以外的人批准" in page for page in pages.values()) == 2

    def test_a_request_whose_day_is_past_is_not_signed(self, city: City) -> None:
        spend(city)
        asked = self.ask(city, city.coordinator)
        with pytest.raises(Refusal, match="日期已过"):
            self.sign(asked, city.acting("1506-LG", "leader"), month=12)

    def test_refusing_leaves_the_calendar_as_it_was(self, city: City) -> None:
        spend(city)
        asked = self.ask(city, city.coordinator)
        self.sign(asked, city.acting("1506-LG", "leader"), granted=False, decision="并入下次")
        assert Visit.objects.count() == 4

    def test_the_room_of_approvals_names_and_links_it(self, city: City, as_: SignIn) -> None:
        spend(city)
        self.ask(city, city.coordinator)
        shown = as_(city.acting("1506-LG", "leader")).get("/approvals/").content.decode()
        assert "市发展和改革委员会 · 2026-11-10 — 2026-11-11 · 查看任务进展" in shown
        assert f"/units/{city.units[UNIT].pk}/visits/" in shown


class TestCancel:
    def test_a_cancelled_visit_frees_its_place(self, city: City) -> None:
        first, *_rest = spend(city)
        cancel_visit(visit=first, actor=city.coordinator, now=at(3, 5))
        assert budget_of(city.units[UNIT], city.cycle).left == 1
        assert plan(city, city.coordinator, 11, 10)

    def test_twice_is_harmless(self, city: City) -> None:
        visit = plan(city, city.coordinator, 4, 10)
        for hour in (9, 10):
            cancel_visit(visit=visit, actor=city.coordinator, now=at(3, 5, hour))
        visit.refresh_from_db()
        assert visit.cancelled_at == at(3, 5, 9)
        assert AuditEntry.objects.filter(verb="supervision.visit_cancelled").count() == 1

    def test_who_went_along_keeps_the_appointment(self, city: City, second: Acting) -> None:
        host = plan(city, city.coordinator, 4, 10)
        joined = join_visit(
            visit=host,
            purpose="查账",
            basis="计划",
            planned_by=second.office,
            actor=second,
            now=at(3, 2),  # type: ignore[arg-type]
        )
        cancel_visit(visit=host, actor=city.coordinator, now=at(3, 5))
        joined.refresh_from_db()
        assert joined.joined is None
        assert budget_of(city.units[UNIT], city.cycle).taken == 1
        assert verify_log().faults == []

    def test_a_visit_that_began_is_not_cancelled(self, city: City) -> None:
        visit = plan(city, city.coordinator, 4, 10)
        with pytest.raises(Refusal, match="已经开始"):
            cancel_visit(visit=visit, actor=city.coordinator, now=at(4, 11))

    def test_only_who_plans_visits_there_cancels(self, city: City) -> None:
        visit = plan(city, city.coordinator, 4, 10)
        with pytest.raises(Refusal, match="安排检查的单位"):
            cancel_visit(visit=visit, actor=city.head, now=at(3, 5))


class TestScope:
    def test_a_unit_sees_who_comes_when_and_nobody_else_s(self, city: City) -> None:
        mine = plan(city, city.coordinator, 4, 10)
        plan(city, city.coordinator, 4, 10, unit=city.units["1506-MU-02"])
        assert set(visits_visible_to(city.head)) == {mine}
        assert set(visits_visible_to(city.coordinator)) == set(Visit.objects.all())
        assert not visits_visible_to(city.acting("1506-LGO", "system_admin")).exists()


@pytest.fixture
def coming(city: City) -> dict[str, str]:
    """Days that are still to come whenever the tests run, within the year of the cycle."""
    from guantong.mechanisms.models import Cycle

    Cycle.objects.filter(pk=city.cycle.pk).update(year=YEAR + 1)
    city.cycle.refresh_from_db()
    return {
        "starts_on": f"{YEAR + 1}-06-03",
        "ends_on": f"{YEAR + 1}-06-06",
        "purpose": "查看进展",
        "basis": "年度计划",
    }


class TestPages:
    def post(self, client: Any, unit: Unit, given: dict[str, str], **more: str) -> Any:
        return client.post("/visits/new/", {**given, "unit": str(unit.pk), **more})

    def test_the_office_plans_and_the_unit_reads_it(
        self, city: City, coming: dict[str, str], as_: SignIn
    ) -> None:
        office, unit = as_(city.coordinator), city.units[UNIT]
        assert f"?unit={unit.pk}" in office.get("/visits/new/?q=发展").content.decode()
        assert "还可以安排 4 次" in office.get(f"/visits/new/?unit={unit.pk}").content.decode()
        done = self.post(office, unit, coming)
        assert (done.status_code, done["Location"]) == (302, f"/units/{unit.pk}/visits/")
        self.post(office, unit, coming)
        assert Visit.objects.count() == 1
        for path in ("/visits/", f"/units/{unit.pk}/visits/"):
            shown = as_(city.head).get(path).content.decode()
            assert "查看进展" in shown
            assert "个工作日" in shown
            assert "取消这次检查" not in shown

    def test_a_mistake_loses_nothing_typed(self, city: City, coming: dict[str, str], as_: SignIn) -> None:
        answer = self.post(as_(city.coordinator), city.units[UNIT], coming, ends_on=f"{YEAR + 1}-06-01")
        assert answer.status_code == 422
        assert "早于开始" in answer.content.decode()
        assert "查看进展" in answer.content.decode()

    def test_a_visit_near_another_office_s_is_offered_as_one(
        self, city: City, coming: dict[str, str], as_: SignIn
    ) -> None:
        unit = city.units[UNIT]
        self.post(as_(city.coordinator), unit, coming)
        host = Visit.objects.get()
        office = as_(second_coordinator(city))
        later = {**coming, "starts_on": f"{YEAR + 1}-06-12", "ends_on": f"{YEAR + 1}-06-12"}
        offered = self.post(office, unit, later)
        assert f'value="{host.pk}"' in offered.content.decode()
        assert Visit.objects.count() == 1
        self.post(office, unit, later, together=str(host.pk))
        self.post(office, unit, later, together="apart")
        assert set(Visit.objects.exclude(pk=host.pk).values_list("joined", "starts_on")) == {
            (host.pk, host.starts_on),
            (None, dt.date(YEAR + 1, 6, 12)),
        }

    def test_over_the_cap_the_form_asks_for_a_reason_and_a_leader(
        self, city: City, coming: dict[str, str], as_: SignIn
    ) -> None:
        office, unit = as_(city.coordinator), city.units[UNIT]
        for month in (2, 4, 8, 10):
            day = f"{YEAR + 1}-{month:02}-10"
            self.post(office, unit, {**coming, "starts_on": day, "ends_on": day})
        assert self.post(office, unit, coming).status_code == 422
        assert self.post(office, unit, coming, reason="复核整改").status_code == 302
        assert (Visit.objects.count(), Approval.objects.get().reason) == (4, "复核整改")
        assert "等待领导签批" in office.get(f"/units/{unit.pk}/visits/").content.decode()

    def test_cancelling_on_the_page_twice(self, city: City, coming: dict[str, str], as_: SignIn) -> None:
        office, unit = as_(city.coordinator), city.units[UNIT]
        self.post(office, unit, coming)
        visit = Visit.objects.get()
        for _time in range(2):
            assert office.post(f"/visits/{visit.pk}/cancellation/").status_code == 302
        assert "已取消" in as_(city.head).get(f"/units/{unit.pk}/visits/").content.decode()
        assert "查看进展" not in office.get("/visits/").content.decode()
        assert "查看进展" in office.get("/visits/?state=cancelled").content.decode()

    def test_the_year_is_a_strip_of_months(self, city: City, coming: dict[str, str], as_: SignIn) -> None:
        self.post(as_(city.coordinator), city.units[UNIT], coming)
        page = as_(city.coordinator)
        assert "查看进展" in page.get("/visits/?month=6").content.decode()
        assert "查看进展" not in page.get("/visits/?month=7").content.decode()
        assert page.get("/visits/?month=13&state=x&q=&sort=zz&page=9").status_code == 200

    def test_outsiders_and_wrong_verbs(self, city: City, coming: dict[str, str], as_: SignIn) -> None:
        self.post(as_(city.coordinator), city.units[UNIT], coming)
        visit = Visit.objects.get()
        other, office = as_(city.acting("1506-MU-02", "unit_head")), as_(city.coordinator)
        assert other.get(f"/units/{visit.unit_id}/visits/").status_code == 404
        assert "查看进展" not in other.get("/visits/").content.decode()
        for path in ("/visits/new/", f"/visits/{visit.pk}/cancellation/"):
            assert other.post(path).status_code == 403
        assert office.get(f"/visits/{visit.pk}/cancellation/").status_code == 405
        assert office.post("/visits/999999/cancellation/").status_code == 404
        assert office.get(f"/visits/new/?unit={city.units['15'].pk}").status_code == 404
        for path in ("/visits/", f"/units/{visit.unit_id}/visits/"):
            assert office.post(path).status_code == 405

    def test_the_pages_cost_the_same_however_many_there_are(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for day in range(1, 29):
            for code in (UNIT, "1506-MU-02", "150602"):
                Visit.objects.create(
                    cycle=city.cycle, unit=city.units[code], starts_on=dt.date(2026, 12, day), ends_on=dt.date(2026, 12, day),
                    purpose="查看", basis="计划", planned_by=city.coordinator.office, planned_at=at(3, 2),
                )  # fmt: skip
        page = as_(city.coordinator)
        with django_assert_max_num_queries(14):
            page.get("/visits/")
        with django_assert_max_num_queries(14):
            page.get(f"/units/{city.units[UNIT].pk}/visits/")
