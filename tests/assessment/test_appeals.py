from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from assessment.round_cast import (
    APPEAL_UNTIL,
    APPEALED,
    OTHER,
    UNIT,
    appeal,
    assessor,
    decide,
    in_review,
    line_of,
    opened,
    second_assessor,
    told,
)
from conftest import City, SignIn, at
from guantong.assessment import operations
from guantong.assessment.models import Adjustment, Appeal, Mark
from guantong.assessment.round_lines import appeal_facts
from guantong.assessment.round_rules import answer_day, appeal_window
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.notices.models import Notice


class TestAppeal:
    def test_it_disputes_one_line_and_is_answered_by_the_tenth_working_day(self, signed: City) -> None:
        made = appeal(signed, told(signed))
        assert (made.line.indicator, made.unit.code, made.upheld) == ("I03", UNIT, None)
        # 20 September is worked, 25-27 September and 1-7 October are off
        assert made.answer_by == dt.date(2026, 10, 9)
        asked = Notice.objects.filter(kind="appeal", closed_on=None).values_list("office__seat", "due_on")
        assert ("coordinator", made.answer_by) in set(asked)
        assert verify_log().clean

    def test_the_days_are_those_of_the_package(self, signed: City) -> None:
        cycle = signed.cycle
        assert cycle.package.appeal["window_workdays"] == 5
        cycle.package.appeal.update(window_workdays=1, answer_workdays=2)
        assert appeal_window(cycle, from_day=dt.date(2026, 9, 18)) == dt.date(2026, 9, 20)
        assert answer_day(cycle, from_day=dt.date(2026, 9, 30)) == dt.date(2026, 10, 9)
        cycle.package.appeal.clear()
        assert appeal_window(cycle, from_day=dt.date(2026, 9, 14)) == APPEAL_UNTIL

    def test_a_line_that_was_not_measured_can_be_disputed_too(self, signed: City) -> None:
        made = appeal(signed, told(signed), indicator="I06")
        decide(signed, made, points=20)
        assert Adjustment.objects.get(replaced=False).indicator == "I06"

    def test_before_the_unit_is_told_it_is_too_early(self, signed: City) -> None:
        round = in_review(signed)
        with pytest.raises(Refusal, match="还没有告知（复核到 2026-09-11）"):
            operations.appeal_line(
                round=round, line=line_of(round), reason="…", actor=signed.head, now=at(9, 10)
            )

    def test_on_the_last_day_it_is_in_time_and_the_day_after_too_late(self, signed: City) -> None:
        round = told(signed)
        with pytest.raises(Refusal, match="申诉期已于 2026-09-20 截止"):
            appeal(signed, round, now=at(9, 21))
        assert appeal(signed, round, now=at(9, 20, 23)).pk

    def test_the_same_line_twice_is_the_first_appeal(self, signed: City) -> None:
        round = told(signed)
        assert appeal(signed, round) == appeal(signed, round)
        assert Appeal.objects.count() == 1

    def test_not_without_a_reason_nor_for_another_unit_nor_on_another_run(self, signed: City) -> None:
        round = told(signed)
        given = {"round": round, "line": line_of(round, run="preliminary"), "reason": "…", "now": APPEALED}
        with pytest.raises(Refusal, match="理由和依据"):
            operations.appeal_line(**given | {"reason": " ", "actor": signed.head})  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="由本单位"):
            operations.appeal_line(**given | {"actor": signed.acting(OTHER, "unit_head")})  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="本轮初步结果"):
            operations.appeal_line(**given | {"line": line_of(round), "actor": signed.head})  # type: ignore[arg-type]


class TestDecision:
    def test_upheld_sets_new_points_with_the_reason(self, signed: City) -> None:
        made = decide(signed, appeal(signed, told(signed)))
        adjusted = Adjustment.objects.get(replaced=False)
        assert (adjusted.points, adjusted.source, adjusted.source_ref) == (17, "appeal", made.pk)
        assert adjusted.reason == "核对登记簿，一次按时"
        assert made.decided_on == dt.date(2026, 9, 24)
        assert not Notice.objects.filter(kind="appeal", closed_on=None).exists()
        assert verify_log().clean

    def test_it_replaces_what_the_review_set(self, signed: City) -> None:
        from assessment.round_cast import REVIEWED, review
        from guantong.assessment.models import SelfScore

        round = in_review(signed)
        review(signed, SelfScore.objects.get(line__indicator="I03"), 18, "两次中一次有效")
        operations.review_agreed(round=round, unit=signed.units[UNIT], actor=assessor(signed), now=REVIEWED)
        round = operations.move_on(round=round, from_stage="review", actor=assessor(signed), now=at(9, 14))
        decide(signed, appeal(signed, round))
        assert set(Adjustment.objects.values_list("source", "points", "replaced")) == {
            ("self_score", 18, True),
            ("appeal", 17, False),
        }
        assert verify_log().clean

    def test_kept_changes_nothing_and_still_needs_reasons(self, signed: City) -> None:
        made = appeal(signed, told(signed))
        with pytest.raises(Refusal, match="答复理由"):
            decide(signed, made, upheld=False, points=None, decision=" ")
        assert decide(signed, made, upheld=False, points=17).upheld is False
        assert not Adjustment.objects.exists()

    @pytest.mark.parametrize(
        ("points", "sentence"), [(None, "填写改定的分值"), (14, "相同"), (21, "0 至 20")]
    )
    def test_upheld_needs_points_that_are_new_and_possible(
        self, signed: City, points: int | None, sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            decide(signed, appeal(signed, told(signed)), points=points)

    def test_who_reviewed_the_line_does_not_decide(self, signed: City) -> None:
        made = appeal(signed, told(signed))
        with pytest.raises(Refusal, match="另一位复核人"):
            decide(signed, made, actor=assessor(signed))
        assert decide(signed, made, actor=signed.coordinator).upheld

    def test_nobody_of_the_unit_decides(self, signed: City) -> None:
        made = appeal(signed, told(signed))
        with pytest.raises(Refusal, match="另一位复核人"):
            decide(signed, made, actor=signed.head)

    def test_who_appealed_does_not_decide_in_another_office(self, signed: City) -> None:
        made = appeal(signed, told(signed))
        Appeal.objects.filter(pk=made.pk).update(appealer=second_assessor(signed).person)
        with pytest.raises(Refusal, match="另一位复核人"):
            decide(signed, made)

    def test_who_gave_the_mark_that_is_disputed_does_not_decide(self, signed: City) -> None:
        made = appeal(signed, told(signed), indicator="I08")
        Mark.objects.create(
            cycle=signed.cycle, unit=signed.units[UNIT], indicator="I08", value=5, scale=10, reason="…",
            marker=second_assessor(signed).person, marked_at=at(7, 1),
        )  # fmt: skip
        with pytest.raises(Refusal, match="另一位复核人"):
            decide(signed, made, points=8)
        assert decide(signed, made, points=8, actor=signed.coordinator).upheld

    def test_an_appeal_is_answered_once(self, signed: City) -> None:
        made = decide(signed, appeal(signed, told(signed)))
        with pytest.raises(Refusal, match="已于 2026-09-24 答复"):
            decide(signed, made)

    def test_past_its_day_the_appeal_is_overdue_and_still_answered(self, signed: City) -> None:
        round = told(signed)
        made = appeal(signed, round)
        on_the_day = appeal_facts(round, today=dt.date(2026, 10, 9))
        assert on_the_day == {"all": 1, "upheld": 0, "undecided": 1, "overdue": 0}
        assert appeal_facts(round, today=dt.date(2026, 10, 10))["overdue"] == 1
        assert decide(signed, made, now=at(10, 12)).upheld
        assert appeal_facts(round, today=dt.date(2026, 10, 12)) == {
            "all": 1, "upheld": 1, "undecided": 0, "overdue": 0,
        }  # fmt: skip


class TestPages:
    def test_a_unit_appeals_from_its_page(
        self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        round = told(signed)
        line = line_of(round, run="preliminary")
        url = reverse("appeals", args=[line.pk])
        monkeypatch.setattr("guantong.kernel.clock.now", lambda: APPEALED)
        client = as_(signed.head)
        assert "2026-09-20" in client.get(reverse("round")).content.decode()
        for _time in range(2):
            assert client.post(url, {"reason": "登记簿可以证明"}).status_code == 302
        assert Appeal.objects.count() == 1
        assert "申诉待答复" in client.get(reverse("round")).content.decode()
        assert client.get(url).status_code == 405
        assert as_(signed.acting(OTHER, "unit_head")).post(url, {"reason": "…"}).status_code == 404
        assert as_(assessor(signed)).post(url, {"reason": "…"}).status_code == 403

    def test_another_reviewer_answers_and_the_unit_reads_why(
        self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = appeal(signed, told(signed))
        url = reverse("appeal-decision", args=[made.pk])
        monkeypatch.setattr("guantong.kernel.clock.now", lambda: at(10, 12))
        overdue = as_(signed.coordinator).get(reverse("round")).content.decode()
        assert "有申诉逾期未答复" in overdue
        assert "申诉逾期未答复" in as_(signed.head).get(reverse("round")).content.decode()
        given = {"upheld": "yes", "points": "17", "decision": "核对登记簿，一次按时"}
        assert as_(signed.head).post(url, given).status_code == 403
        assert as_(assessor(signed)).post(url, given).status_code == 422
        assert as_(signed.coordinator).get(url).status_code == 405
        client = as_(signed.coordinator)
        assert client.post(url, given).status_code == 302
        assert client.post(url, given).status_code == 422
        page = as_(signed.head).get(reverse("round")).content.decode()
        assert "申诉成立" in page
        assert "核对登记簿，一次按时" in page

    def test_a_round_that_only_began_offers_no_appeal(self, signed: City, as_: SignIn) -> None:
        round = opened(signed)
        url = reverse("appeals", args=[line_of(round).pk])
        assert as_(signed.head).post(url, {"reason": "…"}).status_code == 422
