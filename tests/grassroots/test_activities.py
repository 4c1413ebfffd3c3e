"""Activities of a home: planned, held as one record that fulfils duties, or cancelled with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn, at
from grassroots.home_cast import MONDAY, NOW, TODAY, keeper_of, planned, recorded, registered, room_of
from guantong.audit.verification import verify_log
from guantong.grassroots.activity_codes import code_for
from guantong.grassroots.models import Activity, RoomBooking
from guantong.grassroots.operations.activities import cancel_activity, hold_activity
from guantong.grassroots.operations.homes import add_host
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Claim
from guantong.privacy.operations import link_digest
from guantong.records.models import Record

MORNING = {"starts_at": dt.time(9), "ends_at": dt.time(11)}


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


class TestPlan:
    def test_with_a_room_the_room_is_booked_and_the_hosts_are_those_of_the_day(self, city: City) -> None:
        home = registered(city)
        add_host(home=home, kind="volunteers", starts_on=TODAY, actor=keeper_of(city), now=NOW)
        made = planned(city, home, room=room_of(home), **MORNING)
        assert made.booking is not None
        assert made.booking.day == MONDAY
        assert (made.stage, made.capacity, made.host_kinds) == ("planned", 20, ["volunteers"])
        assert made.sign_code_digest == link_digest(code_for(made))
        assert verify_log().faults == []

    def test_the_same_form_twice_is_one(self, city: City) -> None:
        home = registered(city)
        room = room_of(home)
        assert planned(city, home, room=room, **MORNING) == planned(city, home, room=room, **MORNING)
        assert (Activity.objects.count(), RoomBooking.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"title": " "}, "活动名称"),
            ({"title": "长" * 201}, "200"),
            ({"content": "dancing"}, "活动内容"),
            ({"day": dt.date(2027, 1, 4)}, "2026 年度"),
            ({"day": dt.date(2026, 4, 9)}, "直接登记"),
            ({"starts_at": dt.time(11), "ends_at": dt.time(9)}, "晚于"),
            ({"capacity": 0}, "名额"),
            ({"host_kinds": ["nobody"]}, "nobody"),
        ],
    )
    def test_what_cannot_be_is_refused(self, city: City, changed: dict[str, Any], why: str) -> None:
        with pytest.raises(Refusal, match=why):
            planned(city, registered(city), **changed)
        assert Activity.objects.count() == 0

    def test_a_neighbour_does_not_plan(self, city: City) -> None:
        with pytest.raises(Refusal, match="之家负责人或上级"):
            planned(city, registered(city), actor=city.acting("150602001002", "liaison"))

    def test_who_sees_the_home_but_may_not_write_does_not_plan(self, city: City) -> None:
        with pytest.raises(Refusal, match="之家负责人或上级"):
            planned(city, registered(city), actor=city.acting("1506-LGO", "assessor"))


class TestHold:
    def test_it_becomes_one_record_and_claims_the_keepers_duty(self, signed: City) -> None:
        made = recorded(signed, registered(signed), results=["learnt"])
        assert (made.stage, made.signed_in, made.results) == ("held", 12, ["learnt"])
        record = Record.objects.get()
        assert made.record == record
        assert record.kind == "activity"
        assert record.summary == "读书会（学习宣传），到场 12 人。"
        claim = Claim.objects.get()
        assert (claim.record, claim.obligation.rule) == (record, "D16")
        assert verify_log().faults == []

    def test_entered_by_the_street_it_is_still_the_keepers_work(self, signed: City) -> None:
        commissioner, keeper = signed.acting("150602001", "commissioner"), keeper_of(signed)
        made = recorded(signed, registered(signed), actor=commissioner)
        assert made.record is not None
        assert made.record.entered_by == commissioner.office
        assert [each.office for each in made.record.participations.all()] == [keeper.office]
        assert [each.obligation.office for each in Claim.objects.all()] == [keeper.office]

    def test_the_same_twice_is_one_record(self, city: City) -> None:
        home = registered(city)
        assert recorded(city, home) == recorded(city, home)
        assert Record.objects.count() == 1

    def test_recording_a_planned_one_holds_it(self, city: City) -> None:
        home = registered(city)
        plan = planned(city, home, day=TODAY)
        made = recorded(city, home, title=plan.title, day=TODAY)
        assert made.pk == plan.pk
        assert made.stage == "held"

    def test_uncounted_is_not_nought(self, city: City) -> None:
        made = recorded(city, registered(city), signed_in=None)
        assert made.signed_in is None
        assert made.record is not None
        assert "未统计" in made.record.summary

    def test_not_before_its_day_and_not_twice(self, city: City) -> None:
        home, keeper = registered(city), keeper_of(city)
        later = planned(city, home)
        with pytest.raises(Refusal, match="还没有到"):
            hold_activity(activity=later, signed_in=3, actor=keeper, now=NOW)
        held = hold_activity(activity=later, signed_in=3, actor=keeper, now=at(4, 13))
        with pytest.raises(Refusal, match="已经登记过"):
            hold_activity(activity=held, signed_in=3, actor=keeper, now=at(4, 13))
        with pytest.raises(Refusal, match="还没有到"):
            recorded(city, home, day=dt.date(2026, 4, 11))

    @pytest.mark.parametrize(("number", "results"), [(-1, []), (10_000, []), (3, ["fame"])])
    def test_what_cannot_be_is_refused(self, city: City, number: int, results: list[str]) -> None:
        with pytest.raises(Refusal):
            recorded(city, registered(city), signed_in=number, results=results)
        assert Record.objects.count() == 0


class TestCancel:
    def test_with_a_reason_and_the_room_is_free_again(self, city: City) -> None:
        home, keeper = registered(city), keeper_of(city)
        room = room_of(home)
        made = planned(city, home, room=room, **MORNING)
        with pytest.raises(Refusal, match="原因"):
            cancel_activity(activity=made, reason=" ", actor=keeper, now=NOW)
        cancel_activity(activity=made, reason="停电", actor=keeper, now=NOW)
        made.refresh_from_db()
        assert (made.stage, made.reason) == ("cancelled", "停电")
        assert planned(city, home, title="另一场", room=room, **MORNING).booking is not None
        with pytest.raises(Refusal, match="已经取消"):
            cancel_activity(activity=made, reason="停电", actor=keeper, now=NOW)
        assert verify_log().faults == []


class TestPages:
    def test_plan_hold_and_read_through_the_pages(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(keeper_of(city))
        given = {"content": "culture", "title": "象棋赛", "day": "2026-04-10", "capacity": "16"}
        answer = client.post(reverse("activity-new", args=[home.pk]), given)
        item = Activity.objects.get()
        assert answer["Location"] == reverse("activity", args=[item.pk])
        assert item.title in client.get(reverse("home-page", args=[home.pk])).content.decode()
        held = {"signed_in": "14", "results": ["practice"]}
        assert client.post(reverse("activity-held", args=[item.pk]), held).status_code == 302
        assert client.post(reverse("activity-held", args=[item.pk]), held).status_code == 422
        page = client.get(reverse("activity", args=[item.pk])).content.decode()
        assert "14" in page
        assert "形成做法" in page
        assert "没有名单" in page
        assert Record.objects.count() == 1

    def test_record_through_the_page(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(keeper_of(city))
        given = {"content": "service", "title": "义诊", "day": "2026-04-09", "signed_in": "30"}
        assert client.post(reverse("activity-record", args=[home.pk]), given).status_code == 302
        late = client.post(reverse("activity-record", args=[home.pk]), given | {"day": "2026-04-19"})
        assert late.status_code == 422
        assert "还没有到" in late.content.decode()

    def test_cancel_through_the_page(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        item = planned(city, home)
        client = as_(keeper_of(city))
        address = reverse("activity-cancellation", args=[item.pk])
        assert client.get(address).status_code == 405
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "停电"}).status_code == 302
        assert "停电" in client.get(reverse("activity", args=[item.pk])).content.decode()

    def test_the_sheet_carries_the_code_and_no_names(self, city: City, as_: SignIn) -> None:
        item = planned(city, registered(city))
        page = as_(keeper_of(city)).get(reverse("activity-sheet", args=[item.pk])).content.decode()
        assert reverse("activity-open", args=[code_for(item)]) in page
        assert "data:image/svg" in page
        assert "不留姓名和电话" in page
        assert "name=" not in page.split("<main")[1]

    @pytest.mark.parametrize("name", ["activity", "activity-held", "activity-sheet"])
    def test_an_outsider_finds_nothing(self, city: City, as_: SignIn, name: str) -> None:
        item = planned(city, registered(city))
        client = as_(city.acting("150622100", "commissioner"))
        assert client.get(reverse(name, args=[item.pk])).status_code == 404

    def test_the_list_costs_the_same_for_many(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        home = registered(city)
        for n in range(8):
            recorded(city, home, title=f"第 {n} 次")
        client = as_(keeper_of(city))
        with django_assert_max_num_queries(14):
            page = client.get(reverse("home-activities", args=[home.pk]))
        assert len(page.context["listing"]) == 8

    def test_a_reader_cannot_write(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(city.acting("1506-LGO", "assessor"))
        assert client.get(reverse("home-activities", args=[home.pk])).status_code == 200
        assert client.get(reverse("activity-new", args=[home.pk])).status_code == 403
