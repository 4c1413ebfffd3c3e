"""The ledger fills itself; the duty report is drafted from it, each sentence with its sources."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import State
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.operations import claim_fulfilment, review_claim
from guantong.records.models import Record
from guantong.records.operations import enter_record
from guantong.reporting.duty_reports import operations
from guantong.reporting.duty_reports.facts import Facts, records_of
from guantong.reporting.models import DutyReport

DAY = dt.date(2026, 12, 1)
NOW = at(12, 1)


def study(city: City, acting: Acting, day: dt.date, summary: str) -> Record:
    assert acting.office is not None
    return enter_record(
        kind="study", happened_on=day, summary=summary, entered_by=acting.office, actor=acting,
        now=at(day.month, day.day), today=day,
    )  # fmt: skip


@pytest.fixture
def leader(signed: City) -> Acting:
    return signed.acting("1506-LG", "leader", 2)


@pytest.fixture
def head(signed: City) -> Acting:
    return signed.acting("150602", "first_responsible")


def owed(acting: Acting, duty: str) -> Obligation:
    return Obligation.objects.filter(office=acting.office, rule=duty).order_by("due_on")[0]


def fulfilled(city: City, acting: Acting) -> Record:
    """One study session attended, claimed and accepted."""
    record = study(city, acting, dt.date(2026, 3, 5), "参加专题学习，研讨年度工作。")
    claim = claim_fulfilment(
        obligation=owed(acting, "D01"), record=record, claimed_by=acting.office, actor=acting, now=at(3, 6)
    )  # type: ignore[arg-type]
    review_claim(claim=claim, verdict="accepted", reason="", actor=city.coordinator, now=at(3, 9))
    return record


def draft(city: City, acting: Acting, as_of: dt.date = DAY) -> DutyReport:
    assert acting.office is not None
    return operations.draft_report(office=acting.office, cycle=city.cycle, as_of=as_of, actor=acting, now=NOW)


def text_of(report: DutyReport, key: str) -> str:
    return str(report.sentences.get(key=key).text)


class TestLedger:
    def test_what_the_office_took_part_in_this_year_stands_in_it(self, signed: City, leader: Acting) -> None:
        assert leader.office is not None
        own = study(signed, leader, dt.date(2026, 3, 5), "学习")
        others = signed.acting("1506-LG", "leader", 1)
        joint = enter_record(
            kind="meeting", happened_on=dt.date(2026, 4, 1), summary="座谈", entered_by=others.office,  # type: ignore[arg-type]
            participants=[leader.office], actor=others, now=at(4, 1), today=dt.date(2026, 4, 1),
        )  # fmt: skip
        study(signed, others, dt.date(2026, 3, 5), "别人的学习")
        enter_record(
            kind="study", happened_on=dt.date(2025, 12, 30), summary="去年的", entered_by=leader.office, actor=leader,
            now=at(3, 1), today=dt.date(2026, 3, 1),
        )  # fmt: skip
        assert set(records_of(leader.office, signed.cycle, as_of=DAY)) == {own, joint}

    def test_the_page_lists_it_and_a_district_does_not_see_it(
        self, signed: City, leader: Acting, head: Acting, as_: SignIn
    ) -> None:
        study(signed, leader, dt.date(2026, 3, 5), "参加专题学习")
        address = reverse("ledger", args=[leader.office_ref])
        assert "参加专题学习" in as_(leader).get(address).content.decode()
        assert "参加专题学习" in as_(signed.coordinator).get(address).content.decode()
        assert as_(head).get(address).status_code == 404

    def test_a_list_of_ledgers_costs_the_same_for_few_and_many(
        self, signed: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = as_(signed.coordinator)
        client.get(reverse("ledgers"))
        with django_assert_max_num_queries(14):
            page = client.get(reverse("ledgers"))
        assert page.status_code == 200
        assert page.content.decode().count('scope="row"') > 8


class TestDraft:
    def test_every_sentence_names_the_rows_it_was_written_from(self, signed: City, leader: Acting) -> None:
        record = fulfilled(signed, leader)
        report = draft(signed, leader)
        sentence = report.sentences.get(key="duty-D01")
        assert "应完成1项，已完成1项" in sentence.text
        assert "3月5日，参加专题学习" in sentence.text
        assert sentence.sources == {"obligation": [owed(leader, "D01").pk], "record": [record.pk]}

    def test_what_is_missing_is_said_and_counted(self, signed: City, leader: Acting) -> None:
        fulfilled(signed, leader)
        report = draft(signed, leader)
        left = set(
            Obligation.objects.filter(office=leader.office, due_on__lte=DAY, state=State.OPEN).values_list(
                "pk", flat=True
            )
        )
        sentence = report.sentences.get(key="missing")
        assert left
        assert set(sentence.sources["obligation"]) == left
        assert f"到期未完成{len(left)}项" in sentence.text

    def test_a_returned_claim_proves_nothing(self, signed: City, leader: Acting) -> None:
        record = study(signed, leader, dt.date(2026, 3, 5), "学习")
        claim = claim_fulfilment(
            obligation=owed(leader, "D01"),
            record=record,
            claimed_by=leader.office,
            actor=leader,
            now=at(3, 6),
        )  # type: ignore[arg-type]
        review_claim(claim=claim, verdict="returned", reason="缺材料", actor=signed.coordinator, now=at(3, 9))
        report = draft(signed, leader)
        assert report.sentences.get(key="duty-D01").sources["record"] == []
        assert record.pk in report.sentences.get(key="beyond-study").sources["record"]

    def test_excused_and_not_yet_due_are_not_asked_about(self, signed: City, leader: Acting) -> None:
        assert leader.office is not None
        Obligation.objects.filter(pk=owed(leader, "D01").pk).update(state=State.EXCUSED)
        facts = Facts.of(leader.office, signed.cycle, as_of=dt.date(2026, 6, 30))
        assert owed(leader, "D01") not in facts.due
        assert {each.due_on <= dt.date(2026, 6, 30) for each in facts.due if each.due_on} == {True}

    def test_facts_cost_the_same_whatever_was_done(
        self, signed: City, leader: Acting, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        assert leader.office is not None
        for day in range(1, 20):
            study(signed, leader, dt.date(2026, 3, day), "学习")
        with django_assert_max_num_queries(8):
            Facts.of(leader.office, signed.cycle, as_of=DAY)

    def test_what_was_decided_in_the_chair_is_counted_with_what_was_given_out(self, signed: City) -> None:
        from guantong.leadership.operations import minutes
        from guantong.leadership.operations.decided import make_task
        from leadership.meeting_cast import district, held, office_of
        from leadership.meeting_cast import leader as one_leader

        chair = one_leader(signed)
        meeting = held(signed, district(signed), chair=office_of(chair))
        lines = [
            minutes.add_line(
                meeting=meeting, kind="decision", wording=each, actor=signed.coordinator, now=at(3, 11)
            )
            for each in ("第一项", "第二项")
        ]
        make_task(
            line=lines[0], lead=signed.units["1506-MU-01"], due_on=dt.date(2026, 5, 31), actor=signed.coordinator,
            now=at(3, 11),
        )  # fmt: skip
        report = draft(signed, chair)
        assert text_of(report, "decided") == "主持会议议定事项2项，其中1项已列入任务。"
        assert report.sentences.get(key="decided").sources == {"meeting": [meeting.pk]}

    def test_it_fits_the_paper_by_leaving_out_details(self, signed: City, leader: Acting) -> None:
        from guantong.reporting.duty_reports.drafting import drafted

        assert leader.office is not None
        fulfilled(signed, leader)
        facts = Facts.of(leader.office, signed.cycle, as_of=DAY)
        long = drafted(facts, prefill=("duties",), most=3000)
        size = sum(len(each.full) for each in long)
        short = drafted(facts, prefill=("duties",), most=size - 1)
        assert [each.key for each in short] == [each.key for each in long]
        assert sum(len(each.full) for each in short) < size
        assert any("3月5日" in each.full for each in long)
        assert not any("3月5日" in each.full for each in short)

    def test_only_the_own_unit_drafts_and_only_once(self, signed: City, leader: Acting) -> None:
        with pytest.raises(Refusal, match="由本岗位或本单位起草"):
            operations.draft_report(
                office=leader.office, cycle=signed.cycle, as_of=DAY, actor=signed.coordinator, now=NOW
            )  # type: ignore[arg-type]
        draft(signed, leader)
        with pytest.raises(Refusal, match="已经有草稿"):
            draft(signed, leader)

    def test_not_for_a_day_that_has_not_come(self, signed: City, leader: Acting) -> None:
        with pytest.raises(Refusal, match="不能晚于今天"):
            draft(signed, leader, as_of=dt.date(2026, 12, 2))
        assert not DutyReport.objects.exists()


class TestMend:
    def test_words_of_ones_own_stay_when_redrafted_and_are_marked(self, signed: City, leader: Acting) -> None:
        report = draft(signed, leader)
        operations.edit_sentences(
            report=report,
            texts={"duty-D01": "参加了学习。"},
            own={"own": "明年继续努力。"},
            actor=leader,
            now=NOW,
        )
        fulfilled(signed, leader)
        operations.redraft_report(report=report, as_of=DAY, actor=leader, now=NOW)
        sentence = report.sentences.get(key="duty-D01")
        assert (sentence.text, sentence.edited, sentence.is_overtaken) == ("参加了学习。", True, True)
        assert "已完成1项" in sentence.drafted
        assert text_of(report, "own-1") == "明年继续努力。"
        assert "已完成1项" in text_of(report, "overall")

    def test_a_sentence_left_out_is_not_brought_back(self, signed: City, leader: Acting) -> None:
        report = draft(signed, leader)
        operations.edit_sentences(report=report, texts={"duty-D04": ""}, actor=leader, now=NOW)
        operations.redraft_report(report=report, as_of=DAY, actor=leader, now=NOW)
        assert text_of(report, "duty-D04") == ""

    def test_setting_the_drafted_words_again_is_no_edit(self, signed: City, leader: Acting) -> None:
        report = draft(signed, leader)
        before = text_of(report, "duty-D01")
        operations.edit_sentences(report=report, texts={"duty-D01": "我的话"}, actor=leader, now=NOW)
        operations.edit_sentences(report=report, texts={"duty-D01": before}, actor=leader, now=NOW)
        assert not report.sentences.get(key="duty-D01").edited

    def test_a_key_that_is_gone_is_refused_and_nothing_is_written(self, signed: City, leader: Acting) -> None:
        report = draft(signed, leader)
        with pytest.raises(Refusal, match="请刷新"):
            operations.edit_sentences(
                report=report, texts={"duty-D01": "改", "duty-X": "改"}, actor=leader, now=NOW
            )
        assert not report.sentences.filter(edited=True).exists()


class TestSubmit:
    def test_one_record_claims_the_duty_to_report(self, signed: City, head: Acting) -> None:
        report = operations.submit_report(report=draft(signed, head), actor=head, now=NOW)
        claim = Claim.objects.get(record=report.record)
        assert (claim.obligation.rule, claim.obligation.office_id) == ("D10", head.office_ref)
        assert claim.obligation.state == State.CLAIMED
        with pytest.raises(Refusal, match="已经提交"):
            operations.edit_sentences(report=report, texts={"overall": "改"}, actor=head, now=NOW)
        with pytest.raises(Refusal, match="已经提交"):
            operations.submit_report(report=report, actor=head, now=NOW)

    def test_too_long_is_refused(self, signed: City, head: Acting) -> None:
        report = draft(signed, head)
        for number in range(4):
            operations.edit_sentences(
                report=report, texts={}, own={"own": f"{number}" + "多" * 990}, actor=head, now=NOW
            )
        with pytest.raises(Refusal, match="最多 3000 字"):
            operations.submit_report(report=report, actor=head, now=NOW)
        assert not Record.objects.filter(kind="duty_report").exists()

    def test_taken_back_only_after_it_was_returned(self, signed: City, head: Acting) -> None:
        report = operations.submit_report(report=draft(signed, head), actor=head, now=NOW)
        with pytest.raises(Refusal, match="审核退回"):
            operations.take_back_report(report=report, actor=head, now=NOW)
        claim = Claim.objects.get(record=report.record)
        review_claim(claim=claim, verdict="returned", reason="缺不足", actor=signed.coordinator, now=NOW)
        report = operations.take_back_report(report=report, actor=head, now=NOW)
        operations.edit_sentences(report=report, texts={"overall": "改过。"}, actor=head, now=NOW)
        again = operations.submit_report(report=report, actor=head, now=NOW)
        assert Claim.objects.filter(record=again.record).count() == 1

    def test_the_log_holds_every_step_and_is_sound(self, signed: City, head: Acting) -> None:
        report = draft(signed, head)
        operations.edit_sentences(report=report, texts={"overall": "改过。"}, actor=head, now=NOW)
        operations.redraft_report(report=report, as_of=DAY, actor=head, now=NOW)
        operations.submit_report(report=report, actor=head, now=NOW)
        verbs = (
            AuditEntry.objects.filter(verb__startswith="reporting.")
            .order_by("pk")
            .values_list("verb", flat=True)
        )
        assert [each.removeprefix("reporting.duty_report_") for each in verbs] == [
            "drafted", "edited", "redrafted", "submitted",
        ]  # fmt: skip
        assert verify_log().clean


class TestPages:
    def test_draft_read_mend_and_submit(self, signed: City, head: Acting, as_: SignIn) -> None:
        client = as_(head)
        answer = client.post(reverse("new-duty-report", args=[head.office_ref]), {"as_of": "2026-11-01"})
        report = DutyReport.objects.get()
        assert answer.headers["Location"] == reverse("duty-report", args=[report.pk])
        page = client.get(answer.headers["Location"]).content.decode()
        assert "总体情况" in page
        assert "存在的不足" in page
        sentence = report.sentences.get(key="overall")
        assert reverse("duty-report-sources", args=[report.pk, sentence.pk]) in page
        client.post(reverse("duty-report-text", args=[report.pk]), {"overall": "我自己写的总体情况。"})
        assert "我自己写的总体情况。" in client.get(reverse("duty-report", args=[report.pk])).content.decode()
        client.post(reverse("duty-report-submission", args=[report.pk]))
        report.refresh_from_db()
        assert report.submitted_at is not None

    def test_a_draft_is_read_by_the_own_unit_alone_and_a_submitted_one_from_above(
        self, signed: City, head: Acting, as_: SignIn
    ) -> None:
        report = draft(signed, head)
        address = reverse("duty-report", args=[report.pk])
        assert as_(signed.coordinator).get(address).status_code == 404
        operations.submit_report(report=report, actor=head, now=NOW)
        assert as_(signed.coordinator).get(address).status_code == 200
        assert as_(signed.acting("150622", "first_responsible")).get(address).status_code == 404

    def test_sources_list_what_the_reader_may_see(self, signed: City, leader: Acting, as_: SignIn) -> None:
        record = fulfilled(signed, leader)
        report = draft(signed, leader)
        sentence = report.sentences.get(key="duty-D01")
        page = as_(leader).get(reverse("duty-report-sources", args=[report.pk, sentence.pk])).content.decode()
        assert reverse("record", args=[record.pk]) in page

    def test_a_wrong_verb_is_refused(self, signed: City, head: Acting, as_: SignIn) -> None:
        report = draft(signed, head)
        assert as_(head).get(reverse("duty-report-submission", args=[report.pk])).status_code == 405
