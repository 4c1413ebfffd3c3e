from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from assessment.round_cast import (
    AS_OF,
    DISTRICT,
    OPENED,
    OTHER,
    REVIEW_BY,
    REVIEWED,
    SELF_BY,
    SETTLED,
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
    second_assessor,
    settled,
    state,
    told,
)
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.approvals import decide_approval
from guantong.assessment import operations
from guantong.assessment.models import Adjustment, Publication, Round, ScoreLine, SelfScore
from guantong.assessment.round_lines import stories_of
from guantong.assessment.round_queries import lines_answered_by, progress_of
from guantong.assessment.round_rules import limits_of
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.notices.models import Notice
from guantong.obligations.models import Claim, Obligation


class TestOpen:
    def test_it_computes_a_prefilled_run_and_asks_every_assessed_unit(self, signed: City) -> None:
        round = opened(signed)
        assert (round.stage, round.prefilled.as_of) == ("self", AS_OF)
        assert line_of(round).points == 14
        asked = Notice.objects.filter(kind="self_score", closed_on=None).values_list(
            "office__unit__code", "due_on"
        )
        assert set(asked) == {(code, SELF_BY) for code in (UNIT, OTHER, DISTRICT, "150622")}
        assert verify_log().clean

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"as_of": dt.date(2026, 9, 2)}, "2026-09-02 还没有到"),
            ({"self_by": dt.date(2026, 8, 31)}, "2026-08-31 已经过去"),
            ({"review_by": SELF_BY}, "2026-09-08 之后"),
        ],
    )
    def test_days_that_cannot_be_are_refused_by_name(
        self, signed: City, changes: dict[str, dt.date], sentence: str
    ) -> None:
        days = {"as_of": AS_OF, "self_by": SELF_BY, "review_by": REVIEW_BY} | changes
        with pytest.raises(Refusal, match=sentence):
            operations.open_round(cycle=signed.cycle, actor=assessor(signed), now=OPENED, **days)
        assert not Round.objects.exists()

    def test_one_round_at_a_time(self, signed: City) -> None:
        opened(signed)
        with pytest.raises(Refusal, match="截至 2026-06-30 的考核还没有公布"):
            opened(signed)

    def test_a_unit_cannot_open_it(self, signed: City) -> None:
        with pytest.raises(Refusal, match="由考核或统筹协调单位启动"):
            operations.open_round(
                cycle=signed.cycle, as_of=AS_OF, self_by=SELF_BY, review_by=REVIEW_BY, actor=signed.head, now=OPENED
            )  # fmt: skip

    def test_what_an_earlier_round_set_no_longer_counts(self, signed: City) -> None:
        published(signed)
        assert Adjustment.objects.filter(replaced=False).count() == 1
        later = operations.open_round(
            cycle=signed.cycle, as_of=dt.date(2026, 10, 31), self_by=dt.date(2026, 11, 20),
            review_by=dt.date(2026, 11, 27), actor=assessor(signed), now=at(11, 9),
        )  # fmt: skip
        assert not Adjustment.objects.filter(replaced=False).exists()
        assert line_of(later).points != 17
        assert verify_log().clean


class TestSelfAssessment:
    def test_one_tap_agrees_with_every_line_that_has_points(self, signed: City) -> None:
        round = opened(signed)
        said = agree(signed, round)
        prefilled = ScoreLine.objects.filter(
            score__run=round.prefilled, score__unit__code=UNIT, score__office=None, points__isnull=False
        )
        assert {(each.line_id, each.points) for each in said} == set(prefilled.values_list("pk", "points"))
        assert agree(signed, round) == []
        assert verify_log().clean

    def test_it_leaves_alone_what_was_stated_otherwise(self, signed: City) -> None:
        round = opened(signed)
        state(signed, round)
        agree(signed, round)
        assert SelfScore.objects.get(round=round, line=line_of(round)).points == 20

    def test_a_line_stated_otherwise_can_be_agreed_with_until_the_day(self, signed: City) -> None:
        round = opened(signed)
        state(signed, round)
        operations.agree_with_lines(
            round=round, unit=signed.units[UNIT], lines=[line_of(round)], actor=signed.head, now=at(9, 8)
        )
        said = SelfScore.objects.get(round=round)
        assert (said.points, said.note) == (14, "")
        assert verify_log().clean

    @pytest.mark.parametrize("points", [-1, 21])
    def test_never_above_the_weight_nor_below_nothing(self, signed: City, points: int) -> None:
        with pytest.raises(Refusal, match="0 至 20"):
            state(signed, opened(signed), points)

    def test_other_points_need_a_note(self, signed: City) -> None:
        with pytest.raises(Refusal, match="写明理由"):
            state(signed, opened(signed), 20, "  ")

    def test_a_bonus_is_held_by_its_cap_and_a_penalty_by_nothing(self, signed: City) -> None:
        round = opened(signed)
        bonus, penalty = (limits_of(line_of(round, each), signed.cycle) for each in ("X01", "X02"))
        assert (bonus.low, bonus.high) == (0, 3)
        assert (penalty.low, penalty.high) == (-100, 0)

    def test_a_line_without_points_has_none_to_state(self, signed: City) -> None:
        round = opened(signed)
        with pytest.raises(Refusal, match="没有可以自评的分值"):
            operations.state_points(
                round=round, line=line_of(round, "I01"), points=Decimal(40), note="…", actor=signed.head, now=STATED
            )  # fmt: skip

    def test_only_the_unit_speaks_for_itself(self, signed: City) -> None:
        round = opened(signed)
        for actor in (signed.acting(OTHER, "unit_head"), assessor(signed)):
            with pytest.raises(Refusal, match="本单位主要负责人或经办人"):
                operations.agree_with_lines(round=round, unit=signed.units[UNIT], actor=actor, now=STATED)

    def test_after_the_day_it_is_over(self, signed: City) -> None:
        round = opened(signed)
        with pytest.raises(Refusal, match="自评已于 2026-09-08 截止"):
            operations.agree_with_lines(round=round, unit=signed.units[UNIT], actor=signed.head, now=at(9, 9))

    def test_the_notice_closes_when_the_last_line_is_spoken_of(self, signed: City) -> None:
        round = opened(signed)
        waiting = Notice.objects.filter(kind="self_score", office__unit__code=UNIT, closed_on=None)
        state(signed, round)
        assert waiting.exists()
        agree(signed, round)
        assert not waiting.exists()


class TestReview:
    def test_it_waits_for_the_units_days_unless_all_have_spoken(self, signed: City) -> None:
        round = opened(signed)
        with pytest.raises(Refusal, match="自评到 2026-09-08 截止，还有 4 个单位"):
            operations.move_on(round=round, from_stage="self", actor=assessor(signed), now=at(9, 8))
        moved = operations.move_on(round=round, from_stage="self", actor=assessor(signed), now=at(9, 9))
        assert moved.stage == "review"

    def test_it_cannot_begin_before_the_stage(self, signed: City) -> None:
        stated = state(signed, opened(signed))
        with pytest.raises(Refusal, match="自评到 2026-09-08 截止"):
            review(signed, stated)

    def test_agreeing_with_other_points_adjusts_the_line(self, signed: City) -> None:
        round = in_review(signed)
        stated = review(signed, SelfScore.objects.get(round=round, line__indicator="I03"))
        assert (stated.agreed, stated.reviewed_points) == (True, 20)
        made = Adjustment.objects.get()
        assert (made.indicator, made.points, made.source, made.source_ref) == (
            "I03",
            20,
            "self_score",
            stated.pk,
        )
        assert made.reason == "两次报告都按时交了纸质件"
        assert verify_log().clean

    def test_keeping_the_prefilled_points_adjusts_nothing(self, signed: City) -> None:
        round = in_review(signed)
        stated = review(signed, SelfScore.objects.get(round=round, line__indicator="I03"), 14, "没有依据")
        assert stated.agreed is False
        assert not Adjustment.objects.exists()

    def test_changing_what_the_unit_said_needs_a_reason_and_the_weight(self, signed: City) -> None:
        stated = SelfScore.objects.get(round=in_review(signed), line__indicator="I03")
        with pytest.raises(Refusal, match="写明理由"):
            review(signed, stated, 17)
        with pytest.raises(Refusal, match="0 至 20"):
            review(signed, stated, 21, "…")

    def test_a_line_is_reviewed_once(self, signed: City) -> None:
        stated = SelfScore.objects.get(round=in_review(signed), line__indicator="I03")
        review(signed, stated)
        with pytest.raises(Refusal, match="已经复核过"):
            review(signed, stated)

    def test_the_unit_does_not_review_itself(self, signed: City) -> None:
        stated = SelfScore.objects.get(round=in_review(signed), line__indicator="I03")
        with pytest.raises(Refusal, match="须由其他单位复核"):
            review(signed, stated, actor=signed.head)

    def test_who_stated_does_not_review_in_another_office(self, signed: City) -> None:
        stated = SelfScore.objects.get(round=in_review(signed), line__indicator="I03")
        assessor_of_same_person = assessor(signed)
        SelfScore.objects.filter(pk=stated.pk).update(stater=assessor_of_same_person.person)
        with pytest.raises(Refusal, match="须由其他单位复核"):
            review(signed, stated)

    def test_who_reviewed_the_units_matters_does_not_review_its_lines(self, signed: City) -> None:
        round = in_review(signed)
        owed = Obligation.objects.filter(unit__code=UNIT).order_by("pk")[0]
        claim = Claim.objects.create(
            obligation=owed, nothing_new=True, claimed_by=owed.office, claimed_at=at(3, 2)
        )
        claim.reviews.create(verdict="accepted", reviewer=assessor(signed).person, reviewed_at=at(3, 3))
        stated = SelfScore.objects.get(round=round, line__indicator="I03")
        with pytest.raises(Refusal, match="办理或审核过该单位事项"):
            review(signed, stated)
        with pytest.raises(Refusal, match="办理或审核过该单位事项"):
            operations.review_agreed(
                round=round, unit=signed.units[UNIT], actor=assessor(signed), now=REVIEWED
            )
        assert review(signed, stated, actor=second_assessor(signed)).agreed

    def test_the_agreed_lines_take_one_tap_and_the_disputed_one_stays(self, signed: City) -> None:
        round = in_review(signed)
        done = operations.review_agreed(
            round=round, unit=signed.units[UNIT], actor=assessor(signed), now=REVIEWED
        )
        assert {each.line.indicator for each in done} == {"I02", "X01", "X02"}
        left = SelfScore.objects.filter(reviewed_at=None).values_list("line__indicator", flat=True)
        assert set(left) == {"I03"}
        assert verify_log().clean


class TestNotify:
    def test_every_stated_line_must_be_reviewed_first(self, signed: City) -> None:
        round = in_review(signed)
        with pytest.raises(Refusal, match="还有 4 项自评没有复核（应于 2026-09-11 前完成）"):
            operations.move_on(round=round, from_stage="review", actor=assessor(signed), now=REVIEWED)

    def test_a_review_past_its_day_is_late_and_not_void(self, signed: City) -> None:
        stated = SelfScore.objects.get(round=in_review(signed), line__indicator="I03")
        assert review(signed, stated, now=at(9, 13)).agreed

    def test_the_preliminary_run_takes_over_what_the_review_set(self, signed: City) -> None:
        round = in_review(signed)
        review(signed, SelfScore.objects.get(round=round, line__indicator="I03"))
        operations.review_agreed(round=round, unit=signed.units[UNIT], actor=assessor(signed), now=REVIEWED)
        moved = operations.move_on(round=round, from_stage="review", actor=assessor(signed), now=at(9, 14))
        assert line_of(moved, run="preliminary").points == 20
        assert line_of(moved, run="prefilled").points == 14

    def test_the_window_counts_working_days_with_the_sunday_that_is_worked(self, signed: City) -> None:
        round = told(signed)
        assert (round.notified_on, round.appeal_until) == (dt.date(2026, 9, 14), dt.date(2026, 9, 20))
        asked = Notice.objects.filter(kind="result", closed_on=None).values_list(
            "office__unit__code", "due_on"
        )
        assert set(asked) == {(code, dt.date(2026, 9, 20)) for code in (UNIT, OTHER, DISTRICT, "150622")}
        assert verify_log().clean

    def test_moving_twice_moves_once(self, signed: City) -> None:
        round = told(signed)
        entries = AuditEntry.objects.count()
        again = operations.move_on(round=round, from_stage="review", actor=assessor(signed), now=at(9, 15))
        assert (again.stage, again.preliminary) == ("preliminary", round.preliminary)
        assert AuditEntry.objects.count() == entries


class TestFinal:
    def test_not_within_the_window(self, signed: City) -> None:
        round = told(signed)
        with pytest.raises(Refusal, match="申诉期到 2026-09-20 截止"):
            operations.move_on(round=round, from_stage="preliminary", actor=assessor(signed), now=at(9, 20))

    def test_not_while_an_appeal_waits(self, signed: City) -> None:
        round = told(signed)
        appeal(signed, round)
        with pytest.raises(Refusal, match="还有 1 项申诉没有答复（最早应于 2026-10-09 前答复）"):
            operations.move_on(round=round, from_stage="preliminary", actor=assessor(signed), now=SETTLED)

    def test_it_takes_over_what_the_appeal_set(self, signed: City) -> None:
        round = settled(signed)
        assert [line_of(round, run=each).points for each in ("prefilled", "preliminary", "final")] == [
            14,
            14,
            17,
        ]
        assert verify_log().clean

    def test_publication_is_refused_before_it(self, signed: City) -> None:
        round = told(signed)
        with pytest.raises(Refusal, match="申诉期到 2026-09-20 截止"):
            operations.ask_round_publication(round=round, reason="…", actor=assessor(signed), now=at(9, 15))

    def test_two_persons_publish_and_the_round_is_over(self, signed: City) -> None:
        round = published(signed)
        assert round.stage == "published"
        assert Publication.objects.get().run == round.final
        assert verify_log().clean

    def test_while_it_runs_no_other_run_of_the_cycle_is_published(self, signed: City) -> None:
        round = told(signed)
        assert round.preliminary
        asked = operations.ask_publication(
            run=round.preliminary, reason="…", actor=assessor(signed), now=at(9, 15)
        )
        with pytest.raises(Refusal, match="只能公布它的定稿结果"):
            decide_approval(
                approval=asked, granted=True, decision="", actor=signed.coordinator, now=at(9, 15)
            )
        assert not Publication.objects.exists()


class TestPages:
    def test_a_unit_sees_its_lines_and_nothing_of_others(self, signed: City, as_: SignIn) -> None:
        round = opened(signed)
        page = as_(signed.head).get(reverse("round")).content.decode()
        assert "进展报告及时性" in page
        assert "市教育体育局" not in page
        for words in ("位次", "优秀", "良好", "不合格"):
            assert words not in page
        seen = lines_answered_by(signed.head).values_list("score__unit__code", flat=True)
        assert set(seen) == {UNIT}
        own, other = line_of(round), line_of(round, code=OTHER)
        client = as_(signed.head)
        assert client.get(reverse("round-line", args=[own.pk])).status_code == 200
        assert client.get(reverse("round-line", args=[other.pk])).status_code == 404
        assert client.get(reverse("score-line", args=[own.pk])).status_code == 404

    def test_a_leader_sees_where_it_stands_and_no_line(self, signed: City, as_: SignIn) -> None:
        opened(signed)
        page = as_(signed.acting("1506-LG", "leader")).get(reverse("round")).content.decode()
        assert "2026-09-08" in page
        assert "进展报告及时性" not in page
        assert "发展和改革委员会" not in page

    def test_one_tap_from_the_page(self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
        round = opened(signed)
        monkeypatch.setattr("guantong.kernel.clock.now", lambda: STATED)
        client = as_(signed.head)
        agreed = client.post(reverse("self-score-agreement", args=[line_of(round).pk]))
        assert agreed["Location"].endswith(f"#line-{line_of(round).pk}")
        assert SelfScore.objects.count() == 1
        for _time in range(2):
            assert client.post(reverse("self-score-agreements", args=[round.pk])).status_code == 302
        assert SelfScore.objects.count() == 4
        stated = client.post(
            reverse("self-score", args=[line_of(round).pk]), {"points": "20", "note": "有纸质件"}
        )
        assert stated.status_code == 302
        too_many = client.post(reverse("self-score", args=[line_of(round).pk]), {"points": "21", "note": "…"})
        assert too_many.status_code == 422

    def test_outsiders_and_those_without_the_right(self, signed: City, as_: SignIn) -> None:
        round = opened(signed)
        line = reverse("self-score-agreement", args=[line_of(round).pk])
        unit_page = reverse("round-unit", args=[round.pk, signed.units[UNIT].pk])
        assert as_(signed.acting(OTHER, "unit_head")).post(line).status_code == 404
        assert as_(assessor(signed)).post(line).status_code == 403
        assert as_(signed.head).get(line).status_code == 405
        assert as_(signed.head).get(unit_page).status_code == 403
        assert as_(signed.head).post(reverse("rounds", args=[signed.cycle.pk])).status_code == 403
        assert as_(assessor(signed)).get(unit_page).status_code == 200

    def test_the_office_opens_moves_and_reviews_from_pages(
        self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = as_(assessor(signed))
        monkeypatch.setattr("guantong.kernel.clock.now", lambda: OPENED)
        days = {"as_of": "2026-06-30", "self_by": "2026-09-08", "review_by": "2026-09-11"}
        assert client.post(reverse("rounds", args=[signed.cycle.pk]), days).status_code == 302
        round = Round.objects.get()
        state(signed, round)
        agree(signed, round)
        monkeypatch.setattr("guantong.kernel.clock.now", lambda: REVIEWED)
        client = as_(assessor(signed))
        for _time in range(2):
            moved = client.post(reverse("round-stage", args=[round.pk]), {"stage": "self"})
            assert moved.status_code == 302
        page = client.get(reverse("round-unit", args=[round.pk, signed.units[UNIT].pk])).content.decode()
        assert "同意 3 项无异议的自评" in page
        client.post(reverse("self-score-reviews", args=[round.pk, signed.units[UNIT].pk]))
        stated = SelfScore.objects.get(line__indicator="I03")
        client.post(reverse("self-score-review", args=[stated.pk]), {"points": "17", "reason": "一次有效"})
        stated.refresh_from_db()
        assert (stated.reviewed_points, stated.agreed) == (17, False)
        [row] = [each for each in progress_of(round, assessor(signed)) if each.unit.code == UNIT]
        assert (row.asked, row.stated, row.differing, row.reviewed) == (4, 4, 1, 4)

    def test_the_pages_take_the_same_queries_for_many_units_and_lines(
        self, signed: City, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        round = told(signed)
        appeal(signed, round)
        client = as_(assessor(signed))
        with django_assert_max_num_queries(40):  # type: ignore[operator]
            client.get(reverse("round"))
        with django_assert_max_num_queries(40):  # type: ignore[operator]
            client.get(reverse("round-unit", args=[round.pk, signed.units[UNIT].pk]))
        with django_assert_max_num_queries(40):  # type: ignore[operator]
            as_(signed.head).get(reverse("round"))

    def test_what_may_be_said_is_offered_only_while_it_may(self, signed: City) -> None:
        round = told(signed)
        for day, offered in ((dt.date(2026, 9, 20), True), (dt.date(2026, 9, 21), False)):
            stories = stories_of(round, signed.units[UNIT], acting=signed.head, today=day)
            assert {each.may_appeal for each in stories} == {offered}
            assert not any(each.may_state or each.may_review for each in stories)

    def test_the_console_may_play_a_whole_round(self, signed: City) -> None:
        round = operations.open_round(
            cycle=signed.cycle, as_of=AS_OF, self_by=SELF_BY, review_by=REVIEW_BY, actor=CONSOLE, now=OPENED
        )
        operations.agree_with_lines(round=round, unit=signed.units[UNIT], actor=CONSOLE, now=STATED)
        operations.move_on(round=round, from_stage="self", actor=CONSOLE, now=at(9, 9))
        operations.review_agreed(round=round, unit=signed.units[UNIT], actor=CONSOLE, now=REVIEWED)
        moved = operations.move_on(round=round, from_stage="review", actor=CONSOLE, now=at(9, 14))
        assert moved.stage == "preliminary"
        decided = decide(signed, appeal(signed, moved), actor=CONSOLE)
        assert decided.upheld
