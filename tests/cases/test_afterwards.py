"""What follows: call-backs drawn in public, like cases gathered, notices, and what expires."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from cases.cast import accepted, again, answered, clean_log, filed, given, leader, rated, reply
from conftest import CONSOLE, City, at
from guantong.cases.alike import bigrams, likeness
from guantong.cases.applicant import Applicant
from guantong.cases.asking import ask_about_cases
from guantong.cases.choices import CaseStage
from guantong.cases.drawing import as_csv, drawn, numbers_of, size
from guantong.cases.models import CallBackDraw, Case, Closure
from guantong.cases.operations.assigning import set_host
from guantong.cases.operations.closing import close_case, record_call_back
from guantong.cases.operations.disputes import raise_dispute
from guantong.cases.operations.drawing import draw_call_backs, drawn_of, freeze_call_backs
from guantong.cases.operations.gathering import gather_cases, set_apart
from guantong.cases.operations.periods import pause_case
from guantong.cases.operations.reviewing import ask_review
from guantong.cases.operations.wishes import withdraw_case
from guantong.cases.queries.likes import alike_cases
from guantong.cases.queries.lists import to_be_taken_over
from guantong.cases.retention import expire_applicants
from guantong.cases.terms import CaseTerms, Term, terms_of
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.operations import read_valid_package
from guantong.mechanisms.package.building import build
from guantong.notices.models import Notice
from guantong.supervision import verify_draw


def closed(city: City, *, one_sided: bool = False, contact: str = "13800001234") -> Case:
    case = answered(city, contact=contact)
    if one_sided:
        close_case(case=case, reason="没有回应。", actor=city.coordinator, now=at(4, 1))
        return again(case)
    return rated(case, stars=5, solved=True, now=at(4, 1))


def frozen(city: City) -> CallBackDraw:
    return freeze_call_backs(
        cycle=city.cycle, unit=city.units["1506"], since=dt.date(2026, 4, 1), until=dt.date(2026, 4, 30),
        seed_source="2026-05-08 双色球", seed_on=dt.date(2026, 5, 8), actor=city.coordinator, now=at(5, 6),
    )  # fmt: skip


class TestDrawing:
    @hypothesis_given(
        st.sets(st.text("0123456789-/", min_size=1), max_size=30), st.text(min_size=1), st.integers(0, 30)
    )
    def test_the_rule_is_that_of_every_public_draw(self, numbers: set[str], seed: str, n: int) -> None:
        assert drawn(numbers, seed, n) == verify_draw.draw(numbers, seed, n)

    @pytest.mark.parametrize(
        ("share", "of", "n"), [("0.05", 0, 0), ("0.05", 1, 1), ("0.05", 20, 1), ("0.05", 21, 2), ("0.3", 10, 3), ("1", 7, 7)]
    )  # fmt: skip
    def test_the_share_is_rounded_up(self, share: str, of: int, n: int) -> None:
        assert size(Decimal(share), of) == n

    def test_a_list_reads_back(self) -> None:
        assert numbers_of(as_csv(["2026-00001", "2026-00002/2"])) == ["2026-00001", "2026-00002/2"]


class TestCallBack:
    def test_frozen_first_drawn_with_a_seed_that_came_afterwards(self, city: City) -> None:
        for _each in range(4):
            closed(city)
        for _each in range(4):
            closed(city, one_sided=True)
        draw = frozen(city)
        assert (draw.n_agreed, draw.n_one_sided) == (1, 2)
        assert numbers_of(draw.one_sided_csv) == [f"2026-0000{n}" for n in range(5, 9)]
        with pytest.raises(Refusal, match="不能提前抽取"):
            draw_call_backs(draw=draw, seed="07 11 19", actor=city.coordinator, now=at(5, 7))
        chosen = draw_call_backs(draw=draw, seed="07 11 19", actor=city.coordinator, now=at(5, 8))
        draw.refresh_from_db()
        repeated = [
            *verify_draw.verify(draw.agreed_csv.encode(), "07 11 19", 1)["drawn"],
            *verify_draw.verify(draw.one_sided_csv.encode(), "07 11 19", 2)["drawn"],
        ]
        assert {each.case.reference for each in chosen} == set(repeated) == set(drawn_of(draw))
        with pytest.raises(Refusal, match="种子已经登记"):
            draw_call_backs(draw=draw, seed="08", actor=city.coordinator, now=at(5, 9))
        assert clean_log()

    def test_only_who_can_be_reached_is_on_a_list_and_only_once(self, city: City) -> None:
        kept = closed(city)
        closed(city, contact="")
        reopened = closed(city)
        rated_low = rated(answered(city), stars=1, solved=False, now=at(4, 2))
        draw = frozen(city)
        assert set(numbers_of(draw.agreed_csv)) == {kept.reference, reopened.reference}
        assert rated_low.stage == CaseStage.HANDLING
        draw_call_backs(draw=draw, seed="07", actor=city.coordinator, now=at(5, 8))
        draw.refresh_from_db()
        rest = freeze_call_backs(
            cycle=city.cycle, unit=city.units["1506"], since=dt.date(2026, 4, 1), until=dt.date(2026, 5, 8),
            seed_source="次月", seed_on=dt.date(2026, 6, 8), actor=city.coordinator, now=at(5, 9),
        )  # fmt: skip
        assert set(numbers_of(rest.agreed_csv)) == set(numbers_of(draw.agreed_csv)) - set(drawn_of(draw))

    def test_the_seed_is_announced_before_it_exists(self, city: City) -> None:
        closed(city)
        with pytest.raises(Refusal, match="今天以后"):
            freeze_call_backs(
                cycle=city.cycle, unit=city.units["1506"], since=dt.date(2026, 4, 1), until=dt.date(2026, 4, 30),
                seed_source="今天", seed_on=dt.date(2026, 5, 6), actor=city.coordinator, now=at(5, 6),
            )  # fmt: skip

    def drawn_closure(self, city: City) -> Closure:
        case = closed(city, one_sided=True)
        draw_call_backs(draw=frozen(city), seed="07", actor=city.coordinator, now=at(5, 8))
        return case.closures.get()

    def test_not_solved_takes_the_case_up_again(self, city: City) -> None:
        closure = self.drawn_closure(city)
        record_call_back(
            closure=closure, reached=True, solved=False, stars=1, actor=city.coordinator, now=at(5, 9)
        )
        assert (again(closure.case).stage, again(closure.case).reopened) == (CaseStage.HANDLING, 1)
        assert clean_log()

    def test_solved_or_not_reached_it_stays_closed_and_once(self, city: City) -> None:
        closure = self.drawn_closure(city)
        record_call_back(closure=closure, reached=False, actor=city.coordinator, now=at(5, 9))
        assert again(closure.case).stage == CaseStage.CLOSED
        with pytest.raises(Refusal, match="已经回访过"):
            record_call_back(closure=closure, reached=True, solved=True, actor=city.coordinator, now=at(5, 9))

    def test_not_by_who_answered_and_only_what_was_drawn(self, city: City) -> None:
        case = closed(city)
        with pytest.raises(Refusal, match="没有被抽中"):
            record_call_back(closure=case.closures.get(), reached=False, actor=city.coordinator, now=at(5, 9))
        with pytest.raises(Refusal, match="答复过的单位和个人不能回访"):
            record_call_back(closure=self.drawn_closure(city), reached=False, actor=city.head, now=at(5, 9))


class TestGathering:
    def test_like_titles_are_offered_likeliest_first(self, city: City) -> None:
        case = accepted(city, title="康巴什路路灯不亮")
        near = accepted(city, title="关于康巴什路路灯损坏不亮的问题")
        accepted(city, title="幼儿园学位不足")
        assert [each.case for each in alike_cases(case, seen_by=city.coordinator)] == [near]

    def test_only_what_the_office_may_open_is_offered(self, city: City) -> None:
        handling = given(city, title="康巴什路路灯不亮")
        accepted(city, title="康巴什路路灯不亮")
        assert alike_cases(handling.case, seen_by=city.head) == []

    def test_gathered_and_set_apart_again(self, city: City) -> None:
        one, two = accepted(city, title="路灯不亮"), accepted(city, title="路灯损坏")
        proposal = gather_cases(
            cases=[one, two], title="路灯统一改造", reason="两件同类。", actor=city.coordinator, now=at(3, 9)
        )
        assert set(proposal.cases.all()) == {one, two}
        set_apart(case=two, actor=city.coordinator, now=at(3, 10))
        assert set(proposal.cases.all()) == {one}
        assert clean_log()

    def test_two_at_least_by_the_coordinating_office_with_words(self, city: City) -> None:
        one, two = accepted(city), accepted(city)
        for cases, title, reason, actor, words in [
            ([one], "路灯", "同类。", city.coordinator, "至少选两件"),
            ([one, two], "", "同类。", city.coordinator, "建议的标题"),
            ([one, two], "路灯", "", city.coordinator, "为什么归并"),
            ([one, two], "路灯", "同类。", city.head, "统筹协调岗位"),
        ]:
            with pytest.raises(Refusal, match=words):
                gather_cases(cases=cases, title=title, reason=reason, actor=actor, now=at(3, 9))
        assert again(one).proposal is None

    @hypothesis_given(st.text(), st.text())
    def test_likeness_is_even_and_between_nought_and_one(self, one: str, other: str) -> None:
        there, back = likeness(bigrams(one), bigrams(other)), likeness(bigrams(other), bigrams(one))
        assert there == back
        assert 0 <= there <= 1


class TestAsking:
    def asked(self, city: City, month: int, day: int) -> set[tuple[str, str]]:
        on = dt.date(2026, month, day)
        ask_about_cases(cycle=city.cycle, on=on, now=at(month, day), actor=CONSOLE)
        found = Notice.objects.filter(closed_on__isnull=True, about__startswith="cases.")
        return {(each.kind, each.office.unit.code) for each in found}

    def test_who_moves_next_is_asked_and_nobody_after_it_moved_on(self, city: City) -> None:
        case, _code = filed(city)
        assert self.asked(city, 3, 3) == {("due", "1506-LGO")}
        assert self.asked(city, 3, 18) == {("overdue", "1506-LGO")}
        handling = given(city, contact="other@b.cn")
        dispute = raise_dispute(handling=handling, reason="不归我委。", actor=city.head, now=at(3, 9))
        assert dispute.pk
        assert self.asked(city, 3, 18) == {("overdue", "1506-LGO"), ("objection", "1506-LGO")}
        assert case.stage == CaseStage.REGISTERED

    def test_a_review_is_asked_of_somebody_who_did_not_answer(self, city: City) -> None:
        leader(city)
        case = accepted(city)
        reply(city, case, by=city.coordinator)
        ask_review(case=case, wording="没修好。", actor=Applicant(case.pk), now=at(4, 1))
        assert self.asked(city, 4, 2) == {("due", "1506-LG")}

    def test_a_leader_is_proposed_when_it_is_overdue_and_only_then(self, city: City) -> None:
        case = given(city).case
        assert self.asked(city, 5, 3) == set()
        assert self.asked(city, 5, 4) == {("escalation", "1506-LGO")}
        assert again(case).host is None
        set_host(case=case, host=leader(city).office, actor=city.coordinator, now=at(5, 4))  # type: ignore[arg-type]
        assert self.asked(city, 5, 4) == set()

    def test_or_when_the_same_contact_comes_again(self, city: City) -> None:
        terms = terms_of(city.cycle.package)
        first, second, other = accepted(city), accepted(city), accepted(city, contact="other@b.cn")
        found = to_be_taken_over(Case.objects.filter(cycle=city.cycle), terms, dt.date(2026, 3, 6))
        assert set(found) == {second}
        assert {first.host, other.host} == {None}

    def test_nobody_while_the_clock_stands_still(self, city: City) -> None:
        case = given(city).case
        pause_case(case=case, reason="court", note="", actor=city.head, now=at(4, 1))
        assert self.asked(city, 6, 1) == set()

    def test_closing_is_asked_for_once_the_applicants_time_is_over(self, city: City) -> None:
        answered(city)
        assert self.asked(city, 4, 19) == set()
        assert self.asked(city, 4, 20) == {("strike_off", "1506-LGO")}

    def test_the_number_of_queries_does_not_grow(self, city: City, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
        for _each in range(6):
            given(city)
            filed(city)
        with django_assert_max_num_queries(20):
            ask_about_cases(cycle=city.cycle, on=dt.date(2026, 5, 10), now=at(5, 10), actor=CONSOLE)


class TestRetention:
    def test_contact_and_words_go_so_many_days_after_the_end(self, city: City) -> None:
        case = closed(city)
        running = given(city).case
        last = dt.date(2026, 4, 1) + dt.timedelta(days=730)
        now = dt.datetime.combine(last, at(4, 1).timetz())
        assert expire_applicants(cycle=city.cycle, on=last, now=now, actor=CONSOLE) == 0
        later = last + dt.timedelta(days=1)
        assert (
            expire_applicants(cycle=city.cycle, on=later, now=now + dt.timedelta(days=1), actor=CONSOLE) == 1
        )
        row = again(case)
        assert (row.name, row.contact, row.wording, row.stage) == ("", "", "", CaseStage.CLOSED)
        assert not any(each.wording for each in row.answers.all())
        assert str(again(running).name) == "王小明"
        assert expire_applicants(cycle=city.cycle, on=later, now=now, actor=CONSOLE) == 0
        assert clean_log()

    def test_a_withdrawn_one_goes_sooner(self, city: City) -> None:
        case = given(city).case
        withdraw_case(case=case, actor=CONSOLE, now=at(4, 1))
        last = dt.date(2026, 4, 1) + dt.timedelta(days=90)
        found = [
            expire_applicants(cycle=city.cycle, on=last + dt.timedelta(days=n), now=at(7, 2), actor=CONSOLE)
            for n in (0, 1)
        ]
        assert found == [0, 1]
        assert (again(case).wording, again(case).stage) == ("", CaseStage.WITHDRAWN)


class TestTerms:
    @pytest.mark.parametrize(
        ("rule", "privacy", "kept", "withdrawn"),
        [
            ({"closed_days": 730}, {"case": 365, "appointment": 90}, 365, 90),
            ({"closed_days": 60}, {"appointment": 90}, 60, 60),
            ({}, {"case": 100}, 100, 90),
            ({}, {}, 730, 90),
        ],
    )
    def test_of_two_times_to_keep_the_shorter_holds(
        self, city: City, rule: dict[str, int], privacy: dict[str, int], kept: int, withdrawn: int
    ) -> None:
        plain = city.cycle.package.source
        reception = [{**plain["reception"][0], "retention": rule}]
        terms = terms_of(
            build(
                {**plain, "reception": reception, "privacy": {**plain["privacy"], "retention_days": privacy}}
            )
        )
        assert (terms.kept_days, terms.withdrawn_days) == (kept, withdrawn)

    def test_those_of_the_three_threes(self, city: City) -> None:
        assert terms_of(city.cycle.package) == CaseTerms()

    def test_a_mechanism_with_another_block_crashes_nothing(self) -> None:
        terms = terms_of(read_valid_package("river-chief"))
        assert (terms.notify, terms.close) == (Term(7, workdays=True), Term(15, workdays=True))
        assert terms.review == Term(30)
