"""Answered, rated, closed or taken up again; one record of it claims what everybody owed."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.cast import (
    ANSWERED,
    LEAD,
    OTHER,
    REPLY,
    accepted,
    again,
    answered,
    clean_log,
    filed,
    given,
    leader,
    rated,
    reply,
    second_holder,
)
from conftest import City, at
from guantong.audit.models import AuditEntry
from guantong.cases.applicant import Applicant
from guantong.cases.choices import AnswerKind, CaseStage, ClockKind, Outcome
from guantong.cases.models import Answer, Case
from guantong.cases.operations.answering import answer_case, rate_answer
from guantong.cases.operations.assigning import assign_case, set_host
from guantong.cases.operations.closing import close_case
from guantong.cases.operations.reopening import reopen_case
from guantong.cases.operations.reviewing import answer_review, ask_review
from guantong.cases.operations.wishes import add_words, correct_applicant, withdraw_case
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Light, Part, Source, State, Verdict
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.operations import review_claim
from guantong.records.models import Record


def states(case: Case) -> dict[str, str]:
    """Unit → how what it owes for the case stands."""
    return dict(
        Obligation.objects.filter(source=Source.CASE, source_ref=case.pk).values_list("unit__code", "state")
    )


class TestAnswerCase:
    def test_the_period_is_met_and_the_applicants_own_begins(self, city: City) -> None:
        case = answered(city)
        assert case.stage == CaseStage.ANSWERED
        assert list(case.clocks.order_by("pk").values_list("kind", "due_on", "met_on")) == [
            (ClockKind.NOTIFY, dt.date(2026, 3, 17), dt.date(2026, 3, 4)),
            (ClockKind.CLOSE, dt.date(2026, 5, 3), dt.date(2026, 3, 20)),
            (ClockKind.ASK_REVIEW, dt.date(2026, 4, 19), None),
        ]
        assert str(case.answers.get().wording) == REPLY
        assert clean_log()

    def test_the_words_are_sealed(self, city: City) -> None:
        case = answered(city)
        assert REPLY not in repr(Answer.objects.values().get(case=case))
        assert REPLY not in "".join(AuditEntry.objects.values_list("payload", flat=True))

    def test_nobody_is_late_while_only_the_applicant_can_move(self, city: City) -> None:
        case = answered(city)
        assert states(case) == {LEAD: State.SUSPENDED}
        assert set(Obligation.objects.filter(source=Source.CASE).values_list("light", flat=True)) == {
            Light.GREY
        }

    def test_by_the_lead_the_host_or_who_runs_it(self, city: City) -> None:
        case = accepted(city, host=leader(city).office)
        assign_case(case=case, unit=city.units[LEAD], actor=city.coordinator, now=at(3, 5))
        assign_case(
            case=case, unit=city.units[OTHER], part=Part.COOPERATING, actor=city.coordinator, now=at(3, 5)
        )
        for other in (
            city.acting(OTHER, "unit_head"),
            leader(city, 2),
            city.acting("150602", "first_responsible"),
        ):
            with pytest.raises(Refusal, match="答复由牵头单位"):
                reply(city, case, by=other)
        reply(city, case, by=leader(city))

    def test_a_plain_question_is_answered_without_giving_it_out(self, city: City) -> None:
        case = accepted(city, kind="question", anonymous=True)
        reply(city, case, by=city.coordinator)
        assert again(case).stage == CaseStage.ANSWERED

    def test_not_without_words_or_result(self, city: City) -> None:
        case = given(city).case
        for wording, outcome, words in [(" ", Outcome.SOLVED, "答复的内容"), ("好", "done", "办理结果")]:
            with pytest.raises(Refusal, match=words):
                answer_case(case=case, wording=wording, outcome=outcome, actor=city.head, now=ANSWERED)


class TestRateAnswer:
    def test_solved_closes_it_and_one_record_claims_what_was_owed(self, city: City) -> None:
        case = accepted(city, host=leader(city).office)
        assign_case(case=case, unit=city.units[LEAD], actor=city.coordinator, now=at(3, 5))
        reply(city, case)
        case = rated(case, stars=5, solved=True, now=at(4, 1))
        closure = case.closures.get()
        record = Record.objects.get(kind="case")
        assert (case.stage, case.closed_on, closure.one_sided, closure.record) == (
            CaseStage.CLOSED, dt.date(2026, 4, 1), False, record
        )  # fmt: skip
        assert {each.office.unit.code for each in record.participations.all()} == {LEAD, "1506-LG"}
        assert set(Claim.objects.values_list("obligation__unit__code", "record")) == {
            (LEAD, record.pk), ("1506-LG", record.pk)
        }  # fmt: skip
        assert states(case) == {LEAD: State.CLAIMED, "1506-LG": State.CLAIMED}
        # as of the day it was answered: the applicant's time is not the unit's
        assert set(Obligation.objects.filter(source=Source.CASE).values_list("claimed_on", flat=True)) == {
            dt.date(2026, 3, 20)
        }
        assert "王" not in record.summary
        assert clean_log()

    def test_the_claim_is_reviewed_like_any_other(self, city: City) -> None:
        case = rated(answered(city), stars=4, solved=True, now=at(4, 1))
        claim = Claim.objects.get()
        review_claim(claim=claim, verdict=Verdict.ACCEPTED, reason="", actor=city.coordinator, now=at(4, 2))
        assert states(case) == {LEAD: State.FULFILLED}
        assert clean_log()

    @pytest.mark.parametrize(("stars", "solved"), [(2, True), (1, False), (5, False)])
    def test_not_solved_or_low_takes_it_up_again_for_another_round(
        self, city: City, stars: int, solved: bool
    ) -> None:
        case = rated(answered(city), stars=stars, solved=solved, now=at(4, 1))
        assert (case.stage, case.reopened, case.closed_on) == (CaseStage.HANDLING, 1, None)
        again_due = case.clocks.get(kind=ClockKind.CLOSE, round=2).due_on
        assert again_due == dt.date(2026, 5, 31)
        assert list(Obligation.objects.filter(source=Source.CASE).values_list("state", "due_on")) == [
            (State.OPEN, again_due)
        ]
        assert clean_log()

    def test_a_third_time_the_office_decides(self, city: City) -> None:
        case, day = answered(city), 21
        for _round in range(2):
            case = rated(case, stars=1, solved=False, now=at(3, day))
            reply(city, case, now=at(3, day + 1))
            day += 2
        case = rated(case, stars=1, solved=False, now=at(3, day))
        assert (case.stage, case.reopened) == (CaseStage.ANSWERED, 2)

    def test_once_a_round(self, city: City) -> None:
        case = answered(city)
        close_case(case=case, reason="已修复并公示。", actor=city.coordinator, now=at(4, 1))
        rated(case, stars=4, solved=True, now=at(4, 2))
        with pytest.raises(Refusal, match="已经评价过"):
            rated(case, stars=5, solved=True, now=at(4, 3))

    def test_nothing_to_rate_before_the_answer(self, city: City) -> None:
        with pytest.raises(Refusal, match="还没有答复"):
            rate_answer(case=given(city).case, stars=5, solved=True, actor=Applicant(1), now=at(3, 10))

    def test_solved_after_a_low_rating_closes_the_second_round(self, city: City) -> None:
        case = rated(answered(city), stars=2, solved=False, now=at(4, 1))
        reply(city, case, now=at(4, 10))
        case = rated(case, stars=5, solved=True, now=at(4, 11))
        assert (case.stage, list(case.closures.values_list("round", flat=True))) == (CaseStage.CLOSED, [2])
        assert states(case) == {LEAD: State.CLAIMED}
        assert clean_log()


class TestCloseCase:
    def test_one_sided_with_a_reason_the_applicant_reads(self, city: City) -> None:
        case = answered(city)
        close_case(case=case, reason="已修复，当事人一直没有回应。", actor=city.coordinator, now=at(4, 25))
        row = again(case)
        closure = row.closures.get()
        assert (row.stage, closure.one_sided, closure.closed_by) == (
            CaseStage.CLOSED, True, city.coordinator.office
        )  # fmt: skip
        assert row.steps.get(verb="close").told == "已修复，当事人一直没有回应。"
        assert row.clocks.get(kind=ClockKind.ASK_REVIEW).dropped_on is None
        assert clean_log()

    def test_not_by_who_answered_it(self, city: City) -> None:
        case = accepted(city)
        reply(city, case, by=city.coordinator)
        with pytest.raises(Refusal, match="不能给自己办结"):
            close_case(case=case, reason="已答复。", actor=city.coordinator, now=at(4, 1))

    def test_not_without_a_reason_nor_while_a_review_waits(self, city: City) -> None:
        case = answered(city)
        with pytest.raises(Refusal, match="须写明理由"):
            close_case(case=case, reason="", actor=city.coordinator, now=at(4, 1))
        ask_review(case=case, wording="没修好。", actor=Applicant(case.pk), now=at(4, 1))
        with pytest.raises(Refusal, match="答复之后才能办结"):
            close_case(case=case, reason="已答复。", actor=city.coordinator, now=at(4, 2))

    def test_not_by_the_unit(self, city: City) -> None:
        with pytest.raises(Refusal, match="单方办结"):
            close_case(case=answered(city), reason="办完了。", actor=city.head, now=at(4, 1))


class TestReopenCase:
    def test_from_closed_the_claim_nobody_reviewed_is_answered_by_that(self, city: City) -> None:
        case = rated(answered(city), stars=5, solved=True, now=at(4, 1))
        reopen_case(case=case, reason="又坏了。", actor=city.coordinator, now=at(4, 8))
        row = again(case)
        assert (row.stage, row.reopened, row.outcome) == (CaseStage.HANDLING, 1, "")
        assert states(row) == {LEAD: State.OPEN}
        assert Claim.objects.get().reviews.get().verdict == Verdict.RETURNED
        assert clean_log()

    def test_on_the_day_it_was_accepted_too(self, city: City) -> None:
        case = accepted(city, now=at(3, 5))
        assign_case(case=case, unit=city.units[LEAD], actor=city.coordinator, now=at(3, 5))
        reply(city, case, now=at(3, 5))
        rated(case, stars=5, solved=True, now=at(3, 5))
        reopen_case(case=case, reason="又坏了。", actor=city.coordinator, now=at(3, 5))
        assert states(case) == {LEAD: State.OPEN}
        assert clean_log()

    def test_not_by_the_unit_and_not_without_a_reason(self, city: City) -> None:
        case = answered(city)
        with pytest.raises(Refusal, match="统筹协调岗位或包案领导决定"):
            reopen_case(case=case, reason="又坏了。", actor=city.head, now=at(4, 1))
        with pytest.raises(Refusal, match="请写明重新办理的理由"):
            reopen_case(case=case, reason="", actor=city.coordinator, now=at(4, 1))


class TestReview:
    def test_thirty_days_to_ask_and_thirty_to_answer_then_once_more(self, city: City) -> None:
        case = answered(city)
        first = ask_review(case=case, wording="没修好。", actor=Applicant(case.pk), now=at(4, 19))
        answer_review(
            request=first,
            wording="维持。",
            upheld=True,
            outcome="solved",
            actor=city.coordinator,
            now=at(5, 10),
        )
        second = ask_review(case=case, wording="不同意。", actor=Applicant(case.pk), now=at(6, 9))
        answer_review(
            request=second, wording="维持，为最终意见。", upheld=True, outcome="solved", actor=leader(city), now=at(7, 1)
        )  # fmt: skip
        kinds = list(case.answers.order_by("pk").values_list("kind", flat=True))
        assert kinds == [AnswerKind.ANSWER, AnswerKind.REVIEW, AnswerKind.SECOND_REVIEW]
        assert list(case.clocks.filter(kind__in=[ClockKind.REVIEW, ClockKind.SECOND_REVIEW]).order_by("pk").values_list(
            "due_on", "met_on")) == [
            (dt.date(2026, 5, 19), dt.date(2026, 5, 10)), (dt.date(2026, 7, 9), dt.date(2026, 7, 1))
        ]  # fmt: skip
        with pytest.raises(Refusal, match="现在不能申请复查"):
            ask_review(case=case, wording="还不同意。", actor=Applicant(case.pk), now=at(7, 2))
        assert clean_log()

    def test_a_day_too_late(self, city: City) -> None:
        case = answered(city)
        with pytest.raises(Refusal, match="到 2026-04-19 为止"):
            ask_review(case=case, wording="没修好。", actor=Applicant(case.pk), now=at(4, 20))

    def test_not_by_the_unit_that_answered_nor_by_its_person(self, city: City) -> None:
        case = accepted(city)
        reply(city, case, by=city.coordinator)
        request = ask_review(case=case, wording="没修好。", actor=Applicant(case.pk), now=at(4, 1))
        colleague = second_holder(city, city.coordinator.office, "colleague")  # type: ignore[arg-type]
        for actor in (city.coordinator, colleague, city.head):
            with pytest.raises(Refusal, match="答复过的人回避"):
                answer_review(
                    request=request,
                    wording="维持。",
                    upheld=True,
                    outcome="solved",
                    actor=actor,
                    now=at(4, 2),
                )
        answer_review(
            request=request, wording="维持。", upheld=True, outcome="solved", actor=leader(city), now=at(4, 2)
        )

    def test_the_second_not_by_who_answered_the_first(self, city: City) -> None:
        case = answered(city)
        first = ask_review(case=case, wording="没修好。", actor=Applicant(case.pk), now=at(4, 1))
        answer_review(
            request=first, wording="维持。", upheld=True, outcome="solved", actor=leader(city), now=at(4, 2)
        )
        second = ask_review(case=case, wording="不同意。", actor=Applicant(case.pk), now=at(4, 3))
        with pytest.raises(Refusal, match="回避"):
            answer_review(
                request=second,
                wording="维持。",
                upheld=True,
                outcome="solved",
                actor=leader(city, 2),
                now=at(4, 4),
            )

    def test_not_upheld_the_case_is_taken_up_again(self, city: City) -> None:
        case = answered(city)
        request = ask_review(case=case, wording="没修好。", actor=Applicant(case.pk), now=at(4, 1))
        answer_review(
            request=request, wording="确未修好。", upheld=False, outcome="partly", actor=city.coordinator, now=at(4, 2)
        )  # fmt: skip
        row = again(case)
        assert (row.stage, row.reopened) == (CaseStage.HANDLING, 1)
        assert clean_log()


class TestWishes:
    def test_words_are_added_sealed(self, city: City) -> None:
        case, _code = filed(city)
        addition = add_words(case=case, wording="电话改了。", actor=Applicant(case.pk), now=at(3, 3))
        assert str(addition.wording) == "电话改了。"
        assert "电话改了" not in "".join(AuditEntry.objects.values_list("payload", flat=True))
        assert clean_log()

    def test_the_way_to_be_reached_is_corrected(self, city: City) -> None:
        case, _code = filed(city)
        before = case.contact_index
        correct_applicant(
            case=case, name="王女士", contact="139 1111 2222", actor=Applicant(case.pk), now=at(3, 3)
        )
        row = again(case)
        assert (str(row.name), str(row.contact)) == ("王女士", "139 1111 2222")
        assert row.contact_index not in ("", before)
        assert clean_log()

    def test_withdrawn_nobody_owes_anything(self, city: City) -> None:
        case = given(city).case
        withdraw_case(case=case, actor=Applicant(case.pk), now=at(3, 9))
        row = again(case)
        assert (row.stage, states(row)) == (CaseStage.WITHDRAWN, {LEAD: State.CANCELLED})
        assert not row.clocks.filter(met_on__isnull=True, dropped_on__isnull=True).exists()
        assert clean_log()

    def test_of_another_case_nobody_changes_anything(self, city: City) -> None:
        case, _code = filed(city)
        stranger = Applicant(filed(city)[0].pk)
        for act in (
            lambda: add_words(case=case, wording="好", actor=stranger, now=at(3, 3)),
            lambda: correct_applicant(case=case, name="", contact="", actor=stranger, now=at(3, 3)),
            lambda: withdraw_case(case=case, actor=stranger, now=at(3, 3)),
            lambda: withdraw_case(case=case, actor=city.head, now=at(3, 3)),
        ):
            with pytest.raises(Refusal, match="只有当事人可以"):
                act()


def test_the_host_taken_in_the_middle_owes_and_is_claimed_for(city: City) -> None:
    case = given(city).case
    set_host(case=case, host=leader(city).office, actor=city.coordinator, now=at(3, 10))  # type: ignore[arg-type]
    reply(city, case)
    case = rated(case, stars=5, solved=True, now=at(4, 1))
    assert states(case) == {LEAD: State.CLAIMED, "1506-LG": State.CLAIMED}
