"""Moving a day of a round and cancelling it: who may, what cannot be, and that nothing published is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessment.round_cast import (
    AS_OF,
    DISTRICT,
    OTHER,
    REVIEW_BY,
    REVIEWED,
    SELF_BY,
    STATED,
    UNIT,
    agree,
    appeal,
    assessor,
    decide,
    in_review,
    line_of,
    opened,
    published,
    review,
    settled,
    state,
    told,
)
from conftest import City, SignIn, at
from guantong.accounts.approvals import decide_approval
from guantong.accounts.models import Approval
from guantong.assessment import operations
from guantong.assessment.models import (
    Adjustment,
    Appeal,
    Publication,
    Round,
    RoundChange,
    Score,
    SelfScore,
)
from guantong.assessment.queries import cancelled_round_of, published_run
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.notices.models import Notice

LATER, LATEST = dt.date(2026, 9, 15), dt.date(2026, 9, 18)


def move(city: City, round: Round, what: str, to: dt.date, **changes: Any) -> RoundChange | Approval:
    given = {
        "round": round,
        "what": what,
        "to": to,
        "reason": "系统停机两天",
        "actor": assessor(city),
        "now": STATED,
    }
    return operations.move_day(**given | changes)  # type: ignore[arg-type]


def agreed(city: City, asked: RoundChange | Approval, now: dt.datetime, *, granted: bool = True) -> None:
    assert isinstance(asked, Approval)
    decide_approval(
        approval=asked,
        granted=granted,
        decision="同意" if granted else "没有必要",
        actor=city.coordinator,
        now=now,
    )


def cancel(city: City, round: Round, asked_at: dt.datetime, agreed_at: dt.datetime) -> Round:
    asked = operations.ask_cancellation(
        round=round, reason="计分截至日选错", actor=assessor(city), now=asked_at
    )
    agreed(city, asked, agreed_at)
    return Round.objects.select_related("prefilled", "cycle__stored", "cycle__unit").get(pk=round.pk)


def reopened(city: City) -> Round:
    now = at(10, 14)
    return operations.open_round(
        cycle=city.cycle, as_of=dt.date(2026, 9, 30), self_by=now.date() + dt.timedelta(8),
        review_by=now.date() + dt.timedelta(14), actor=assessor(city), now=now,
    )  # fmt: skip


class TestAWindowThatHasNotOpened:
    def test_one_person_moves_it_with_a_reason_and_the_change_is_kept(self, signed: City) -> None:
        round = opened(signed)
        made = move(signed, round, "review_by", LATEST)
        assert isinstance(made, RoundChange)
        assert (made.what, made.before, made.after, made.reason) == (
            "review_by",
            REVIEW_BY,
            LATEST,
            "系统停机两天",
        )
        assert (made.changed_by, made.approval) == (assessor(signed).office, None)
        assert Round.objects.get().review_by == LATEST
        assert verify_log().clean

    def test_it_may_be_made_earlier_too(self, signed: City) -> None:
        move(signed, opened(signed), "review_by", dt.date(2026, 9, 9))
        assert Round.objects.get().review_by == dt.date(2026, 9, 9)

    def test_not_before_the_one_before_it_ends(self, signed: City) -> None:
        with pytest.raises(Refusal, match="复核完成日 2026-09-08 须在自评截止日 2026-09-08 之后"):
            move(signed, opened(signed), "review_by", SELF_BY)

    def test_the_appeal_window_has_no_day_before_it_opens(self, signed: City) -> None:
        with pytest.raises(Refusal, match="现在的阶段是“自评”"):
            move(signed, opened(signed), "appeal_until", LATEST)


class TestAnOpenWindow:
    def test_it_becomes_longer_when_another_person_agrees(self, signed: City) -> None:
        round = opened(signed)
        move(signed, round, "review_by", LATEST)
        asked = move(signed, round, "self_by", LATER)
        assert Round.objects.get().self_by == SELF_BY
        agreed(signed, asked, at(9, 3))
        assert Round.objects.get().self_by == LATER
        made = RoundChange.objects.get(what="self_by")
        assert (made.approval, made.changed_by) == (asked, assessor(signed).office)
        due = Notice.objects.filter(kind="self_score", closed_on=None).values_list(
            "office__unit__code", "due_on"
        )
        assert set(due) == {(code, LATER) for code in (UNIT, OTHER, DISTRICT, "150622")}
        assert operations.agree_with_lines(
            round=round, unit=signed.units[UNIT], actor=signed.head, now=at(9, 15)
        )
        assert verify_log().clean

    def test_its_day_over_but_the_stage_not_left_it_opens_again(self, signed: City) -> None:
        round = opened(signed)
        move(signed, round, "review_by", LATEST)
        agreed(signed, move(signed, round, "self_by", LATER, now=at(9, 10)), at(9, 11))
        assert state(signed, round).pk

    def test_one_person_is_not_two(self, signed: City) -> None:
        round = opened(signed)
        move(signed, round, "review_by", LATEST)
        asked = move(signed, round, "self_by", LATER)
        assert isinstance(asked, Approval)
        with pytest.raises(Refusal, match="另一人批准"):
            decide_approval(approval=asked, granted=True, decision="", actor=assessor(signed), now=at(9, 3))
        agreed(signed, asked, at(9, 3), granted=False)
        assert Round.objects.get().self_by == SELF_BY

    def test_it_is_never_made_shorter(self, signed: City) -> None:
        with pytest.raises(Refusal, match="只能推后，不能提前"):
            move(signed, opened(signed), "self_by", dt.date(2026, 9, 4))

    def test_nor_is_the_appeal_window(self, signed: City) -> None:
        with pytest.raises(Refusal, match="只能推后，不能提前"):
            move(signed, told(signed), "appeal_until", dt.date(2026, 9, 18), now=at(9, 15))

    def test_not_past_the_day_that_follows_it(self, signed: City) -> None:
        with pytest.raises(Refusal, match="请先推后复核完成日"):
            move(signed, opened(signed), "self_by", REVIEW_BY)

    def test_an_appeal_window_made_longer_takes_appeals_and_holds_the_final_result(
        self, signed: City
    ) -> None:
        round = told(signed)
        agreed(signed, move(signed, round, "appeal_until", dt.date(2026, 9, 24), now=at(9, 21)), at(9, 22))
        assert appeal(signed, round, now=at(9, 24)).pk
        with pytest.raises(Refusal, match="申诉期到 2026-09-24 截止"):
            operations.move_on(round=round, from_stage="preliminary", actor=assessor(signed), now=at(9, 24))
        due = Notice.objects.filter(kind="result", closed_on=None).values_list("due_on", flat=True)
        assert set(due) == {dt.date(2026, 9, 24)}

    def test_a_round_that_went_on_meanwhile_is_not_changed(self, signed: City) -> None:
        round = in_review(signed)
        asked = move(signed, round, "review_by", LATEST, now=REVIEWED)
        review(signed, SelfScore.objects.get(round=round, line__indicator="I03"))
        operations.review_agreed(round=round, unit=signed.units[UNIT], actor=assessor(signed), now=REVIEWED)
        operations.move_on(round=round, from_stage="review", actor=assessor(signed), now=at(9, 14))
        with pytest.raises(Refusal, match="不能调整这个日期"):
            agreed(signed, asked, at(9, 14))
        assert not RoundChange.objects.exists()


class TestWhatCannotBe:
    def test_a_closed_window_stays_closed(self, signed: City) -> None:
        with pytest.raises(Refusal, match="现在的阶段是“复核”"):
            move(signed, in_review(signed), "self_by", LATEST, now=REVIEWED)

    def test_days_gone_by_and_no_change_at_all(self, signed: City) -> None:
        round = opened(signed)
        with pytest.raises(Refusal, match="2026-09-10 已经过去"):
            move(signed, round, "self_by", dt.date(2026, 9, 10), now=at(9, 14))
        with pytest.raises(Refusal, match="本来就是 2026-09-08"):
            move(signed, round, "self_by", SELF_BY)

    def test_not_without_a_reason_nor_by_a_unit(self, signed: City) -> None:
        round = opened(signed)
        with pytest.raises(Refusal, match="请写明调整日期的理由"):
            move(signed, round, "review_by", LATEST, reason=" ")
        with pytest.raises(Refusal, match="由考核或统筹协调单位调整"):
            move(signed, round, "review_by", LATEST, actor=signed.head)

    def test_nothing_of_a_published_round(self, signed: City) -> None:
        round = published(signed)
        for what in ("self_by", "review_by", "appeal_until"):
            with pytest.raises(Refusal, match="现在的阶段是“已公布”"):
                move(signed, round, what, dt.date(2026, 12, 1), now=at(10, 9))

    def test_the_database_wants_both_days(self, signed: City) -> None:
        round = opened(signed)
        with pytest.raises(IntegrityError), transaction.atomic():
            RoundChange.objects.create(
                round=round, what="self_by", before=SELF_BY, reason="…", changed_at=STATED
            )


class TestCancel:
    def test_two_persons_cancel_it_and_everything_said_is_kept(self, signed: City) -> None:
        round = told(signed)
        made = appeal(signed, round)
        before = (list(SelfScore.objects.order_by("pk").values()), list(Appeal.objects.values()))
        cancelled = cancel(signed, round, at(9, 18), at(9, 19))
        assert (cancelled.stage, cancelled.is_over) == ("cancelled", True)
        assert (list(SelfScore.objects.order_by("pk").values()), list(Appeal.objects.values())) == before
        assert RoundChange.objects.get().reason == "计分截至日选错"
        assert not Notice.objects.filter(kind__in=("self_score", "result", "appeal"), closed_on=None).exists()
        assert made.upheld is None
        assert verify_log().clean

    def test_before_another_person_agrees_nothing_happens(self, signed: City) -> None:
        round = opened(signed)
        operations.ask_cancellation(round=round, reason="选错", actor=assessor(signed), now=STATED)
        assert Round.objects.get().stage == "self"
        assert agree(signed, round)

    def test_it_takes_nothing_more(self, signed: City) -> None:
        round = told(signed)
        made = appeal(signed, round)
        stated = SelfScore.objects.get(round=round, line__indicator="I03")
        cancel(signed, round, at(9, 18), at(9, 19))
        acts = (
            lambda: agree(signed, round),
            lambda: state(signed, round),
            lambda: review(signed, stated),
            lambda: appeal(signed, round, indicator="I02"),
            lambda: decide(signed, made),
            lambda: operations.move_on(
                round=round, from_stage="preliminary", actor=assessor(signed), now=at(9, 28)
            ),
            lambda: operations.ask_round_publication(
                round=round, reason="…", actor=assessor(signed), now=at(9, 28)
            ),
            lambda: operations.ask_cancellation(
                round=round, reason="…", actor=assessor(signed), now=at(9, 28)
            ),
            lambda: move(signed, round, "appeal_until", dt.date(2026, 9, 30), now=at(9, 28)),
        )
        for act in acts:
            with pytest.raises(Refusal, match="已经取消"):
                act()

    def test_the_next_one_can_be_opened_and_reads_nothing_of_it(self, signed: City) -> None:
        cancel(signed, settled(signed), at(9, 28), at(9, 29))
        assert not Adjustment.objects.filter(replaced=False).exists()
        later = reopened(signed)
        assert later.stage == "self"
        assert line_of(later).points != 17
        assert verify_log().clean

    def test_a_published_round_is_not_cancelled_even_when_asked_before(self, signed: City) -> None:
        round = settled(signed)
        asked = operations.ask_cancellation(
            round=round, reason="选错", actor=assessor(signed), now=at(9, 28, 9)
        )
        publication = operations.ask_round_publication(
            round=round, reason="年度考核", actor=assessor(signed), now=at(9, 28)
        )
        agreed(signed, publication, at(9, 29))
        with pytest.raises(Refusal, match="已经公布，不能取消；有错误请更正"):
            agreed(signed, asked, at(9, 30))
        with pytest.raises(Refusal, match="已经公布，不能取消；有错误请更正"):
            operations.ask_cancellation(round=round, reason="…", actor=assessor(signed), now=at(9, 30))

    def test_not_by_a_unit_and_not_without_a_reason(self, signed: City) -> None:
        round = opened(signed)
        with pytest.raises(Refusal, match="没有提出"):
            operations.ask_cancellation(round=round, reason="…", actor=signed.head, now=STATED)
        with pytest.raises(Refusal, match="写明理由"):
            operations.ask_cancellation(round=round, reason=" ", actor=assessor(signed), now=STATED)


class TestNothingPublishedIsLost:
    def test_the_published_result_stands_and_its_decisions_count_again(self, signed: City) -> None:
        first = published(signed)
        assert first.final
        kept = list(Score.objects.filter(run=first.final).order_by("pk").values())
        later = reopened(signed)
        assert not Adjustment.objects.filter(replaced=False).exists()
        cancel(signed, later, at(10, 15), at(10, 16))
        assert published_run(signed.cycle) == first.final
        assert list(Score.objects.filter(run=first.final).order_by("pk").values()) == kept
        in_force = Adjustment.objects.filter(replaced=False).values_list("indicator", "points", "source")
        assert set(in_force) == {("I03", 17, "appeal")}
        again = operations.run_scores(cycle=signed.cycle, as_of=AS_OF, actor=assessor(signed), now=at(10, 17))
        assert again.scores.get(unit__code=UNIT, office=None).lines.get(indicator="I03").points == 17
        assert verify_log().clean

    def test_a_run_of_the_cancelled_round_is_not_published(self, signed: City) -> None:
        round = settled(signed)
        assert round.final
        asked = operations.ask_round_publication(
            round=round, reason="年度考核", actor=assessor(signed), now=at(9, 28)
        )
        cancelled = cancel(signed, round, at(9, 28), at(9, 29))
        with pytest.raises(Refusal, match="后来取消的考核中计算的，不能公布"):
            agreed(signed, asked, at(9, 30))
        with pytest.raises(Refusal, match="后来取消的考核中计算的，不能公布"):
            operations.ask_publication(
                run=cancelled.prefilled, reason="…", actor=assessor(signed), now=at(9, 30)
            )
        assert not Publication.objects.exists()
        after = operations.run_scores(cycle=signed.cycle, as_of=AS_OF, actor=assessor(signed), now=at(10, 8))
        assert (cancelled_round_of(round.final), cancelled_round_of(after)) == (round, None)

    def test_nor_does_it_correct_what_was_published(self, signed: City) -> None:
        first = published(signed)
        assert first.final
        later = reopened(signed)
        cancel(signed, later, at(10, 15), at(10, 16))
        with pytest.raises(Refusal, match="后来取消的考核中计算的"):
            operations.ask_correction(
                publication=first.final.publication,
                run=later.prefilled,
                reason="…",
                actor=assessor(signed),
                now=at(10, 17),
            )


class TestPages:
    def test_the_office_moves_and_cancels_and_the_units_read_why(
        self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        round = opened(signed)
        monkeypatch.setattr("guantong.kernel.clock.now", lambda: STATED)
        client = as_(assessor(signed))
        days, cancellation = (reverse(name, args=[round.pk]) for name in ("round-days", "round-cancellation"))
        moved = {"what": "review_by", "to": "2026-09-18", "reason": "系统停机两天"}
        assert client.post(days, moved).status_code == 302
        assert client.post(days, moved).status_code == 422
        assert (
            client.post(days, {"what": "self_by", "to": "2026-09-15", "reason": "系统停机两天"}).status_code
            == 302
        )
        assert client.post(days, {"what": "cancelled", "to": "2026-09-15", "reason": "…"}).status_code == 422
        assert "等待另一人批准" in client.get(reverse("round")).content.decode()
        page = as_(signed.head).get(reverse("round")).content.decode()
        assert "复核完成日由 2026-09-11 改为 <strong>2026-09-18</strong>" in page
        assert "系统停机两天" in page
        client = as_(assessor(signed))
        assert client.post(cancellation, {"reason": "计分截至日选错"}).status_code == 302
        assert client.post(cancellation, {"reason": "计分截至日选错"}).status_code == 422
        agreed(signed, Approval.objects.get(kind=operations.CANCEL), at(9, 3))
        page = as_(signed.head).get(reverse("round")).content.decode()
        assert "这一轮考核已经取消" in page
        assert "计分截至日选错" in page
        assert "进展报告及时性" not in page
        again = as_(assessor(signed)).get(reverse("round")).content.decode()
        assert "启动考核" in again
        assert "考核已取消，这次结果不能公布" in as_(assessor(signed)).get(reverse("scores")).content.decode()

    @pytest.mark.parametrize("name", ["round-days", "round-cancellation"])
    def test_wrong_verb_no_right_and_not_there(self, signed: City, as_: SignIn, name: str) -> None:
        url = reverse(name, args=[opened(signed).pk])
        assert as_(assessor(signed)).get(url).status_code == 405
        assert as_(signed.head).post(url).status_code == 403
        assert as_(assessor(signed)).post(reverse(name, args=[99999])).status_code == 404
        assert not Approval.objects.exists()

    def test_the_page_of_approvals_says_what_is_moved(self, signed: City, as_: SignIn) -> None:
        round = opened(signed)
        move(signed, round, "review_by", LATEST)
        move(signed, round, "self_by", LATER)
        page = as_(signed.coordinator).get(reverse("approvals")).content.decode()
        assert "自评截止日 2026-09-08 → 2026-09-15" in page
