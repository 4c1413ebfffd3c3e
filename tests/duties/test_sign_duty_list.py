from __future__ import annotations

import pytest

from conftest import CONSOLE, City, at
from guantong.audit.models import AuditEntry
from guantong.duties.models import DutyItem, DutyList, ListState
from guantong.duties.operations import (
    answer_objection,
    issue_duty_lists,
    object_to_item,
    sign_duty_list,
)
from guantong.duties.queries import duty_library, with_price
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation


class TestOpenCycle:
    def test_every_seat_of_the_package_is_set_up_where_its_kind_and_level_are(self, city: City) -> None:
        assert city.office("1506-LG", "leader", 3).scope == city.units["1506"]
        assert city.office("150602001", "commissioner").full_time
        assert city.office("150622100200", "liaison").unit.name == "沙圪堵村"

    def test_a_duty_for_each_village_makes_one_item_for_each_village(self, city: City) -> None:
        about = DutyItem.objects.filter(duty_list__unit__code="150602001", duty="D14").values_list(
            "about__name", flat=True
        )
        assert set(about) == {"联丰社区", "民族社区"}

    def test_cadence_is_expanded_to_times_in_the_year(self, city: City) -> None:
        times = dict(
            DutyItem.objects.filter(duty_list__unit__code="1506-LG", office__number=1).values_list(
                "duty", "times"
            )
        )
        assert times["D01"] == 2
        assert times["D04"] == 4
        assert times["D07"] == 12
        assert times["D08"] == 0  # upon an event

    def test_opening_the_same_year_twice_is_refused_and_changes_nothing(self, city: City) -> None:
        from guantong.duties.operations import open_cycle
        from guantong.mechanisms.operations import read_valid_package

        before = DutyItem.objects.count()
        with pytest.raises(Refusal, match="已经启动"):
            open_cycle(
                package=read_valid_package("three-threes"),
                unit=city.units["1506"],
                year=2026,
                actor=CONSOLE,
                now=at(1, 6),
            )
        assert DutyItem.objects.count() == before


class TestSeeAndObject:
    def test_a_unit_sees_its_price_before_the_list_is_issued(self, city: City) -> None:
        found = with_price(DutyList.objects.filter(pk=city.list_of("1506-MU-01").pk)).get()
        expected = sum(item.times * item.minutes for item in found.items.all())
        assert found.state == ListState.CONSULTED
        assert found.price == expected > 0

    def test_a_list_with_an_open_objection_cannot_be_issued(self, city: City) -> None:
        item = city.list_of("1506-MU-01").items.get(duty="D03")
        object_to_item(item=item, reason="不归口本单位", actor=city.head, now=at(1, 8))
        with pytest.raises(Refusal, match="市发展和改革委员会"):
            issue_duty_lists(cycle=city.cycle, actor=city.coordinator, now=at(1, 9))

    def test_an_upheld_objection_takes_the_item_back(self, city: City) -> None:
        item = city.list_of("1506-MU-01").items.get(duty="D03")
        objection = object_to_item(item=item, reason="不归口本单位", actor=city.head, now=at(1, 8))
        answer_objection(
            objection=objection, upheld=True, answer="同意", actor=city.coordinator, now=at(1, 9)
        )
        issue_duty_lists(cycle=city.cycle, actor=city.coordinator, now=at(1, 15))
        sign_duty_list(duty_list=city.list_of("1506-MU-01"), actor=city.head, now=at(2, 2))
        assert not Obligation.objects.filter(unit__code="1506-MU-01", rule="D03").exists()

    def test_another_unit_cannot_object(self, city: City) -> None:
        item = city.list_of("1506-MU-01").items.get(duty="D03")
        with pytest.raises(Refusal):
            object_to_item(item=item, reason="…", actor=city.acting("1506-MU-02", "unit_head"), now=at(1, 8))

    def test_a_reason_is_asked_for(self, city: City) -> None:
        item = city.list_of("1506-MU-01").items.get(duty="D03")
        with pytest.raises(Refusal, match="理由"):
            object_to_item(item=item, reason=" ", actor=city.head, now=at(1, 8))


class TestSignDutyList:
    def test_signing_opens_one_obligation_for_each_period_of_each_duty(self, city: City) -> None:
        issue_duty_lists(cycle=city.cycle, actor=CONSOLE, now=at(1, 15))
        sign_duty_list(duty_list=city.list_of("1506-MU-01"), actor=city.head, now=at(2, 2))
        owed = Obligation.objects.filter(unit__code="1506-MU-01", rule="D12").order_by("due_on")
        assert [f"{each.due_on:%m-%d}" for each in owed] == ["03-25", "06-25", "09-25", "12-25"]

    def test_the_duty_to_sign_is_fulfilled_by_signing(self, city: City) -> None:
        issue_duty_lists(cycle=city.cycle, actor=CONSOLE, now=at(1, 15))
        sign_duty_list(duty_list=city.list_of("1506-MU-01"), actor=city.head, now=at(2, 2))
        assert Obligation.objects.get(unit__code="1506-MU-01", rule="D11").state == "fulfilled"

    def test_a_list_that_is_not_issued_cannot_be_signed(self, city: City) -> None:
        with pytest.raises(Refusal, match="征求意见"):
            sign_duty_list(duty_list=city.list_of("1506-MU-01"), actor=city.head, now=at(1, 8))

    def test_signing_twice_is_refused_and_changes_nothing(self, signed: City) -> None:
        head = signed.head
        before = Obligation.objects.count(), AuditEntry.objects.count()
        with pytest.raises(Refusal, match="已经签收"):
            sign_duty_list(duty_list=signed.list_of("1506-MU-01"), actor=head, now=at(2, 3))
        assert (Obligation.objects.count(), AuditEntry.objects.count()) == before

    def test_another_unit_cannot_sign(self, city: City) -> None:
        issue_duty_lists(cycle=city.cycle, actor=CONSOLE, now=at(1, 15))
        with pytest.raises(Refusal, match="主要负责人"):
            sign_duty_list(duty_list=city.list_of("1506-MU-02"), actor=city.head, now=at(2, 2))

    def test_signing_writes_one_audit_row_naming_person_and_office(self, signed: City) -> None:
        entry = AuditEntry.objects.filter(verb="duties.signed").latest("pk")
        assert entry.object_type == "duties.dutylist"


class TestLibrary:
    def test_shows_overlaps_and_orphans(self, city: City) -> None:
        entries = {each.duty.id: each for each in duty_library(city.cycle, CONSOLE)}
        assert entries["D16"].offices == 1
        assert not entries["D01"].is_orphan
        from guantong.accounts.models import Office

        DutyItem.objects.filter(duty="D16").delete()
        assert {each.duty.id: each for each in duty_library(city.cycle, CONSOLE)}["D16"].is_orphan
        assert Office.objects.filter(seat="home_keeper").exists()
