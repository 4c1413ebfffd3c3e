from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn, at
from guantong.audit.verification import verify_log
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import PublicityItem
from guantong.leadership.operations.publicity import cancel_item, plan_item, report_item
from guantong.leadership.queries.publicity import owed_for, publicity_visible_to, reach_of
from guantong.obligations.models import Obligation
from guantong.obligations.operations import review_claim
from guantong.records.models import Record


def plan(city: City, **changes: Any) -> PublicityItem:
    given: dict[str, Any] = {
        "cycle": city.cycle, "title": "民营经济促进法解读", "channel": "公众号", "due_on": dt.date(2026, 4, 30),
        "owner": city.office("1506-MU-01", "unit_head"), "actor": city.coordinator, "now": at(3, 2),
    }  # fmt: skip
    return plan_item(**(given | changes))


def report(city: City, item: PublicityItem, **changes: Any) -> PublicityItem:
    given: dict[str, Any] = {
        "item": item, "done_on": dt.date(2026, 4, 20), "summary": "推送三期", "entered_by": city.head.office,
        "not_measured": True, "actor": city.head, "now": at(4, 20),
    }  # fmt: skip
    return report_item(**(given | changes))


class TestPlan:
    def test_an_item_is_owed_by_its_owner_by_the_day(self, city: City) -> None:
        item = plan(city)
        owed = Obligation.objects.get()
        assert (owed.source, owed.source_ref, owed.office, owed.due_on, owed.pillar) == (
            "publicity", item.pk, item.owner, item.due_on, "lead_study",
        )  # fmt: skip
        assert verify_log().clean

    def test_the_same_twice_is_one(self, city: City) -> None:
        assert plan(city) == plan(city)
        assert Obligation.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": " "}, "宣传什么"),
            ({"channel": ""}, "渠道"),
            ({"due_on": dt.date(2026, 3, 1)}, "今天之后"),
            ({"due_on": dt.date(2027, 1, 1)}, "年度之内"),
        ],
    )
    def test_what_is_no_plan_is_refused(self, city: City, wrong: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            plan(city, **wrong)

    def test_only_the_coordinating_office_plans(self, city: City) -> None:
        with pytest.raises(Refusal, match="统筹协调单位"):
            plan(city, actor=city.head)


class TestReport:
    def test_done_makes_one_record_and_claims_what_is_owed(self, city: City) -> None:
        item = report(city, plan(city), not_measured=False, reach=3200, reach_source="后台阅读数")
        owed = owed_for(item)
        assert owed is not None
        record = Record.objects.get()
        assert (record.kind, item.record, item.reach) == ("publicity", record, 3200)
        assert (owed.state, owed.claims.get().record) == ("claimed", record)
        assert verify_log().clean

    def test_not_measured_is_an_answer_and_no_zero(self, city: City) -> None:
        item = report(city, plan(city))
        assert (item.reach, item.not_measured) == (None, True)
        report(city, plan(city, title="宣讲"), not_measured=False, reach=100, reach_source="签到")
        report(city, plan(city, title="广播"), not_measured=False, reach=0, reach_source="回访")
        count = reach_of(PublicityItem.objects.all(), today=dt.date(2026, 4, 21))
        assert (count.done, count.measured, count.not_measured, count.people) == (3, 2, 1, 100)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"not_measured": False}, "未统计"),
            ({"reach": 5}, "未统计"),
            ({"not_measured": False, "reach": 5}, "怎样统计"),
            ({"not_measured": False, "reach": -5, "reach_source": "签到"}, "小于 0"),
            ({"done_on": dt.date(2026, 4, 21)}, "还没有到"),
        ],
    )
    def test_half_an_answer_is_refused(self, city: City, wrong: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            report(city, plan(city), **wrong)
        assert not Record.objects.exists()

    def test_once_and_again_where_it_was_returned(self, city: City) -> None:
        item = report(city, plan(city))
        with pytest.raises(Refusal, match="已经填报"):
            report(city, item)
        owed = owed_for(item)
        assert owed is not None
        review_claim(
            claim=owed.claims.get(),
            verdict="returned",
            reason="附链接",
            actor=city.coordinator,
            now=at(4, 21),
        )
        report(city, item, now=at(4, 22), summary="附链接")
        assert Record.objects.count() == 2

    def test_another_unit_does_not_report(self, city: City) -> None:
        with pytest.raises(Refusal, match="责任岗位"):
            report(city, plan(city), actor=city.acting("1506-MU-02", "unit_head"))


class TestCancel:
    def test_nothing_is_owed_any_more(self, city: City) -> None:
        item = cancel_item(item=plan(city), reason="与上级重复", actor=city.coordinator, now=at(3, 9))
        owed = owed_for(item)
        assert owed is not None
        assert (item.cancelled_on, owed.state) == (dt.date(2026, 3, 9), "cancelled")
        assert verify_log().clean

    def test_it_says_why_is_not_for_the_owner_and_not_for_what_was_done(self, city: City) -> None:
        item = plan(city)
        with pytest.raises(Refusal, match="原因"):
            cancel_item(item=item, reason=" ", actor=city.coordinator, now=at(3, 9))
        with pytest.raises(Refusal, match="统筹协调单位"):
            cancel_item(item=item, reason="—", actor=city.head, now=at(3, 9))
        report(city, item)
        with pytest.raises(Refusal, match="已经完成"):
            cancel_item(item=item, reason="—", actor=city.coordinator, now=at(4, 21))


class TestPages:
    def test_the_list_counts_and_keeps_apart_what_was_not_measured(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        report(city, plan(city))
        plan(city, title="另一项", owner=city.office("1506-MU-02", "unit_head"))
        client = as_(city.coordinator)
        with django_assert_max_num_queries(14):
            page = client.get("/publicity/").content.decode()
        assert "未统计" in page
        only = client.get("/publicity/?state=unmeasured").content.decode()
        assert "另一项" not in only
        assert set(publicity_visible_to(city.head)) == {PublicityItem.objects.get(title="民营经济促进法解读")}

    def test_planned_reported_and_seen_by_hand(self, city: City, as_: SignIn) -> None:
        today = clock.today()
        office, head = as_(city.coordinator), as_(city.head)
        given = {"title": "宣讲", "channel": "进企业", "owner": "市发展和改革委员会", "due_on": f"{today}"}
        assert office.post("/publicity/new/", given | {"owner": "不存在的单位"}).status_code == 422
        assert office.post("/publicity/new/", given).status_code == 302
        item = PublicityItem.objects.get()
        page = head.get(f"/publicity/{item.pk}/").content.decode()
        assert "填报完成情况" in page
        done = {"done_on": f"{today}", "not_measured": "on"}
        assert head.post(f"/publicity/{item.pk}/report/", done).status_code == 302
        assert head.post(f"/publicity/{item.pk}/report/", done).status_code == 422
        assert "填报完成情况" not in head.get(f"/publicity/{item.pk}/").content.decode()

    def test_strangers_readers_and_wrong_verbs(self, city: City, as_: SignIn) -> None:
        item = plan(city)
        assert as_(city.acting("1506-MU-02", "unit_head")).get(f"/publicity/{item.pk}/").status_code == 404
        assert as_(city.head).post(f"/publicity/{item.pk}/cancelling/").status_code == 403
        assert as_(city.head).get(f"/publicity/{item.pk}/report/").status_code == 405
        office = as_(city.coordinator)
        assert office.post(f"/publicity/{item.pk}/cancelling/", {"reason": "重复"}).status_code == 302
        assert office.post(f"/publicity/{item.pk}/cancelling/", {"reason": "重复"}).status_code == 422
