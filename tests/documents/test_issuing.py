"""A document is made from its object, kept under its digest, with every number bound to where it comes from."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.urls import resolve, reverse

from conftest import CONSOLE, City, at
from documents.cast import (
    NOW,
    circular,
    duty_report,
    issued,
    made_of,
    matter,
    minuted,
    read,
    reception_day,
    score,
    styled,
    words,
)
from guantong.accounts.models import Person
from guantong.accounts.operations import hold_office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Document
from guantong.documents.operations import content_for, issue_document
from guantong.documents.queries import documents_visible_to
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.records.files import path_of

KINDS = sorted(PAPERS)
# days, times, ordinals, years and numbers of documents: nothing was counted for them
NO_FIGURE = re.compile(
    r"\d{4}年度?(?:\d+月)?(?:\d+日)?|\d+月(?:\d+日)?|\d+日|\d+:\d\d|〔\d+〕\s*\d*号|第\d+[位档次]|^\d+$", re.M
)
PUBLIC = {"circular", "duty_book", "reception_notice", "result_notice"}


class TestIssuing:
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_is_issued_kept_and_logged_with_its_digest(self, kind: str, signed: City) -> None:
        document = issued(kind, made_of(kind, signed))
        assert path_of(document.file.digest).exists()
        entry = AuditEntry.objects.get(verb="documents.issued")
        said = json.loads(entry.payload)
        assert said["digest"] == document.file.digest
        assert (said["kind"], said["object"], said["copy"]) == (kind, document.object_ref, "internal")
        assert [each for each in verify_log().faults if "documents" in each.where] == []
        assert "{{" not in words(read(document))
        assert "{%" not in words(read(document))

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_number_opens_on_a_page_that_there_is(self, kind: str, signed: City) -> None:
        document = issued(kind, made_of(kind, signed))
        numbers = list(document.numbers.all())
        assert numbers
        for each in numbers:
            assert resolve(reverse(each.page, args=each.args)).view_name == each.page

    @pytest.mark.parametrize(
        "kind", ["circular", "duty_report", "minutes", "score_sheet", "reception_notice"]
    )
    def test_every_number_stands_on_the_paper(self, kind: str, signed: City) -> None:
        document = issued(kind, made_of(kind, signed))
        said = words(read(document)).replace("\n", "")
        for each in document.numbers.all():
            assert each.value in said or each.value.replace("分", "") in said, each.label

    @pytest.mark.parametrize("kind", KINDS)
    def test_no_figure_on_the_paper_is_without_its_source(self, kind: str, signed: City) -> None:
        item = made_of(kind, signed)
        if kind == "supervision_letter":
            item.detail = "逐户核对12户、36.5万元，每月报送1次，完成率不低于90%。"
            item.save()
        document = issued(kind, item)
        said = "\n".join(
            text
            for text in content_for(PAPERS[kind], item, "internal").texts()
            if not NO_FIGURE.fullmatch(text)
        )
        said = NO_FIGURE.sub("", said)
        told = " ".join(document.numbers.values_list("value", flat=True))
        missing = [
            each
            for each in re.findall(r"\d+(?:\.\d+)?", said)
            if each not in re.findall(r"\d+(?:\.\d+)?", told)
        ]
        assert missing == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_same_words_a_second_time_are_the_same_document(self, kind: str, signed: City) -> None:
        item = made_of(kind, signed)
        first = issued(kind, item)
        assert issued(kind, item, now=at(7, 9)) == first
        assert Document.objects.count() == 1
        assert AuditEntry.objects.filter(verb="documents.issued").count() == 1

    def test_two_at_the_same_moment_make_one_document(self, signed: City) -> None:
        """The second is through with filling in when the first one is kept."""
        paper, item = PAPERS["supervision_letter"], matter(signed)

        class Meanwhile(dict[str, Any]):
            first: Document | None = None

            def get(self, key: str, default: Any = None) -> Any:
                if self.first is None:
                    self.first = issued("supervision_letter", item)
                return super().get(key, default)

        values = Meanwhile(paper.content(item).values)
        slow = replace(paper, content=lambda item: replace(paper.content(item), values=values))
        second = issue_document(paper=slow, item=item, copy="internal", actor=CONSOLE, now=at(7, 2))
        assert second == values.first
        assert Document.objects.count() == 1
        assert AuditEntry.objects.filter(verb="documents.issued").count() == 1

    def test_changed_words_are_another_document_and_the_first_stays(self, signed: City) -> None:
        item = matter(signed)
        first = issued("supervision_letter", item)
        item.detail = "另有要求。"
        item.save()
        second = issued("supervision_letter", item)
        assert first.pk != second.pk
        assert "另有要求" not in words(read(first))
        assert "另有要求" in words(read(second))

    def test_a_number_changed_behind_the_log_is_found(self, signed: City) -> None:
        document = issued("circular", circular(signed))
        assert verify_log().faults == []
        from django.db import connection

        number = document.numbers.first()
        assert number is not None
        with connection.cursor() as cursor:
            cursor.execute("UPDATE documents_documentnumber SET value = '99' WHERE id = %s", [number.pk])
        assert verify_log().faults != []

    def test_papers_are_in_chinese_whatever_the_reader_reads(self, signed: City) -> None:
        from django.utils import translation

        with translation.override("en"):
            document = issued("supervision_letter", matter(signed))
        assert "牵头" in words(read(document))
        assert "lead" not in words(read(document))


class TestWhatAPaperSays:
    def test_a_circular_says_its_sentences_with_the_figures_in_place(self, signed: City) -> None:
        item = circular(signed)
        document = issued("circular", item)
        due = item.figures.get(key="due")
        number = document.numbers.get(key="due")
        assert (number.value, number.page, number.args) == (due.value, "circular-figure", [item.pk, "due"])
        assert f"应完成事项{due.value}项" in words(read(document))
        assert set(document.numbers.values_list("key", flat=True)) <= set(
            item.figures.values_list("key", flat=True)
        )

    def test_a_draft_says_that_it_is_one(self, signed: City) -> None:
        document = issued("circular", circular(signed, issued=False))
        assert styled(read(document), "发文字号")[0].text == "（送审稿）"

    def test_a_duty_report_says_that_it_is_a_draft_until_it_is_submitted(self, signed: City) -> None:
        item = duty_report(signed)
        assert styled(read(issued("duty_report", item)), "标题下注")[0].text == f"{item.office.title}（草稿）"
        item.submitted_at = NOW
        assert styled(read(issued("duty_report", item)), "标题下注")[0].text == item.office.title

    def test_a_score_sheet_says_that_its_result_is_not_public_yet(self, signed: City) -> None:
        sheet = read(issued("score_sheet", score(signed, published=False)))
        assert "尚未公布" in styled(sheet, "标题下注")[0].text
        assert "尚未公布" not in words(read(issued("score_sheet", score(signed))))

    def test_a_result_is_told_by_the_office_that_coordinates_and_not_by_the_city(self, signed: City) -> None:
        page = read(issued("result_notice", score(signed)))
        office = signed.units["1506-LGO"].name
        assert styled(page, "发文机关标志")[0].text == f"{office}文件"
        assert styled(page, "发文机关署名")[0].text == office
        assert styled(page, "发文字号")[0].text == "〔2026〕　号"  # to be written in: the system gives none

    def test_a_letter_names_every_unit_its_part_and_its_day(self, signed: City) -> None:
        [table] = [
            each
            for each in read(issued("supervision_letter", matter(signed))).tables
            if len(each.columns) == 5
        ]
        rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
        assert [row[1:3] for row in rows] == [["市发展和改革委员会", "牵头"], ["东胜区", "配合"]]
        assert {row[4] for row in rows} == {"2026年12月1日"}

    def test_a_matter_with_quotation_marks_stands_within_marks(self, signed: City) -> None:
        item = matter(signed)
        item.title = "办理“减少重复检查”提案"
        said = words(read(issued("supervision_letter", item)))
        assert "“办理‘减少重复检查’提案”已立项督办" in said
        assert "““" not in said.replace("\n", "")
        assert "”提案”" not in said

    def test_a_duty_report_has_its_headings_numbered_in_chinese(self, signed: City) -> None:
        page = read(issued("duty_report", duty_report(signed)))
        assert [each.text[:2] for each in styled(page, "一级标题")][:2] == ["一、", "二、"]

    def test_minutes_give_numbers_and_tasks_and_name_offices_only(self, signed: City) -> None:
        said = words(read(issued("minutes", minuted(signed))))
        assert "会议应到2人，实到2人。" in said
        assert "1. 逐户核对欠款台账。（牵头单位：市发展和改革委员会；完成时限：2026年4月5日）" in said

    def test_a_notice_lists_the_published_days_of_the_month_and_marks_a_cancelled_one(
        self, signed: City
    ) -> None:
        first = reception_day(signed)
        reception_day(signed, 2, 22, cancelled_at=NOW, reason="出差")
        reception_day(signed, 3, 29, published_at=None)
        page = read(issued("reception_notice", first))
        [table] = page.tables
        assert len(table.rows) == 3
        assert "已取消（出差）" in table.rows[2].cells[4].text
        assert "本月共安排1次，提供名额7个" in words(page)

    def test_a_score_sheet_has_every_line_with_its_formula(self, signed: City) -> None:
        item = score(signed)
        [table] = read(issued("score_sheet", item)).tables
        assert len(table.rows) == 1 + item.lines.count()

    def test_a_duty_book_says_who_signed_for_which_office_on_which_day(self, signed: City) -> None:
        said = words(read(issued("duty_book", signed.list_of("1506-MU-01"))))
        assert "2026年2月2日" in said


class TestWhenThereIsNone:
    def test_a_matter_without_a_number_has_no_letter(self, signed: City) -> None:
        item = matter(signed)
        item.number = None
        with pytest.raises(Refusal, match="立项编号以后"):
            issued("supervision_letter", item)

    def test_an_unpublished_result_has_no_notice(self, signed: City) -> None:
        with pytest.raises(Refusal, match="公布以后"):
            issued("result_notice", score(signed, published=False))

    def test_a_reception_day_not_yet_public_has_no_notice(self, signed: City) -> None:
        with pytest.raises(Refusal, match="公布以后"):
            issued("reception_notice", reception_day(signed, published_at=None))

    def test_there_are_two_copies_and_no_third(self, signed: City) -> None:
        with pytest.raises(Refusal, match="没有这样的一份"):
            issued("circular", circular(signed), copy="secret")


class TestPublicCopy:
    @pytest.mark.parametrize("kind", KINDS)
    def test_only_some_kinds_have_one(self, kind: str, signed: City) -> None:
        item = made_of(kind, signed)
        if kind in PUBLIC:
            assert issued(kind, item, copy="public").copy == "public"
        else:
            with pytest.raises(Refusal, match="不出公开用"):
                issued(kind, item, copy="public")

    def test_a_draft_circular_and_an_unsigned_list_have_none(self, signed: City) -> None:
        with pytest.raises(Refusal, match="印发以后"):
            issued("circular", circular(signed, issued=False), copy="public")
        unsigned = signed.list_of("1506-MU-01")
        unsigned.state = "issued"
        with pytest.raises(Refusal, match="签收以后"):
            issued("duty_book", unsigned, copy="public")

    @pytest.fixture
    def somebody(self, signed: City) -> Person:
        person = Person.objects.create_person(sign_in="wuyun", password=None, display_name="乌云格日勒")
        hold_office(
            person=person, office=signed.office("1506-MU-01", "unit_head"), starts_on=dt.date(2026, 1, 1),
            actor=CONSOLE, now=NOW,
        )  # fmt: skip
        return person

    def test_names_and_ways_to_reach_somebody_are_taken_out_of_free_words(
        self, signed: City, somebody: Person
    ) -> None:
        day = reception_day(
            signed,
            place="一楼，联系人乌云格日勒，13800138000、0477-8581234、wu@example.cn",
            portfolio="编号2026-00012",
        )
        inside, outside = (
            words(read(issued("reception_notice", day, copy=copy))) for copy in ("internal", "public")
        )
        assert "乌云格日勒，13800138000" in inside
        for told in ("乌云格日勒", "13800138000", "8581234", "example"):
            assert told not in outside
        assert "联系人有关同志，（略）、（略）、（略）" in outside
        assert "2026-00012" in outside

    def test_a_kind_whose_package_says_never_names_nobody_in_either_copy(
        self, signed: City, somebody: Person
    ) -> None:
        item = circular(signed)
        item.paragraphs = [*item.paragraphs, {"name": "x", "text": "请乌云格日勒负责。", "edited": True}]
        item.save()
        for copy in ("internal", "public"):
            said = words(read(issued("circular", item, copy=copy)))
            assert "请有关同志负责。" in said
            assert "乌云格日勒" not in said

    def test_a_person_called_like_an_office_hides_no_office(self, signed: City) -> None:
        title = signed.office("1506-LG", "leader", 1).title
        signed.acting("1506-LG", "leader", 1)  # called like the office
        assert title in words(read(issued("reception_notice", reception_day(signed), copy="public")))


class TestWhoSeesIt:
    def test_whoever_sees_the_object_sees_its_documents_and_nobody_else(self, signed: City) -> None:
        made = {kind: issued(kind, made_of(kind, signed)) for kind in KINDS if kind != "result_notice"}
        made["result_notice"] = issued("result_notice", score(signed, "1506-MU-02"))
        seen = {
            "head": set(documents_visible_to(signed.head).values_list("kind", flat=True)),
            "district_b": set(
                documents_visible_to(signed.acting("150622", "first_responsible")).values_list(
                    "kind", flat=True
                )
            ),
            "admin": set(
                documents_visible_to(signed.acting("1506-LGO", "audit_admin")).values_list("kind", flat=True)
            ),
            "coordinator": set(documents_visible_to(signed.coordinator).values_list("kind", flat=True)),
        }
        assert seen == {
            # a circular of the city is for every unit below; the letter went to MU-01 and district A
            "head": {"circular", "supervision_letter", "duty_book", "score_sheet"},
            "district_b": {"circular"},
            "admin": set(),
            "coordinator": set(KINDS) - {"duty_report"},  # a draft report is read in its own unit alone
        }

    def test_a_document_goes_out_of_sight_with_its_object(self, signed: City) -> None:
        document = issued("duty_book", signed.list_of("1506-MU-01"))
        assert document in documents_visible_to(signed.head)
        office = signed.head.office
        assert office is not None
        office.scope = Unit.objects.get(code="1506-MU-02")
        office.save()
        assert document not in documents_visible_to(signed.acting("1506-MU-01", "unit_head"))
