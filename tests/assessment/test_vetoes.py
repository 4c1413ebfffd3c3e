from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from assessment.round_cast import (
    AS_OF,
    OTHER,
    REVIEWED,
    SETTLED,
    UNIT,
    assessor,
    published,
    second_assessor,
    told,
)
from conftest import CONSOLE, City, SignIn, at
from guantong.assessment import operations
from guantong.assessment.models import Score, Veto
from guantong.assessment.veto_queries import fell, proposals
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.notices.models import Notice
from guantong.supervision.models import Finding
from guantong.supervision.operations.findings import draft_finding, send_notice
from guantong.supervision.operations.rulings import ask_recheck, decide_recheck, rule_on_finding

SERIOUS = "false_report_serious"


def ruled(
    city: City, *, kind: str = SERIOUS, code: str = UNIT, upheld: bool = True, rule: str = "考核办法第九条"
) -> Finding:
    """Found by the coordinator in June, told, not answered, ruled on from the console."""
    finding = draft_finding(
        cycle=city.cycle, unit=city.units[code], text="虚报完成数字 12 项", basis="督查通报〔2026〕7号",
        rule_cited=rule, kind=kind, actor=city.coordinator, now=at(6, 1),
    )  # fmt: skip
    send_notice(finding=finding, actor=city.coordinator, now=at(6, 1))
    finding.refresh_from_db()
    rule_on_finding(finding=finding, upheld=upheld, reason="查证属实", actor=CONSOLE, now=at(7, 1))
    return Finding.objects.get(pk=finding.pk)


def confirm(city: City, finding: Finding, **changes: object) -> Veto:
    given = {
        "finding": finding, "scorecard": "SC_unit", "veto": "V1", "reason": "情节严重",
        "actor": assessor(city), "now": at(9, 14),
    } | changes  # fmt: skip
    return operations.confirm_veto(**given)  # type: ignore[arg-type]


def grade_of(city: City, now: dt.datetime) -> str:
    run = operations.run_scores(cycle=city.cycle, as_of=AS_OF, actor=CONSOLE, now=now)
    return Score.objects.get(run=run, unit__code=UNIT, office=None).grade


class TestProposals:
    def test_only_upheld_findings_of_the_kind_the_cards_veto_names(self, signed: City) -> None:
        upheld = ruled(signed)
        ruled(signed, code=OTHER, upheld=False)
        ruled(signed, kind="false_report")
        found = proposals(signed.cycle)
        assert [(each.finding, each.scorecard, each.veto, each.max_grade) for each in found] == [
            (upheld, "SC_unit", "V1", "fail")
        ]

    def test_a_ruling_that_is_looked_at_again_waits_and_one_that_fell_is_gone(self, signed: City) -> None:
        finding = ruled(signed)
        ask_recheck(finding=finding, reason="数字有误", actor=signed.head, now=at(7, 10))
        assert proposals(signed.cycle) == []
        decide_recheck(finding=finding, kept=False, decision="证据不足", actor=CONSOLE, now=at(7, 20))
        assert proposals(signed.cycle) == []

    def test_none_fires_alone(self, signed: City) -> None:
        before = grade_of(signed, at(7, 2))
        ruled(signed)
        assert grade_of(signed, at(12, 1)) == before != "fail"
        assert not Veto.objects.exists()


class TestConfirm:
    def test_a_person_confirms_and_it_bites_after_the_window(self, signed: City) -> None:
        made = confirm(signed, ruled(signed))
        assert (made.appeal_until, made.confirmer) == (dt.date(2026, 9, 20), assessor(signed).person)
        told_of = Notice.objects.filter(about="assessment.veto", closed_on=None)
        assert set(told_of.values_list("office__unit__code", "due_on")) == {(UNIT, made.appeal_until)}
        assert grade_of(signed, at(9, 20)) != "fail"
        assert grade_of(signed, at(9, 21)) == "fail"
        assert verify_log().clean

    def test_twice_is_once(self, signed: City) -> None:
        finding = ruled(signed)
        assert confirm(signed, finding) == confirm(signed, finding)

    def test_without_the_rule_cited_nothing_is_confirmed(self, signed: City) -> None:
        with pytest.raises(Refusal, match="所引条款"):
            confirm(signed, ruled(signed, rule=""))

    def test_without_a_reason_a_ruling_or_the_right_veto_nothing_is_confirmed(self, signed: City) -> None:
        finding = ruled(signed)
        with pytest.raises(Refusal, match="理由"):
            confirm(signed, finding, reason=" ")
        for wrong in ({"veto": "V9"}, {"scorecard": "SC_territory"}):
            with pytest.raises(Refusal, match="不能确认否决"):
                confirm(signed, finding, **wrong)
        with pytest.raises(Refusal, match="不能确认否决"):
            confirm(signed, ruled(signed, code=OTHER, upheld=False))

    def test_not_by_who_found_it_nor_by_who_ruled_nor_by_the_unit(self, signed: City) -> None:
        finding = ruled(signed)
        with pytest.raises(Refusal, match="由另一人确认"):
            confirm(signed, finding, actor=signed.coordinator)
        finding.ruling.ruler = second_assessor(signed).person
        finding.ruling.save()
        with pytest.raises(Refusal, match="由另一人确认"):
            confirm(signed, finding, actor=second_assessor(signed))
        with pytest.raises(Refusal, match="不能由本单位确认"):
            confirm(signed, finding, actor=signed.head)

    def test_the_final_result_waits_for_its_window(self, signed: City) -> None:
        round = told(signed)
        confirm(signed, ruled(signed), now=at(9, 18))
        with pytest.raises(Refusal, match="否决事项的申诉期到 2026-09-24 截止"):
            operations.move_on(round=round, from_stage="preliminary", actor=assessor(signed), now=at(9, 23))
        assert operations.move_on(
            round=round, from_stage="preliminary", actor=assessor(signed), now=SETTLED
        ).final


class TestLift:
    def test_it_is_lifted_with_a_reason_and_bites_no_more(self, signed: City) -> None:
        made = confirm(signed, ruled(signed))
        with pytest.raises(Refusal, match="解除的理由"):
            operations.lift_veto(veto=made, reason="", actor=assessor(signed), now=at(9, 16))
        operations.lift_veto(veto=made, reason="复核撤销", actor=assessor(signed), now=at(9, 16))
        assert grade_of(signed, at(9, 21)) != "fail"
        assert not Notice.objects.filter(about="assessment.veto", closed_on=None).exists()
        with pytest.raises(Refusal, match="已于 2026-09-16 解除"):
            operations.lift_veto(veto=made, reason="再次", actor=assessor(signed), now=at(9, 17))
        assert verify_log().clean

    def test_not_by_the_unit(self, signed: City) -> None:
        with pytest.raises(Refusal, match="不能由本单位解除"):
            operations.lift_veto(
                veto=confirm(signed, ruled(signed)), reason="…", actor=signed.head, now=at(9, 16)
            )

    def test_one_whose_ruling_fell_is_pointed_out(self, signed: City) -> None:
        finding = ruled(signed)
        made = confirm(signed, finding, now=at(7, 2))
        assert not fell(made)
        ask_recheck(finding=finding, reason="数字有误", actor=signed.head, now=at(7, 10))
        decide_recheck(finding=finding, kept=False, decision="证据不足", actor=CONSOLE, now=at(7, 20))
        assert fell(Veto.objects.select_related("finding__ruling__recheck").get(pk=made.pk))


class TestPages:
    def test_the_page_proposes_and_a_person_confirms_and_lifts(
        self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding = ruled(signed)
        monkeypatch.setattr("guantong.kernel.clock.now", lambda: REVIEWED)
        client = as_(assessor(signed))
        assert "虚报完成数字 12 项" in client.get(reverse("vetoes")).content.decode()
        url = reverse("veto-confirmation", args=[finding.pk])
        given = {"scorecard": "SC_unit", "veto": "V1", "reason": "情节严重"}
        for _time in range(2):
            assert client.post(url, given).status_code == 302
        made = Veto.objects.get()
        assert as_(signed.head).post(url, given).status_code == 403
        assert client.get(url).status_code == 405
        assert client.post(reverse("veto-confirmation", args=[finding.pk + 1]), given).status_code == 404
        page = as_(signed.head).get(reverse("round")).content.decode()
        assert "一票否决事项告知" in page
        assert "考核办法第九条" in page
        lifting = reverse("veto-lifting", args=[made.pk])
        assert as_(signed.head).post(lifting, {"reason": "…"}).status_code == 403
        assert client.post(lifting, {"reason": "复核撤销"}).status_code == 302
        assert client.post(lifting, {"reason": "复核撤销"}).status_code == 422
        assert "一票否决已解除" in as_(signed.head).get(reverse("round")).content.decode()

    def test_who_found_it_is_told_that_another_must_confirm(self, signed: City, as_: SignIn) -> None:
        ruled(signed)
        page = as_(signed.coordinator).get(reverse("vetoes")).content.decode()
        assert "须由未提出、未认定这一问题的另一人确认" in page
        assert "确认理由" not in page

    def test_a_unit_has_no_such_page(self, signed: City, as_: SignIn) -> None:
        published(signed)
        assert as_(signed.head).get(reverse("vetoes")).status_code == 403
