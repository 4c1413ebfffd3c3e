"""Given to units that owe their part, carried by a leader to its end, passed on when it is another's business."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.cast import ACCEPTED, GIVEN, LEAD, OTHER, accepted, again, answered, clean_log, given, leader
from conftest import City, at
from guantong.cases.choices import CaseStage
from guantong.cases.models import Dispute, Handling
from guantong.cases.operations.assigning import assign_case, release_unit, set_host
from guantong.cases.operations.disputes import decide_dispute, raise_dispute
from guantong.cases.queries import cases_visible_to
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Part, Source, State
from guantong.obligations.models import Obligation


def owed(case_pk: int) -> set[tuple[str, str, str, dt.date | None]]:
    """(unit, rule, state, due day) of everything owed for the case."""
    return set(
        Obligation.objects.filter(source=Source.CASE, source_ref=case_pk).values_list(
            "unit__code", "rule", "state", "due_on"
        )
    )


DUE = dt.date(2026, 5, 3)


class TestAssignCase:
    def test_the_head_of_the_unit_owes_it_by_the_day_the_case_is_due(self, city: City) -> None:
        handling = given(city)
        assert again(handling.case).stage == CaseStage.HANDLING
        assert handling.obligation is not None
        assert handling.obligation.office == city.office(LEAD, "unit_head")
        assert owed(handling.case_id) == {(LEAD, f"case:{handling.case_id}", State.OPEN, DUE)}
        assert handling.obligation.title == "办理诉求 2026-00001：路灯不亮"
        assert clean_log()

    def test_the_unit_sees_it_and_no_other(self, city: City) -> None:
        handling = given(city)
        assert list(cases_visible_to(city.head)) == [handling.case]
        assert list(cases_visible_to(city.acting(OTHER, "unit_head"))) == []

    def test_a_second_unit_cooperates_and_a_second_lead_is_refused(self, city: City) -> None:
        case = given(city).case
        with pytest.raises(Refusal, match="已有牵头单位"):
            assign_case(case=case, unit=city.units[OTHER], actor=city.coordinator, now=GIVEN)
        assign_case(
            case=case, unit=city.units[OTHER], part=Part.COOPERATING, actor=city.coordinator, now=GIVEN
        )
        assert set(case.handlings.values_list("unit__code", "part")) == {
            (LEAD, Part.LEAD), (OTHER, Part.COOPERATING)
        }  # fmt: skip

    def test_the_same_unit_twice_is_refused(self, city: City) -> None:
        case = given(city).case
        with pytest.raises(Refusal, match="已经在办理"):
            assign_case(
                case=case, unit=city.units[LEAD], part=Part.COOPERATING, actor=city.coordinator, now=GIVEN
            )

    def test_a_unit_without_anybody_who_could_do_it_is_refused(self, city: City) -> None:
        case = accepted(city)
        with pytest.raises(Refusal, match="还没有可以承办的岗位"):
            assign_case(case=case, unit=city.units["150602001-H1"], actor=city.coordinator, now=GIVEN)

    def test_the_host_may_give_it_out_and_a_unit_may_not(self, city: City) -> None:
        case = accepted(city, host=leader(city).office)
        with pytest.raises(Refusal, match="包案领导交办"):
            assign_case(case=case, unit=city.units[OTHER], actor=city.head, now=GIVEN)
        assign_case(case=case, unit=city.units[LEAD], actor=leader(city), now=GIVEN)
        assert again(case).stage == CaseStage.HANDLING


class TestReleaseUnit:
    def test_it_owes_and_sees_nothing_any_more(self, city: City) -> None:
        handling = given(city)
        release_unit(handling=handling, reason="改由旗区办理。", actor=city.coordinator, now=at(3, 6))
        assert owed(handling.case_id) == {(LEAD, f"case:{handling.case_id}", State.CANCELLED, DUE)}
        assert list(cases_visible_to(city.head)) == []
        assert again(handling.case).stage == CaseStage.ACCEPTED
        assert clean_log()

    def test_given_back_to_it_the_same_day_it_owes_the_same_thing_again(self, city: City) -> None:
        handling = given(city)
        release_unit(handling=handling, reason="误交。", actor=city.coordinator, now=at(3, 5, 11))
        second = assign_case(
            case=handling.case, unit=city.units[LEAD], actor=city.coordinator, now=at(3, 5, 12)
        )
        assert second.pk == handling.pk
        assert owed(handling.case_id) == {(LEAD, f"case:{handling.case_id}", State.OPEN, DUE)}
        assert clean_log()


class TestSetHost:
    def test_the_leader_owes_carrying_it_and_the_one_before_nothing(self, city: City) -> None:
        case = accepted(city)
        first, second = leader(city), leader(city, 2)
        set_host(case=case, host=first.office, actor=city.coordinator, now=at(3, 6))  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="一包到底"):
            set_host(case=case, host=second.office, actor=city.coordinator, now=at(3, 7))  # type: ignore[arg-type]
        set_host(
            case=case, host=second.office, reason="分工调整。", actor=city.coordinator, now=at(3, 7)  # type: ignore[arg-type]
        )  # fmt: skip
        states = Obligation.objects.filter(source=Source.CASE, rule="D08").values_list("office", "state")
        assert set(states) == {(first.office_ref, State.CANCELLED), (second.office_ref, State.OPEN)}
        assert list(cases_visible_to(first)) == []
        assert list(cases_visible_to(second)) == [case]
        assert clean_log()

    def test_only_a_leader_hosts(self, city: City) -> None:
        with pytest.raises(Refusal, match="领导岗位包案"):
            set_host(
                case=accepted(city), host=city.office(LEAD, "unit_head"), actor=city.coordinator, now=at(3, 6)
            )

    def test_nobody_makes_themselves_host(self, city: City) -> None:
        with pytest.raises(Refusal, match="统筹协调岗位确定"):
            set_host(case=accepted(city), host=leader(city).office, actor=leader(city), now=at(3, 6))  # type: ignore[arg-type]

    def test_taking_over_an_answered_case_makes_nobody_late(self, city: City) -> None:
        case = answered(city)
        set_host(case=case, host=leader(city).office, actor=city.coordinator, now=at(3, 25))  # type: ignore[arg-type]
        row = again(case)
        assert row.obligation is not None
        row.obligation.refresh_from_db()
        assert row.obligation.state == State.SUSPENDED
        assert clean_log()


class TestDispute:
    def raised(self, city: City, handling: Handling, day: int = 9) -> Dispute:
        return raise_dispute(
            handling=handling, reason="路灯由住建部门管理。", actor=city.head, now=at(3, day)
        )

    def test_it_is_to_be_decided_within_five_working_days(self, city: City) -> None:
        dispute = self.raised(city, given(city))
        assert dispute.due_on == dt.date(2026, 3, 16)
        assert clean_log()

    def test_five_working_days_to_say_so_and_not_a_day_more(self, city: City) -> None:
        handling = given(city)  # Thursday 5 March
        self.raised(city, handling, day=12)
        late = given(city)
        with pytest.raises(Refusal, match="最迟 2026-03-12 提出"):
            self.raised(city, late, day=13)

    def test_upheld_it_passes_on(self, city: City) -> None:
        dispute = self.raised(city, given(city))
        case = dispute.handling.case
        decide_dispute(
            dispute=dispute, upheld=True, decision="确属住建职责。", pass_to=city.units[OTHER], actor=city.coordinator, now=at(3, 10)
        )  # fmt: skip
        assert owed(case.pk) == {
            (LEAD, f"case:{case.pk}", State.CANCELLED, DUE), (OTHER, f"case:{case.pk}", State.OPEN, DUE)
        }  # fmt: skip
        live = case.handlings.filter(released_on__isnull=True)
        assert list(live.values_list("unit__code", "part")) == [(OTHER, Part.LEAD)]
        assert again(case).stage == CaseStage.HANDLING
        assert clean_log()

    def test_upheld_without_another_unit_it_waits_to_be_given_out(self, city: City) -> None:
        dispute = self.raised(city, given(city))
        decide_dispute(
            dispute=dispute, upheld=True, decision="另行确定。", actor=city.coordinator, now=at(3, 10)
        )
        assert again(dispute.handling.case).stage == CaseStage.ACCEPTED

    def test_not_upheld_it_stays_and_cannot_be_said_again(self, city: City) -> None:
        handling = given(city)
        decide_dispute(
            dispute=self.raised(city, handling), upheld=False, decision="“三定”规定明确。", actor=city.coordinator, now=at(3, 10)
        )  # fmt: skip
        assert again(handling.case).stage == CaseStage.HANDLING
        with pytest.raises(Refusal, match="已经答复过，请继续办理"):
            self.raised(city, handling, day=11)

    def test_decided_by_who_assigned_it_with_a_reason_once(self, city: City) -> None:
        case = accepted(city, host=leader(city).office)
        handling = assign_case(case=case, unit=city.units[LEAD], actor=leader(city), now=GIVEN)
        dispute = self.raised(city, handling)
        for other in (city.head, city.coordinator, leader(city, 2)):
            with pytest.raises(Refusal, match="由交办的岗位答复"):
                decide_dispute(dispute=dispute, upheld=True, decision="同意。", actor=other, now=at(3, 10))
        with pytest.raises(Refusal, match="请写明理由"):
            decide_dispute(dispute=dispute, upheld=True, decision="", actor=leader(city), now=at(3, 10))
        decide_dispute(dispute=dispute, upheld=True, decision="同意。", actor=leader(city), now=at(3, 10))
        with pytest.raises(Refusal, match="已经答复过了"):
            decide_dispute(dispute=dispute, upheld=True, decision="同意。", actor=leader(city), now=at(3, 10))

    def test_another_unit_cannot_dispute_for_it(self, city: City) -> None:
        with pytest.raises(Refusal, match="由承办单位提出"):
            raise_dispute(
                handling=given(city), reason="不归它管。", actor=city.acting(OTHER, "unit_head"), now=at(3, 9)
            )

    def test_the_unit_is_not_taken_off_while_it_waits_for_an_answer(self, city: City) -> None:
        handling = given(city)
        self.raised(city, handling)
        with pytest.raises(Refusal, match="请先答复异议"):
            release_unit(handling=handling, reason="撤回。", actor=city.coordinator, now=at(3, 10))


def test_accepting_day_of_the_cast_is_the_start_of_the_period() -> None:
    assert (DUE - ACCEPTED.date()).days == 60
