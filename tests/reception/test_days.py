from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Absence, Holding
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.kernel.workdays import WorkdayCalendar
from guantong.reception.models import ReceptionDay, Slot
from guantong.reception.operations.cancelling import cancel_day
from guantong.reception.operations.changes import move_day, name_stand_in, swap_hosts
from guantong.reception.operations.days import edit_day, publish_days
from guantong.reception.operations.layout import settle_provisional_days
from reception.cast import (
    NOW,
    PLACE,
    booked,
    fresh,
    laid_out,
    leader,
    public_day,
    slots_of,
    stages,
    terms_in,
)

ANNOUNCED = WorkdayCalendar.china((2025, 2026, 2027))


def numbers(days: list[ReceptionDay]) -> Counter[int]:
    return Counter(each.host.number for each in days)


class TestLayOut:
    def test_every_leader_receives_every_month_as_the_duty_says(self, city: City) -> None:
        days = laid_out(city)
        assert numbers(days) == {1: 11, 2: 11, 3: 11}  # January's could not be published in time any more
        assert {each.planned_on for each in days} == {dt.date(2026, month, 15) for month in range(2, 13)}
        assert {each.day for each in days if each.planned_on.month == 2} == {dt.date(2026, 2, 24)}
        assert {each.place for each in days} == {PLACE}
        assert not any(each.published_at or each.slots.exists() for each in days)

    def test_one_a_day_goes_round_fairly(self, city: City) -> None:
        days = laid_out(city, a_day=1)
        assert [each.host.number for each in days] == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2]

    def test_a_quarter_at_a_time_goes_on_where_the_last_one_ended(self, city: City) -> None:
        first = laid_out(city, a_day=1, last=dt.date(2026, 3, 31))
        second = laid_out(city, a_day=1, first=dt.date(2026, 4, 1), last=dt.date(2026, 6, 30))
        assert [each.host.number for each in first + second] == [1, 2, 3, 1, 2]

    def test_a_second_time_adds_nothing(self, city: City) -> None:
        laid_out(city)
        assert laid_out(city) == []
        assert ReceptionDay.objects.count() == 33

    def test_a_day_that_was_cancelled_is_laid_out_again(self, city: City) -> None:
        day = laid_out(city, a_day=1)[1]
        cancel_day(day=day, reason="出差", actor=city.coordinator, now=NOW)
        assert [each.planned_on for each in laid_out(city, a_day=1)] == [day.planned_on]

    def test_whoever_is_away_is_passed_over(self, city: City) -> None:
        first, other = leader(city, 1), leader(city, 2)
        assert other.person is not None
        Absence.objects.create(
            holding=Holding.objects.get(office=first.office), stand_in=other.person, starts_on=dt.date(2026, 2, 20),
            ends_on=dt.date(2026, 2, 28), recorded_at=NOW,
        )  # fmt: skip
        assert [each.host.number for each in laid_out(city, a_day=1)][:3] == [2, 1, 3]

    def test_the_year_without_a_calendar_is_provisional(self, city: City) -> None:
        days = laid_out(city, calendar=WorkdayCalendar((2025, 2026, 2027), announced=()))
        assert all(each.provisional for each in days)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [({"place": " "}, "接待地点"), ({"a_day": 4}, "1 到 3"), ({"a_day": 0}, "1 到 3")],
    )
    def test_what_makes_no_sense_is_refused(self, city: City, wrong: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            laid_out(city, **wrong)
        assert not ReceptionDay.objects.exists()

    def test_only_the_coordinating_office_and_only_where_somebody_receives(self, city: City) -> None:
        for actor in (city.head, leader(city)):
            with pytest.raises(Refusal, match="统筹协调"):
                laid_out(city, actor=actor)
        with pytest.raises(Refusal, match="没有轮流接待"):
            laid_out(city, unit=city.units["1506-MU-01"])


class TestPublish:
    def test_a_public_day_has_its_slots(self, city: City) -> None:
        slots = slots_of(public_day(city))
        assert [(f"{each.starts_at:%H:%M}", each.capacity) for each in slots] == [
            ("09:00", 2), ("09:30", 2), ("10:00", 2), ("10:30", 2), ("11:00", 2)
        ]  # fmt: skip

    def test_five_working_days_before_is_in_time_and_the_day_after_is_not(self, city: City) -> None:
        day, other = [each for each in laid_out(city, a_day=2) if each.planned_on.month == 2]
        publish_days(days=[day], actor=city.coordinator, now=at(2, 10))
        with pytest.raises(Refusal, match=r"2026-02-24.*2026-02-10"):
            publish_days(days=[other], actor=city.coordinator, now=at(2, 11))
        assert ReceptionDay.objects.filter(published_at__isnull=False).get() == day

    def test_all_or_none_with_every_reason(self, city: City) -> None:
        days = laid_out(city, a_day=1)
        cancel_day(day=days[2], reason="会议", actor=city.coordinator, now=NOW)
        with pytest.raises(Refusal) as refused:
            publish_days(days=days, actor=city.coordinator, now=at(2, 11))
        assert len(refused.value.reasons) == 2
        assert not Slot.objects.exists()

    def test_twice_is_once(self, city: City) -> None:
        day = public_day(city)
        assert publish_days(days=[day], actor=city.coordinator, now=NOW) == []
        assert Slot.objects.count() == 5

    def test_by_the_coordinating_office_alone(self, city: City) -> None:
        days = laid_out(city)
        with pytest.raises(Refusal, match="统筹协调"):
            publish_days(days=days[-1:], actor=leader(city), now=NOW)


def edited(day: ReceptionDay, actor: Acting, **more: Any) -> ReceptionDay:
    given: dict[str, Any] = {
        "day": day, "host": day.host, "starts_at": dt.time(14), "ends_at": dt.time(16), "place": "二楼", "portfolio": "城建",
        "actor": actor, "now": NOW,
    }  # fmt: skip
    return edit_day(**given | more)


class TestEdit:
    def test_a_draft_changes_and_its_portfolio_is_taken_over_next_time(self, city: City) -> None:
        day = laid_out(city, a_day=1, last=dt.date(2026, 2, 28))[0]
        edited(day, city.coordinator, host=city.office("1506-LG", "leader", 2))
        day.refresh_from_db()
        assert (day.host.number, day.starts_at, day.place, day.portfolio) == (2, dt.time(14), "二楼", "城建")
        more = laid_out(city, a_day=3, first=dt.date(2026, 3, 1), last=dt.date(2026, 3, 31))
        assert {each.host.number: each.portfolio for each in more} == {1: "", 2: "城建", 3: ""}

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [({"ends_at": dt.time(13)}, "结束时间"), ({"place": ""}, "地点"), ({"place": "长" * 201}, "200")],
    )
    def test_what_makes_no_sense_is_refused(self, city: City, wrong: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            edited(laid_out(city)[0], city.coordinator, **wrong)

    def test_not_what_is_public_nor_to_somebody_else_s_day(self, city: City) -> None:
        with pytest.raises(Refusal, match="改期"):
            edited(public_day(city), city.coordinator)
        day = ReceptionDay.objects.filter(planned_on__month=4).order_by("host__number")[0]
        with pytest.raises(Refusal, match="已有接待安排"):
            edited(day, city.coordinator, host=city.office("1506-LG", "leader", 2))
        with pytest.raises(Refusal, match="不在轮流接待"):
            edited(day, city.coordinator, host=city.office("1506-MU-01", "unit_head"))
        with pytest.raises(Refusal, match="统筹协调"):
            edited(day, leader(city))


class TestStandIn:
    def test_everybody_booked_is_told_and_meets_the_stand_in(self, city: City) -> None:
        laid_out(city, a_day=1)
        day = ReceptionDay.objects.get(planned_on__month=3)
        publish_days(days=[day], actor=city.coordinator, now=NOW)
        first = booked(slots_of(day)[0])
        stand_in = city.office("1506-LG", "leader", 3)
        name_stand_in(day=day, stand_in=stand_in, reason="外出开会", actor=city.coordinator, now=NOW)
        found = fresh(first)
        assert (found.stage, found.host, found.case.host) == ("booked", stand_in, stand_in)
        assert "外出开会" in str(found.steps.latest("pk").said)
        assert verify_log().faults == []

    def test_not_somebody_who_receives_that_day_or_cannot_receive(self, city: City) -> None:
        day = public_day(city)
        for office, sentence in (
            (city.office("1506-LG", "leader", 2), "已有接待安排"),
            (city.office("1506-MU-01", "unit_head"), "另一位领导"),
            (day.host, "另一位领导"),
        ):
            with pytest.raises(Refusal, match=sentence):
                name_stand_in(day=day, stand_in=office, reason="出差", actor=city.coordinator, now=NOW)
        with pytest.raises(Refusal, match="理由"):
            name_stand_in(day=day, stand_in=None, reason=" ", actor=city.coordinator, now=NOW)


class TestSwap:
    def test_two_hosts_take_each_other_s_day(self, city: City) -> None:
        first, second = laid_out(city, a_day=1)[:2]
        swap_hosts(first=first, second=second, reason="时间冲突", actor=city.coordinator, now=NOW)
        hosts = ReceptionDay.objects.order_by("day").values_list("host__number", flat=True)
        assert list(hosts)[:3] == [2, 1, 3]
        assert verify_log().faults == []

    def test_not_once_somebody_has_booked(self, city: City) -> None:
        first, second = laid_out(city, a_day=1)[:2]
        publish_days(days=[first], actor=city.coordinator, now=NOW)
        booked(slots_of(first)[0])
        with pytest.raises(Refusal, match="已有人预约"):
            swap_hosts(first=first, second=second, reason="时间冲突", actor=city.coordinator, now=NOW)

    def test_not_within_a_day_or_where_one_is_busy(self, city: City) -> None:
        days = laid_out(city)
        for first, second, sentence in (
            (days[0], days[1], "另一个日期"),
            (days[0], days[3], "另一个日期"),
            (days[0], days[4], "已有接待安排"),
        ):
            with pytest.raises(Refusal, match=sentence):
                swap_hosts(first=first, second=second, reason="冲突", actor=city.coordinator, now=NOW)


class TestMove:
    def test_bookings_stay_and_everybody_is_told(self, city: City) -> None:
        day = public_day(city)
        first = booked(slots_of(day)[0])
        move_day(day=day, to=dt.date(2026, 3, 18), reason="全市会议", actor=city.coordinator, now=NOW)
        found = fresh(first)
        assert (found.stage, found.seat, found.meet_on) == ("booked", 1, dt.date(2026, 3, 18))
        assert "2026-03-18" in str(found.steps.latest("pk").said)
        day.refresh_from_db()
        assert (day.planned_on, day.day) == (dt.date(2026, 3, 15), dt.date(2026, 3, 18))
        assert verify_log().faults == []

    @pytest.mark.parametrize(
        ("to", "sentence"),
        [
            (dt.date(2026, 3, 21), "不是本年度的工作日"),
            (dt.date(2027, 3, 18), "不是本年度的工作日"),
            (dt.date(2026, 2, 6), "至少提前 5 个工作日"),
            (dt.date(2026, 4, 15), "已有接待安排"),
        ],
    )
    def test_only_to_a_free_working_day_announced_in_time(
        self, city: City, to: dt.date, sentence: str
    ) -> None:
        day = public_day(city)
        with pytest.raises(Refusal, match=sentence):
            move_day(day=day, to=to, reason="会议", actor=city.coordinator, now=NOW)
        day.refresh_from_db()
        assert day.day == dt.date(2026, 3, 16)

    def test_not_by_the_host_nor_after_the_day(self, city: City) -> None:
        day = public_day(city)
        with pytest.raises(Refusal, match="统筹协调"):
            move_day(day=day, to=dt.date(2026, 3, 18), reason="会议", actor=leader(city), now=NOW)
        with pytest.raises(Refusal, match="已经过去"):
            move_day(day=day, to=dt.date(2026, 3, 30), reason="会议", actor=city.coordinator, now=at(3, 17))


class TestCancel:
    def test_everybody_is_offered_the_next_places_of_the_same_office(self, city: City) -> None:
        day, later = public_day(city), public_day(city, 4)
        slot = slots_of(day)[0]
        people = [booked(slot) for _each in range(3)]
        assert stages(*people) == ["booked", "booked", "waiting"]
        cancel_day(day=day, reason="全市会议", actor=city.coordinator, now=NOW)
        assert stages(*people) == ["proposed"] * 3
        found = [fresh(each) for each in people]
        assert [(each.slot.day, each.seat) for each in found if each.slot] == [
            (later, 1),
            (later, 2),
            (later, 1),
        ]
        assert all("全市会议" in str(each.steps.latest("pk").said) for each in found)
        assert all(each.open_until == at(2, 9) for each in found)  # five working days to answer
        assert verify_log().faults == []

    def test_where_there_is_no_other_day_the_office_owes_a_time(self, city: City) -> None:
        day = public_day(city)
        person = booked(slots_of(day)[0])
        cancel_day(day=day, reason="全市会议", actor=city.coordinator, now=NOW)
        found = fresh(person)
        assert (found.stage, found.slot, found.seat, found.answer_by) == (
            "asked",
            None,
            None,
            dt.date(2026, 2, 9),
        )

    def test_twice_is_once_and_needs_a_reason(self, city: City) -> None:
        day = public_day(city)
        with pytest.raises(Refusal, match="理由"):
            cancel_day(day=day, reason="", actor=city.coordinator, now=NOW)
        cancel_day(day=day, reason="会议", actor=city.coordinator, now=NOW)
        cancel_day(day=day, reason="会议", actor=city.coordinator, now=NOW)
        assert AuditEntry.objects.filter(verb="reception.day_cancelled").count() == 1

    def test_not_by_others(self, city: City) -> None:
        day = public_day(city)
        with pytest.raises(Refusal, match="统筹协调"):
            cancel_day(day=day, reason="会议", actor=leader(city), now=NOW)


class TestTheCalendarComesOut:
    """Days planned before the swapped working days were announced."""

    def provisional(self, city: City) -> list[ReceptionDay]:
        weekends = WorkdayCalendar((2025, 2026, 2027), announced=())
        return laid_out(city, a_day=1, calendar=weekends)

    def test_while_it_is_not_known_nothing_moves(self, city: City) -> None:
        self.provisional(city)
        unknown = WorkdayCalendar((2026,), announced=())
        assert (
            settle_provisional_days(cycle=city.cycle, actor=city.coordinator, now=NOW, calendar=unknown) == []
        )

    def test_drafts_move_to_where_the_rule_puts_them(self, city: City) -> None:
        days = self.provisional(city)
        assert days[0].day == dt.date(2026, 2, 16)  # a Monday, in what turns out to be Spring Festival
        settle_provisional_days(cycle=city.cycle, actor=city.coordinator, now=NOW, calendar=ANNOUNCED)
        days[0].refresh_from_db()
        assert (days[0].day, days[0].provisional) == (dt.date(2026, 2, 24), False)
        assert not ReceptionDay.objects.filter(provisional=True).exists()
        assert verify_log().faults == []

    def test_a_public_day_that_became_a_holiday_waits_for_a_person(self, city: City) -> None:
        days = self.provisional(city)
        ReceptionDay.objects.filter(pk=days[0].pk).update(published_at=NOW)
        settle_provisional_days(cycle=city.cycle, actor=city.coordinator, now=NOW, calendar=ANNOUNCED)
        days[0].refresh_from_db()
        assert (days[0].day, days[0].provisional) == (dt.date(2026, 2, 16), True)


def test_a_mechanism_without_fixed_days_says_so(city: City) -> None:
    terms = terms_in(city)
    from dataclasses import replace

    with pytest.raises(Refusal, match="随时约访"):
        laid_out(city, terms=replace(terms, monthly_day=None))
