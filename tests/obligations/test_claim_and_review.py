from __future__ import annotations

import datetime as dt

import pytest

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.obligations import operations, timing
from guantong.obligations.models import Claim, Obligation, Review
from guantong.obligations.queries import (
    claims_awaiting_review,
    obligations_a_record_may_fulfil,
    obligations_visible_to,
)
from guantong.records.models import Record
from guantong.records.operations import enter_record
from guantong.supervision.operations import sweep_lights


def report(city: City, *, on: dt.date = dt.date(2026, 3, 20), kind: str = "progress") -> Record:
    return enter_record(
        kind=kind,
        happened_on=on,
        summary="一季度任务按节点推进",
        entered_by=city.office("1506-MU-01", "unit_head"),
        actor=city.head,
        now=at(on.month, on.day),
        today=on,
    )


def owed(city: City, rule: str = "D12") -> Obligation:
    return Obligation.objects.filter(unit__code="1506-MU-01", rule=rule).order_by("due_on")[0]


def claim(city: City, record: Record, obligation: Obligation, *, month: int = 3, day: int = 20) -> object:
    return operations.claim_fulfilment(
        obligation=obligation,
        record=record,
        claimed_by=city.office("1506-MU-01", "unit_head"),
        actor=city.head,
        now=at(month, day),
    )


class TestClaim:
    def test_one_record_fulfils_several_obligations(self, signed: City) -> None:
        record = enter_record(
            kind="document",
            happened_on=dt.date(2026, 3, 20),
            summary="印发培训计划并报告进展",
            entered_by=signed.office("1506-MU-01", "unit_head"),
            actor=signed.head,
            now=at(3, 20),
            today=dt.date(2026, 3, 20),
        )
        for rule in ("D03", "D12"):
            claim(signed, record, owed(signed, rule))
        states = Obligation.objects.filter(claims__record=record).values_list("rule", "state")
        assert set(states) == {("D03", "claimed"), ("D12", "claimed")}

    def test_the_page_proposes_what_fits_the_kind_and_the_day(self, signed: City) -> None:
        office = signed.office("1506-MU-01", "unit_head")
        proposed = obligations_a_record_may_fulfil(
            kind="progress", happened_on=dt.date(2026, 3, 20), office=office
        )
        assert {each.rule for each in proposed} == {"D12"}
        assert {f"{each.due_on}" for each in proposed} == {"2026-03-25"}

    def test_the_wrong_kind_of_record_is_refused(self, signed: City) -> None:
        with pytest.raises(Refusal, match="不能用"):
            claim(signed, report(signed, kind="visit"), owed(signed))

    def test_another_unit_cannot_claim(self, signed: City) -> None:
        other = signed.acting("1506-MU-02", "unit_head")
        with pytest.raises(Refusal, match="承担该事项的单位"):
            operations.claim_fulfilment(
                obligation=owed(signed),
                record=report(signed),
                claimed_by=other.office,  # type: ignore[arg-type]
                actor=other,
                now=at(3, 20),
            )

    def test_claiming_twice_gives_the_first_claim(self, signed: City) -> None:
        record, obligation = report(signed), owed(signed)
        assert claim(signed, record, obligation) == claim(signed, record, obligation)
        assert obligation.claims.count() == 1

    def test_no_change_is_one_act_without_a_record(self, signed: City) -> None:
        made = operations.claim_nothing_new(
            obligation=owed(signed),
            claimed_by=signed.office("1506-MU-01", "unit_head"),
            actor=signed.head,
            now=at(3, 20),
        )
        assert made.nothing_new
        assert made.record is None

    def test_a_record_of_tomorrow_is_refused(self, signed: City) -> None:
        with pytest.raises(Refusal, match="还没有到"):
            enter_record(
                kind="progress",
                happened_on=dt.date(2026, 3, 21),
                summary="…",
                entered_by=signed.office("1506-MU-01", "unit_head"),
                actor=signed.head,
                now=at(3, 20),
                today=dt.date(2026, 3, 20),
            )

    def test_the_same_submission_twice_is_one_record(self, signed: City) -> None:
        office = signed.office("1506-MU-01", "unit_head")
        first, second = (
            enter_record(
                kind="progress", happened_on=dt.date(2026, 3, 20), summary="…", entered_by=office,
                actor=signed.head, now=at(3, 20), today=dt.date(2026, 3, 20), submission_key="k1",
            )
            for _time in range(2)
        )  # fmt: skip
        assert first == second
        assert Record.objects.count() == 1


class TestReview:
    def test_accepting_fulfils_and_lights_green(self, signed: City) -> None:
        obligation = owed(signed)
        made = claim(signed, report(signed), obligation)
        operations.review_claim(
            claim=made, verdict="accepted", reason="", actor=signed.coordinator, now=at(3, 23)
        )  # type: ignore[arg-type]
        obligation.refresh_from_db()
        assert (obligation.state, obligation.light) == ("fulfilled", "green")

    def test_a_return_needs_a_reason_and_reopens(self, signed: City) -> None:
        obligation = owed(signed)
        made = claim(signed, report(signed), obligation)
        with pytest.raises(Refusal, match="理由"):
            operations.review_claim(
                claim=made, verdict="returned", reason="", actor=signed.coordinator, now=at(3, 23)
            )  # type: ignore[arg-type]
        operations.review_claim(
            claim=made, verdict="returned", reason="缺结果", actor=signed.coordinator, now=at(3, 23)
        )  # type: ignore[arg-type]
        obligation.refresh_from_db()
        assert (obligation.state, obligation.returns, obligation.claimed_on) == ("returned", 1, None)

    def test_the_unit_cannot_review_its_own_claim(self, signed: City) -> None:
        made = claim(signed, report(signed), owed(signed))
        with pytest.raises(Refusal, match="不能审核自己"):
            operations.review_claim(
                claim=made, verdict="accepted", reason="", actor=signed.head, now=at(3, 23)
            )  # type: ignore[arg-type]

    def test_a_claim_is_answered_once(self, signed: City) -> None:
        made = claim(signed, report(signed), owed(signed))
        for time in range(2):
            if time:
                with pytest.raises(Refusal, match="已经审核"):
                    operations.review_claim(
                        claim=made, verdict="accepted", reason="", actor=signed.coordinator, now=at(3, 24)
                    )  # type: ignore[arg-type]
            else:
                operations.review_claim(
                    claim=made, verdict="accepted", reason="", actor=signed.coordinator, now=at(3, 23)
                )  # type: ignore[arg-type]


class TestTiming:
    def test_extension_is_asked_before_due_and_keeps_the_original_date(self, signed: City) -> None:
        obligation = owed(signed)
        asked = timing.ask_extension(
            obligation=obligation, until=dt.date(2026, 4, 10), reason="数据未出",
            asked_by=signed.office("1506-MU-01", "unit_head"), actor=signed.head, now=at(3, 20),
        )  # fmt: skip
        timing.decide_extension(
            extension=asked, granted=True, decision="", actor=signed.coordinator, now=at(3, 21)
        )
        obligation.refresh_from_db()
        assert (obligation.due_on, obligation.original_due_on) == (dt.date(2026, 4, 10), dt.date(2026, 3, 25))

    def test_extension_after_due_is_refused(self, signed: City) -> None:
        with pytest.raises(Refusal, match="到期前"):
            timing.ask_extension(
                obligation=owed(signed), until=dt.date(2026, 4, 10), reason="…",
                asked_by=signed.office("1506-MU-01", "unit_head"), actor=signed.head, now=at(3, 26),
            )  # fmt: skip

    def test_suspended_is_grey_and_resuming_moves_the_due_day_by_the_days_it_stood(
        self, signed: City
    ) -> None:
        obligation = owed(signed)
        timing.suspend(
            obligation=obligation, excused=False, reason="机构改革", actor=signed.coordinator, now=at(3, 1)
        )
        obligation.refresh_from_db()
        assert obligation.light == "grey"
        timing.resume(obligation=obligation, actor=signed.coordinator, now=at(3, 11))
        obligation.refresh_from_db()
        assert (obligation.state, obligation.due_on) == ("open", dt.date(2026, 4, 4))


class TestSweep:
    def test_the_sweep_turns_red_what_passed_its_day_and_touches_nothing_twice(self, signed: City) -> None:
        day = dt.date(2026, 3, 26)
        sweep_lights(actor=CONSOLE, on=day, now=at(3, 26), cycle=signed.cycle)
        assert Obligation.objects.get(pk=owed(signed).pk).light == "red"
        assert sweep_lights(actor=CONSOLE, on=day, now=at(3, 26), cycle=signed.cycle) == 0


class TestScope:
    def test_a_district_sees_its_own_subtree_and_not_another_s(self, signed: City) -> None:
        head = signed.acting("150602", "first_responsible")
        codes = set(obligations_visible_to(head).values_list("unit__code", flat=True))
        assert "150602001" in codes
        assert Obligation.objects.filter(unit__code="150622").exists()
        assert not {code for code in codes if code.startswith("150622")}

    def test_an_administrator_sees_no_business_content(self, signed: City) -> None:
        assert not obligations_visible_to(signed.acting("1506-LGO", "system_admin")).exists()


class TestAudit:
    def test_every_operation_of_the_loop_left_sound_rows(self, signed: City) -> None:
        made = claim(signed, report(signed), owed(signed))
        operations.review_claim(
            claim=made, verdict="accepted", reason="", actor=signed.coordinator, now=at(3, 23)
        )  # type: ignore[arg-type]
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert {"mechanisms.cycle_opened", "duties.signed", "records.entered", "obligations.claimed",
                "obligations.accepted"} <= verbs  # fmt: skip
        assert verify_log().faults == []


class TestMovedUnits:
    def test_obligations_follow_a_unit_that_moves(self, signed: City) -> None:
        from guantong.organisation.operations import move_unit

        move_unit(
            unit=signed.units["150602001"], under=signed.units["150622"], on=dt.date(2026, 5, 1),
            actor=CONSOLE, now=at(5, 1), reason="区划调整",
        )  # fmt: skip
        sweep_lights(actor=CONSOLE, on=dt.date(2026, 5, 1), now=at(5, 1), cycle=signed.cycle)
        seen = obligations_visible_to(signed.acting("150622", "first_responsible"))
        assert seen.filter(unit__code="150602001").exists()
        former = obligations_visible_to(signed.acting("150602", "first_responsible"))
        assert not former.filter(unit__code="150602001").exists()


class TestReviewInSteps:
    @pytest.fixture
    def obligation(self, signed: City) -> Obligation:
        obligation = owed(signed)
        obligation.reviews = ["own_head", "issuer", "leader"]
        obligation.save()
        return obligation

    @pytest.fixture
    def claimed(self, signed: City, obligation: Obligation) -> Claim:
        clerk = signed.acting("1506-MU-01", "liaison")
        assert clerk.office is not None
        return operations.claim_fulfilment(
            obligation=obligation, record=report(signed), claimed_by=clerk.office, actor=clerk, now=at(3, 20)
        )

    def take(self, claim: Claim, actor: Acting, verdict: str = "accepted") -> Review:
        return operations.review_claim(
            claim=claim, verdict=verdict, reason="缺结果", actor=actor, now=at(3, 23)
        )

    def test_each_step_is_taken_by_whom_it_names_and_only_the_last_fulfils(
        self, signed: City, obligation: Obligation, claimed: Claim
    ) -> None:
        leader = signed.acting("1506-LG", "leader")
        states = []
        for actor in (signed.head, signed.coordinator, leader):
            assert list(claims_awaiting_review(actor)) == [claimed]
            self.take(claimed, actor)
            obligation.refresh_from_db()
            states.append((obligation.state, obligation.next_review))
        assert states == [("claimed", "issuer"), ("claimed", "leader"), ("fulfilled", "")]

    def test_nobody_takes_a_step_out_of_turn(self, signed: City, claimed: Claim) -> None:
        for actor in (signed.coordinator, signed.acting("1506-LG", "leader")):
            assert list(claims_awaiting_review(actor)) == []
            with pytest.raises(Refusal):
                self.take(claimed, actor)
        self.take(claimed, signed.head)
        assert list(claims_awaiting_review(signed.head)) == []
        with pytest.raises(Refusal):
            self.take(claimed, signed.head)

    def test_a_return_at_any_step_ends_the_claim_and_the_next_begins_anew(
        self, signed: City, obligation: Obligation, claimed: Claim
    ) -> None:
        self.take(claimed, signed.head)
        self.take(claimed, signed.coordinator, "returned")
        obligation.refresh_from_db()
        assert (obligation.state, obligation.next_review, obligation.returns) == ("returned", "", 1)
        clerk = signed.acting("1506-MU-01", "liaison")
        assert clerk.office is not None
        again = operations.claim_fulfilment(
            obligation=obligation,
            record=report(signed, on=dt.date(2026, 3, 24)),
            claimed_by=clerk.office,
            actor=clerk,
            now=at(3, 24),
        )
        assert list(claims_awaiting_review(signed.head)) == [again]

    def test_whoever_took_a_step_takes_no_other_even_in_another_office(
        self, signed: City, obligation: Obligation, claimed: Claim
    ) -> None:
        self.take(claimed, signed.head)
        assert signed.head.person is not None
        both = Acting(signed.head.person, signed.coordinator.office)
        assert list(claims_awaiting_review(both)) == []
        with pytest.raises(Refusal):
            self.take(claimed, both)

    def test_a_head_who_claims_in_person_has_taken_the_head_s_step(
        self, signed: City, obligation: Obligation
    ) -> None:
        made = claim(signed, report(signed), obligation)
        obligation.refresh_from_db()
        assert (obligation.state, obligation.next_review) == ("claimed", "issuer")
        assert list(claims_awaiting_review(signed.coordinator)) == [made]
        assert list(claims_awaiting_review(signed.head)) == []


class TestExtensionLimit:
    def test_more_than_the_package_allows_is_refused(self, signed: City) -> None:
        obligation = owed(signed)
        for turn, until in enumerate((dt.date(2026, 4, 10), dt.date(2026, 4, 20))):
            act = {
                "obligation": obligation, "until": until, "reason": "数据未出", "actor": signed.head,
                "asked_by": signed.office("1506-MU-01", "unit_head"), "now": at(3, 20),
            }  # fmt: skip
            if turn == 1:
                with pytest.raises(Refusal, match="不能再延"):
                    timing.ask_extension(**act)  # type: ignore[arg-type]
                return
            asked = timing.ask_extension(**act)  # type: ignore[arg-type]
            timing.decide_extension(
                extension=asked, granted=True, decision="", actor=signed.coordinator, now=at(3, 21)
            )
