from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseKind, CaseStage, Channel
from guantong.cases.models import Case
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import State
from guantong.obligations.models import Claim, Obligation
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.operations.appointments import accept_appointment, ask_appointment
from guantong.reception.operations.changes import name_stand_in
from guantong.reception.operations.days import publish_days
from guantong.reception.operations.holding import check_in, close_day, record_walk_in
from guantong.records.models import Record
from reception.cast import (
    NOW,
    booked,
    fresh,
    laid_out,
    leader,
    public_day,
    said,
    slots_of,
    stages,
    themselves,
)

DAY = at(3, 16)


def walked_in(city: City, actor: Acting, **more: Any) -> Booking:
    given: dict[str, Any] = {
        "cycle": city.cycle, "host": leader(city).office, "on": dt.date(2026, 3, 16), "said": said(), "actor": actor,
        "now": DAY,
    }  # fmt: skip
    return record_walk_in(**given | more)[0]


def duty(city: City, number: int = 1) -> Obligation:
    """March's duty to receive."""
    office = city.office("1506-LG", "leader", number)
    return Obligation.objects.get(office=office, rule="D07", due_on__month=3)


class TestTheDay:
    def test_one_record_says_what_happened_and_claims_the_duty(self, signed: City) -> None:
        day = public_day(signed)
        came, missing = booked(slots_of(day)[0]), booked(slots_of(day)[1])
        walk_in = walked_in(signed, signed.coordinator)
        check_in(booking=came, came=True, actor=leader(signed), now=DAY)
        close_day(day=day, actor=leader(signed), now=DAY, note="供暖问题当场协调。")
        day.refresh_from_db()
        assert stages(came, missing, walk_in) == ["met", "missed", "met"]
        assert day.held_on == dt.date(2026, 3, 16)
        record = day.record
        assert record is not None
        assert (record.kind, record.happened_on) == ("reception", dt.date(2026, 3, 16))
        assert record.summary == (
            "接待日接待来访 2 批，其中预约 1 批、直接来访 1 批；预约未到 1 批。供暖问题当场协调。"
        )
        assert [each.office for each in record.participations.all()] == [leader(signed).office]
        assert {each.pk for each in record.bookings.all()} == {came.pk, walk_in.pk}
        assert (duty(signed).state, duty(signed, 2).state) == (State.CLAIMED, State.OPEN)
        assert Claim.objects.get(record=record).claimant == leader(signed).person
        assert verify_log().faults == []

    def test_the_demand_stays_the_host_s_case(self, city: City) -> None:
        day = public_day(city)
        booking = booked(slots_of(day)[0])
        check_in(booking=booking, came=True, actor=leader(city), now=DAY)
        close_day(day=day, actor=leader(city), now=DAY)
        case = fresh(booking).case
        assert (case.host, case.stage) == (leader(city).office, CaseStage.REGISTERED)

    def test_twice_is_once(self, city: City) -> None:
        day = public_day(city)
        close_day(day=day, actor=leader(city), now=DAY)
        close_day(day=day, actor=city.coordinator, now=DAY)
        assert Record.objects.filter(kind="reception").count() == 1
        assert AuditEntry.objects.filter(verb="reception.day_held").count() == 1

    def test_a_day_to_which_nobody_came_was_held_all_the_same(self, signed: City) -> None:
        day = public_day(signed)
        close_day(day=day, actor=leader(signed), now=DAY)
        assert Record.objects.get(kind="reception").summary == "接待日按公布的时间在岗接待，没有人来访。"
        assert duty(signed).state == State.CLAIMED

    def test_whoever_waited_or_did_not_confirm_is_told(self, city: City) -> None:
        day = public_day(city)
        slot = slots_of(day)[0]
        people = [booked(slot) for _each in range(3)]
        close_day(day=day, actor=leader(city), now=DAY)
        assert stages(*people) == ["missed", "missed", "expired"]

    def test_the_stand_in_receives_and_the_duty_is_theirs(self, signed: City) -> None:
        laid_out(signed, a_day=1)
        day = ReceptionDay.objects.get(planned_on__month=3)
        publish_days(days=[day], actor=signed.coordinator, now=NOW)
        host, other = day.host.number, 1 + day.host.number % 3
        name_stand_in(
            day=day,
            stand_in=signed.office("1506-LG", "leader", other),
            reason="开会",
            actor=signed.coordinator,
            now=NOW,
        )
        close_day(day=day, actor=leader(signed, other), now=DAY)
        assert (duty(signed, other).state, duty(signed, host).state) == (State.CLAIMED, State.OPEN)

    def test_not_before_the_day_nor_by_others_nor_without_publishing(self, city: City) -> None:
        day = public_day(city)
        with pytest.raises(Refusal, match="已经开始"):
            close_day(day=day, actor=leader(city), now=at(3, 15))
        for actor in (leader(city, 2), city.head):
            with pytest.raises(Refusal, match="只有接待"):
                close_day(day=day, actor=actor, now=DAY)
        draft = ReceptionDay.objects.filter(published_at__isnull=True)[0]
        with pytest.raises(Refusal, match="公布过"):
            close_day(day=draft, actor=city.coordinator, now=at(12, 31))


class TestCheckIn:
    def test_either_may_be_put_right_until_the_day_is_written_down(self, city: City) -> None:
        day = public_day(city)
        booking = booked(slots_of(day)[0])
        for came, stage in ((False, "missed"), (True, "met"), (False, "missed"), (True, "met")):
            check_in(booking=booking, came=came, actor=leader(city), now=DAY)
            assert stages(booking) == [stage]
        check_in(booking=booking, came=True, actor=leader(city), now=DAY)
        assert booking.steps.count() == 5
        close_day(day=day, actor=leader(city), now=DAY)
        with pytest.raises(Refusal, match="不能再改"):
            check_in(booking=booking, came=False, actor=leader(city), now=DAY)

    def test_not_before_the_day_nor_by_anybody_else(self, city: City) -> None:
        booking = booked(slots_of(public_day(city))[0])
        with pytest.raises(Refusal, match="还没有到"):
            check_in(booking=booking, came=True, actor=leader(city), now=at(3, 15))
        for actor in (leader(city, 2), city.head, themselves(booking)):
            with pytest.raises(Refusal, match="只有负责接待"):
                check_in(booking=booking, came=True, actor=actor, now=DAY)  # type: ignore[arg-type]

    def test_an_appointment_becomes_one_record_of_its_day(self, city: City) -> None:
        people = []
        for _each in range(2):
            booking, _code = ask_appointment(
                cycle=city.cycle,
                host=leader(city).office,
                said=said(),
                actor=Applicant(),
                now=NOW,  # type: ignore[arg-type]
            )
            accept_appointment(
                booking=booking,
                day=dt.date(2026, 2, 5),
                time=dt.time(15),
                place="会客室",
                actor=leader(city),
                now=NOW,
            )
            people.append(booking)
        for each in people:
            check_in(booking=each, came=True, actor=leader(city), now=at(2, 5, 16))
        record = Record.objects.get(kind="reception")
        assert {fresh(each).record for each in people} == {record}
        assert record.happened_on == dt.date(2026, 2, 5)
        assert verify_log().faults == []


class TestWalkIn:
    def test_it_is_a_case_of_whoever_received(self, city: City) -> None:
        booking = walked_in(city, leader(city))
        case = booking.case
        assert (booking.kind, booking.stage, case.channel, case.host) == (
            "walk_in", "met", Channel.RECEPTION, leader(city).office
        )  # fmt: skip
        assert case.received_on == dt.date(2026, 3, 16)
        assert booking.record is not None
        assert verify_log().faults == []

    def test_a_suggestion_may_be_nameless_and_a_demand_may_not(self, city: City) -> None:
        nameless: dict[str, Any] = {"name": "", "contact": "", "kind": CaseKind.SUGGESTION}
        assert walked_in(
            city, leader(city), said=said(**{**nameless, "contact": " "}), anonymous=True
        ).case.anonymous
        with pytest.raises(Refusal, match="可以不留姓名"):
            walked_in(
                city, leader(city), said=said(name="", contact=" ", kind=CaseKind.DIFFICULTY), anonymous=True
            )

    def test_the_same_form_twice_is_one(self, city: City) -> None:
        first = walked_in(city, leader(city), submission_key="k")
        assert walked_in(city, leader(city), submission_key="k") == first
        assert Case.objects.count() == 1

    def test_by_whoever_received_or_the_coordinating_office(self, city: City) -> None:
        for actor in (leader(city, 2), city.head):
            with pytest.raises(Refusal, match="只有负责接待"):
                walked_in(city, actor)
        with pytest.raises(Refusal, match="从名单中选择"):
            walked_in(city, city.coordinator, host=city.office("1506-MU-01", "unit_head"))
        with pytest.raises(Refusal, match="不晚于今天"):
            walked_in(city, city.coordinator, on=dt.date(2026, 3, 17))
