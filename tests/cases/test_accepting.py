"""Taken on under a neutral title, refused with a reason, or handed over and marked."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.cast import ACCEPTED, LEAD, again, clean_log, filed, given, leader
from conftest import City, at
from guantong.cases import chain
from guantong.cases.choices import CaseKind, CaseStage, ClockKind, Elsewhere
from guantong.cases.operations.accepting import accept_case, amend_case, refer_case, refuse_case
from guantong.cases.operations.assigning import assign_case
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import State


class TestChain:
    def test_every_stage_but_the_first_is_reached_by_one_table(self) -> None:
        reached = {move.after for move in chain.MOVES.values()} - {""}
        assert reached == set(CaseStage.values)

    @pytest.mark.parametrize("verb", ["assign", "answer", "close", "reopen", "rate", "extend"])
    def test_no_move_from_a_stage_the_table_does_not_name(self, city: City, verb: str) -> None:
        case, _code = filed(city)
        with pytest.raises(Refusal, match="已登记"):
            chain.stage_after(case, verb)


class TestAcceptCase:
    def test_the_applicant_has_been_told_and_the_period_to_answer_runs(self, city: City) -> None:
        case, _code = filed(city)
        case = accept_case(case=case, title="路灯不亮", actor=city.coordinator, now=ACCEPTED)
        assert (case.stage, case.title, case.accepted_on) == (
            CaseStage.ACCEPTED,
            "路灯不亮",
            dt.date(2026, 3, 4),
        )
        assert list(case.clocks.order_by("pk").values_list("kind", "due_on", "met_on")) == [
            (ClockKind.NOTIFY, dt.date(2026, 3, 17), dt.date(2026, 3, 4)),
            (ClockKind.CLOSE, dt.date(2026, 5, 3), None),
        ]
        assert clean_log()

    @pytest.mark.parametrize(
        ("title", "words"),
        [
            ("", "起一个标题"),
            ("王小明反映路灯不亮", "不能有当事人的称呼"),
            ("路灯不亮，电话13900001111", "不能有电话"),
            ("长" * 201, "最多 200 字"),
        ],
    )
    def test_the_title_says_what_about_and_not_who(self, city: City, title: str, words: str) -> None:
        case, _code = filed(city)
        with pytest.raises(Refusal, match=words):
            accept_case(case=case, title=title, actor=city.coordinator, now=ACCEPTED)
        assert again(case).stage == CaseStage.REGISTERED

    def test_only_who_runs_it_accepts(self, city: City) -> None:
        case, _code = filed(city)
        for other in (city.head, leader(city), city.acting("150602", "first_responsible")):
            with pytest.raises(Refusal, match="统筹协调岗位办理"):
                accept_case(case=case, title="路灯不亮", actor=other, now=ACCEPTED)

    def test_a_complaint_says_against_whom_or_against_nobody(self, city: City) -> None:
        case, _code = filed(city, kind=CaseKind.COMPLAINT)
        with pytest.raises(Refusal, match="被投诉的单位"):
            accept_case(case=case, title="窗口态度差", actor=city.coordinator, now=ACCEPTED)
        accept_case(
            case=case, title="窗口态度差", against=city.units[LEAD], actor=city.coordinator, now=ACCEPTED
        )
        assert again(case).against == city.units[LEAD]
        other, _code = filed(city, kind=CaseKind.COMPLAINT)
        accept_case(case=other, title="程序繁琐", against_nobody=True, actor=city.coordinator, now=ACCEPTED)
        assert again(other).against is None

    def test_twice_is_refused(self, city: City) -> None:
        case, _code = filed(city)
        accept_case(case=case, title="路灯不亮", actor=city.coordinator, now=ACCEPTED)
        with pytest.raises(Refusal, match="不能受理"):
            accept_case(case=case, title="路灯不亮", actor=city.coordinator, now=ACCEPTED)

    def test_a_case_of_a_reception_brings_its_host_the_duty_of_the_package(self, city: City) -> None:
        host = leader(city).office
        case, _code = filed(city, host=host)
        case = accept_case(case=case, title="路灯不亮", actor=city.coordinator, now=ACCEPTED)
        owed = case.obligation
        assert owed is not None
        assert (owed.office, owed.rule, owed.pillar, owed.evidence) == (
            host,
            "D08",
            "lead_contact",
            ["case_closure"],
        )
        assert (owed.source, owed.source_ref, owed.due_on) == ("case", case.pk, dt.date(2026, 5, 3))
        assert clean_log()


class TestRefuseCase:
    def test_the_applicant_reads_why_and_nothing_runs(self, city: City) -> None:
        case, _code = filed(city)
        refuse_case(case=case, reason="属于法院已判决事项。", actor=city.coordinator, now=at(3, 5))
        row = again(case)
        assert (row.stage, row.closed_on) == (CaseStage.REFUSED, dt.date(2026, 3, 5))
        assert row.steps.get(verb="refuse").told == "属于法院已判决事项。"
        assert not row.clocks.filter(met_on__isnull=True).exists()
        assert clean_log()

    def test_not_without_a_reason(self, city: City) -> None:
        case, _code = filed(city)
        with pytest.raises(Refusal, match="当事人会看到"):
            refuse_case(case=case, reason=" ", actor=city.coordinator, now=at(3, 5))


class TestReferCase:
    def test_it_is_marked_and_never_clocked_twice(self, city: City) -> None:
        case, _code = filed(city)
        refer_case(
            case=case,
            elsewhere=Elsewhere.PETITION,
            told="已转市信访局。",
            actor=city.coordinator,
            now=at(3, 5),
        )
        row = again(case)
        assert (row.stage, row.elsewhere) == (CaseStage.REFERRED, Elsewhere.PETITION)
        assert list(row.clocks.values_list("kind", "met_on")) == [(ClockKind.NOTIFY, dt.date(2026, 3, 5))]
        with pytest.raises(Refusal, match="不能受理"):
            accept_case(case=case, title="路灯不亮", actor=city.coordinator, now=at(3, 6))

    def test_from_the_middle_of_the_work_everything_is_let_go(self, city: City) -> None:
        handling = given(city)
        refer_case(
            case=handling.case,
            elsewhere=Elsewhere.COURT,
            told="已告知起诉。",
            actor=city.coordinator,
            now=at(3, 9),
        )
        handling.refresh_from_db()
        assert handling.released_on == dt.date(2026, 3, 9)
        assert handling.obligation is not None
        handling.obligation.refresh_from_db()
        assert handling.obligation.state == State.CANCELLED
        assert set(handling.case.clocks.values_list("kind", "dropped_on")) == {
            (ClockKind.NOTIFY, None), (ClockKind.CLOSE, dt.date(2026, 3, 9))
        }  # fmt: skip
        assert clean_log()

    def test_where_to_is_said(self, city: City) -> None:
        case, _code = filed(city)
        with pytest.raises(Refusal, match="移送到哪里"):
            refer_case(case=case, elsewhere="moon", told="已转", actor=city.coordinator, now=at(3, 5))
        with pytest.raises(Refusal, match="怎样联系"):
            refer_case(case=case, elsewhere="court", told="", actor=city.coordinator, now=at(3, 5))


class TestAmendCase:
    def test_naming_the_party_later_is_refused_while_it_works_on_the_case(self, city: City) -> None:
        handling = given(city)
        with pytest.raises(Refusal, match="被投诉单位"):
            amend_case(
                case=handling.case, title="路灯不亮", against=city.units[LEAD], actor=city.coordinator, now=at(3, 6)
            )  # fmt: skip
        assert again(handling.case).against is None

    def test_once_named_it_is_not_given_the_case(self, city: City) -> None:
        case, _code = filed(city)
        accept_case(case=case, title="路灯不亮", actor=city.coordinator, now=ACCEPTED)
        amend_case(
            case=case, title="路灯久不修", against=city.units[LEAD], actor=city.coordinator, now=at(3, 6)
        )
        with pytest.raises(Refusal, match="被投诉单位"):
            assign_case(case=case, unit=city.units[LEAD], actor=city.coordinator, now=at(3, 6))
        assert clean_log()
