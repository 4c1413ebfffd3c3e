from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conftest import City, at
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseStage, Channel
from guantong.cases.models import Case
from guantong.kernel.refusals import Refusal
from guantong.reception import chain
from guantong.reception.choices import LIVE, TAKES_PLACE, BookingKind, BookingStage
from guantong.reception.limits import MOST_PER_SOURCE, refuse_flood
from guantong.reception.models import Booking, Slot
from guantong.reception.operations.applicants import (
    ask_other_time,
    cancel_booking,
    change_booking,
    confirm_booking,
)
from guantong.reception.operations.appointments import (
    accept_appointment,
    ask_appointment,
    decline_appointment,
    propose_slot,
    propose_time,
)
from guantong.reception.operations.bookings import book_again, book_slot
from guantong.reception.operations.days import publish_days
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


class TestTheChain:
    def test_every_stage_can_be_reached_and_every_live_one_can_be_left(self) -> None:
        reached = {after for move in chain.MOVES.values() for after in move.after}
        assert reached == set(BookingStage)
        assert {each for move in chain.MOVES.values() if move.after for each in move.before} >= set(LIVE)

    def test_nothing_leads_out_of_the_end(self) -> None:
        ended = {"cancelled", "declined", "expired", "solved"}
        assert not any(ended & set(move.before) for move in chain.MOVES.values())

    def test_an_end_the_table_does_not_name_is_a_defect(self, city: City) -> None:
        booking = booked(slots_of(public_day(city))[0])
        with pytest.raises(ValueError, match="does not lead"):
            chain.stage_after(booking, "cancel", BookingStage.MET)
        with pytest.raises(Refusal, match=r"已约定.*不能确认"):
            chain.stage_after(booking, "confirm")


class TestBook:
    def test_a_place_is_taken_and_a_preparatory_case_opened(self, city: City) -> None:
        day = public_day(city)
        booking, code = book_slot(slot=slots_of(day)[1], said=said(name="老王"), actor=Applicant(), now=NOW)
        found = fresh(booking)
        assert (found.kind, found.stage, found.seat) == (BookingKind.FIXED, BookingStage.BOOKED, 1)
        assert (found.meet_on, found.meet_at) == (dt.date(2026, 3, 16), dt.time(9, 30))
        case = found.case
        assert (case.stage, case.channel, case.host, case.unit) == (
            CaseStage.REGISTERED, Channel.WEB, day.host, city.units["1506-LGO"]
        )  # fmt: skip
        assert str(case.name) == "老王"
        assert len(code) == 11
        assert verify_log().faults == []

    def test_the_log_holds_nothing_anybody_said(self, city: City) -> None:
        booked(slots_of(public_day(city))[0], contact="13811112222")
        payloads = " ".join(AuditEntry.objects.values_list("payload", flat=True))
        assert not any(word in payloads for word in ("13811112222", "来访人", "供暖"))

    def test_the_next_ones_wait_and_are_told_so(self, city: City) -> None:
        slot = slots_of(public_day(city))[0]
        people = [booked(slot) for _each in range(4)]
        assert stages(*people) == ["booked", "booked", "waiting", "waiting"]
        assert [fresh(each).seat for each in people] == [1, 2, None, None]
        assert "已约满" in str(fresh(people[3]).steps.get().said)

    def test_the_same_form_sent_twice_is_one_booking(self, city: City) -> None:
        slot = slots_of(public_day(city))[0]
        given: dict[str, Any] = {
            "slot": slot,
            "said": said(),
            "actor": Applicant(),
            "now": NOW,
            "submission_key": "k",
        }
        first, code = book_slot(**given)
        again, no_code = book_slot(**given)
        assert (first, bool(code), no_code) == (again, True, "")
        assert (Booking.objects.count(), Case.objects.count()) == (1, 1)

    @pytest.mark.parametrize("missing", [{"name": " "}, {"contact": " "}])
    def test_name_and_contact_are_asked_and_nothing_else(self, city: City, missing: dict[str, str]) -> None:
        slot = slots_of(public_day(city))[0]
        with pytest.raises(Refusal, match="称呼和联系方式"):
            book_slot(slot=slot, said=said(**{"contact": "1", **missing}), actor=Applicant(), now=NOW)
        assert not Case.objects.exists()

    def test_the_list_closes_the_evening_before(self, city: City) -> None:
        slot = slots_of(public_day(city))[0]
        assert booked(slot, now=at(3, 15, 23))
        with pytest.raises(Refusal, match="当天"):
            booked(slot, now=at(3, 16, 0))

    def test_the_database_gives_a_place_once(self, city: City) -> None:
        slot = slots_of(public_day(city))[0]
        first, second = booked(slot), booked(slot)
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=second.pk).update(seat=fresh(first).seat)
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=second.pk).update(seat=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=second.pk).update(case=fresh(first).case)
        assert set(TAKES_PLACE) == {"offered", "proposed", "booked", "met", "missed"}


class TestLimits:
    def test_one_contact_has_two_open_bookings_however_it_is_typed(self, city: City) -> None:
        first, second, third = (public_day(city, month) for month in (3, 4, 5))
        booked(slots_of(first)[0], contact="138 0013 8000")
        booked(slots_of(second)[0], contact="13800138000")
        with pytest.raises(Refusal, match="最多有 2 个"):
            booked(slots_of(third)[0], contact="+86-138-0013-8000")
        assert booked(slots_of(third)[0], contact="13900139000")

    def test_and_one_on_a_day(self, city: City) -> None:
        slots = slots_of(public_day(city))
        booked(slots[0], contact="13800138000")
        with pytest.raises(Refusal, match="同一个接待日只约一次"):
            booked(slots[1], contact="13800138000")

    def test_a_cancelled_one_does_not_count_nor_one_of_long_ago(self, city: City) -> None:
        slot = slots_of(public_day(city))[0]
        cancelled = booked(slot, contact="13800138000")
        cancel_booking(booking=cancelled, actor=themselves(cancelled), now=NOW)
        assert booked(slot, contact="13800138000")
        assert booked(slots_of(public_day(city, 12))[0], contact="13800138000", now=at(3, 5))

    def test_an_address_that_books_again_and_again_is_slowed_down(self, city: City) -> None:
        for _each in range(MOST_PER_SOURCE):
            refuse_flood("203.0.113.7")
        with pytest.raises(Refusal, match="太频繁"):
            refuse_flood("203.0.113.7")
        refuse_flood("203.0.113.8")


class TestTheirOwn:
    def test_cancelling_frees_the_place_and_leaves_the_case(self, city: City) -> None:
        slot = slots_of(public_day(city))[0]
        first, _second, third = (booked(slot) for _each in range(3))
        cancel_booking(booking=first, actor=themselves(first), now=NOW)
        cancel_booking(booking=first, actor=themselves(first), now=NOW)
        assert stages(first, third) == ["cancelled", "offered"]
        assert (fresh(first).seat, fresh(third).seat) == (None, 1)
        assert fresh(first).case.stage == CaseStage.REGISTERED
        assert AuditEntry.objects.filter(verb="reception.cancelled").count() == 1
        assert verify_log().faults == []

    def test_changing_to_another_slot_frees_the_first(self, city: City) -> None:
        slots = slots_of(public_day(city))
        booking, _other, waits = (booked(slots[0]) for _each in range(3))
        change_booking(booking=booking, slot=slots[3], actor=themselves(booking), now=NOW)
        found = fresh(booking)
        assert (found.stage, found.slot, found.seat, found.meet_at) == (
            "booked",
            slots[3],
            1,
            dt.time(10, 30),
        )
        assert stages(waits) == ["offered"]
        with pytest.raises(Refusal, match="就是这个时间"):
            change_booking(booking=booking, slot=slots[3], actor=themselves(booking), now=NOW)
        assert verify_log().faults == []

    def test_changing_to_a_full_slot_is_waiting_there(self, city: City) -> None:
        slots = slots_of(public_day(city))
        booked(slots[1]), booked(slots[1])
        booking = booked(slots[0])
        change_booking(booking=booking, slot=slots[1], actor=themselves(booking), now=NOW)
        assert (fresh(booking).stage, fresh(booking).seat) == ("waiting", None)

    def test_nobody_else_may(self, city: City) -> None:
        slots = slots_of(public_day(city))
        booking, other = booked(slots[0]), booked(slots[0])
        for actor in (themselves(other), Applicant(), city.head, leader(city, 2)):
            with pytest.raises(Refusal, match="只有预约人"):
                cancel_booking(booking=booking, actor=actor, now=NOW)
            with pytest.raises(Refusal, match="只有预约人"):
                change_booking(booking=booking, slot=slots[1], actor=actor, now=NOW)
        assert stages(booking) == ["booked"]

    def test_meeting_again_about_an_open_case(self, city: City) -> None:
        slots = slots_of(public_day(city))
        booking = booked(slots[0])
        with pytest.raises(Refusal, match="没有办完的预约"):
            book_again(case=booking.case, slot=slots[1], actor=themselves(booking), now=NOW)
        cancel_booking(booking=booking, actor=themselves(booking), now=NOW)
        again = book_again(case=booking.case, slot=slots[1], actor=themselves(booking), now=NOW)
        assert (again.case, again.stage, Case.objects.count()) == (booking.case, "booked", 1)
        cancel_booking(booking=again, actor=themselves(booking), now=NOW)
        Case.objects.filter(pk=booking.case_id).update(stage=CaseStage.CLOSED, closed_on=dt.date(2026, 2, 2))
        with pytest.raises(Refusal, match="已经办结"):
            book_again(case=booking.case, slot=slots[1], actor=themselves(booking), now=NOW)


def asked(city: City, **more: Any) -> Booking:
    given: dict[str, Any] = {
        "cycle": city.cycle, "host": city.office("1506-LG", "leader"), "said": said(), "actor": Applicant(), "now": NOW,
    }  # fmt: skip
    return ask_appointment(**given | more)[0]


MEETING: dict[str, Any] = {"day": dt.date(2026, 2, 5), "time": dt.time(15), "place": "三楼会客室"}


class TestAppointment:
    def test_it_is_owed_an_answer_within_five_working_days(self, city: City) -> None:
        booking = asked(city)
        assert (booking.stage, booking.kind, booking.slot) == ("asked", "appointment", None)
        assert booking.answer_by == dt.date(2026, 2, 9)
        assert booking.case.host == city.office("1506-LG", "leader")

    def test_accepted_with_a_time(self, city: City) -> None:
        booking = asked(city)
        accept_appointment(booking=booking, **MEETING, actor=leader(city), now=at(2, 3))
        found = fresh(booking)
        assert (found.stage, found.meet_on, found.place, found.answer_by) == (
            "booked", dt.date(2026, 2, 5), "三楼会客室", None
        )  # fmt: skip
        assert verify_log().faults == []

    def test_another_time_is_proposed_and_confirmed(self, city: City) -> None:
        booking = asked(city)
        propose_time(booking=booking, **MEETING, reason="出差", actor=city.coordinator, now=at(2, 3))
        assert (fresh(booking).stage, fresh(booking).open_until) == ("proposed", at(2, 5, 15))
        confirm_booking(booking=booking, actor=themselves(booking), now=at(2, 4))
        confirm_booking(booking=booking, actor=themselves(booking), now=at(2, 4))
        assert stages(booking) == ["booked"]
        assert [each.verb for each in booking.steps.order_by("pk")] == ["ask", "propose", "confirm"]

    def test_a_time_that_does_not_suit_is_asked_for_again(self, city: City) -> None:
        booking = asked(city)
        propose_time(booking=booking, **MEETING, reason="出差", actor=city.coordinator, now=at(2, 3))
        ask_other_time(booking=booking, actor=themselves(booking), now=at(2, 3))
        found = fresh(booking)
        assert (found.stage, found.meet_on, found.answer_by) == ("asked", None, dt.date(2026, 2, 10))

    def test_after_its_moment_a_proposal_is_not_confirmed_any_more(self, city: City) -> None:
        booking = asked(city)
        propose_time(booking=booking, **MEETING, reason="出差", actor=city.coordinator, now=at(2, 3))
        with pytest.raises(Refusal, match="确认时间已过"):
            confirm_booking(booking=booking, actor=themselves(booking), now=at(2, 5, 15))

    def test_a_place_on_a_reception_day_is_held_for_the_answer(self, city: City) -> None:
        slots = slots_of(public_day(city))
        booking = asked(city)
        propose_slot(booking=booking, slot=slots[0], reason="接待日更合适", actor=leader(city), now=NOW)
        found = fresh(booking)
        assert (found.stage, found.seat, found.slot) == ("proposed", 1, slots[0])
        booked(slots[0])
        other = asked(city)
        with pytest.raises(Refusal, match="没有空名额"):
            propose_slot(booking=other, slot=slots[0], reason="接待日", actor=leader(city), now=NOW)
        ask_other_time(booking=booking, actor=themselves(booking), now=NOW)
        propose_slot(booking=other, slot=slots[0], reason="接待日", actor=leader(city), now=NOW)
        assert verify_log().faults == []

    def test_whoever_has_a_place_may_be_proposed_another_time(self, city: City) -> None:
        slot = slots_of(public_day(city))[0]
        first, _second, third = (booked(slot) for _each in range(3))
        propose_time(booking=first, **MEETING, reason="材料多，需要更长时间", actor=leader(city), now=NOW)
        assert stages(first, third) == ["proposed", "offered"]

    def test_declined_with_a_reason_the_case_goes_on(self, city: City) -> None:
        booking = asked(city)
        with pytest.raises(Refusal, match="理由"):
            decline_appointment(booking=booking, reason=" ", actor=leader(city), now=NOW)
        decline_appointment(booking=booking, reason="该事项由市住建局当面答复", actor=leader(city), now=NOW)
        assert stages(booking) == ["declined"]
        assert fresh(booking).case.stage == CaseStage.REGISTERED
        assert "市住建局当面答复。反映的事情" in str(booking.steps.latest("pk").said)
        with pytest.raises(Refusal, match="不能"):
            accept_appointment(booking=booking, **MEETING, actor=leader(city), now=NOW)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"day": dt.date(2026, 2, 2), "time": dt.time(9)}, "已经过去"),
            ({"day": dt.date(2026, 2, 17)}, "不是工作日"),
            ({"place": ""}, "地点"),
        ],
    )
    def test_only_a_time_at_which_somebody_can_meet(
        self, city: City, wrong: dict[str, Any], sentence: str
    ) -> None:
        booking = asked(city)
        with pytest.raises(Refusal, match=sentence):
            accept_appointment(booking=booking, **MEETING | wrong, actor=leader(city), now=NOW)

    def test_neither_another_leader_nor_another_office_answers(self, city: City) -> None:
        booking = asked(city)
        for actor in (leader(city, 2), city.head, themselves(booking)):
            with pytest.raises(Refusal, match="只有负责接待"):
                accept_appointment(booking=booking, **MEETING, actor=actor, now=NOW)
            with pytest.raises(Refusal, match="只有负责接待"):
                decline_appointment(booking=booking, reason="无", actor=actor, now=NOW)

    def test_only_with_an_office_that_receives(self, city: City) -> None:
        with pytest.raises(Refusal, match="从名单中选择"):
            asked(city, host=city.office("1506-MU-01", "unit_head"))

    def test_never_by_anybody_of_the_party_complained_of(self, city: City) -> None:
        booking = asked(city)
        Case.objects.filter(pk=booking.case_id).update(
            against=city.units["1506-LGO"], unit=city.units["1506"]
        )
        with pytest.raises(Refusal, match="只有负责接待"):
            accept_appointment(booking=booking, **MEETING, actor=city.coordinator, now=NOW)
        accept_appointment(booking=booking, **MEETING, actor=leader(city), now=NOW)


def test_a_day_that_is_not_public_takes_no_booking(city: City) -> None:
    day = laid_out(city)[-1]
    slot = Slot.objects.create(day=day, starts_at=dt.time(9), ends_at=dt.time(10))
    with pytest.raises(Refusal, match="没有开放"):
        booked(slot)
    slot.delete()
    publish_days(days=[day], actor=city.coordinator, now=NOW)
    assert booked(slots_of(day)[0])
