"""What the copy for the public leaves out, however it was typed, and what no copy carries beside its words."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import docx
import pytest

from conftest import CONSOLE, City
from documents.cast import NOW, circular, issued, made_of, matter, read, reception_day, template_saying, words
from documents.test_templates import GOOD
from guantong.accounts.models import Person
from guantong.accounts.operations import hold_office
from guantong.documents.kinds import PAPERS
from guantong.documents.redaction import without_names
from guantong.documents.templating.filling import filled
from guantong.records.files import content_of

KINDS = sorted(PAPERS)


def clean(text: str, *names: str) -> str:
    return str(without_names({"text": text}, names)["text"])


class TestWaysToReachSomebody:
    @pytest.mark.parametrize(
        "typed",
        [
            "13800138000", "138 0013 8000", "138-0013-8000", "138—0013—8000", "１３８００１３８０００",
            "0477-8581234", "（0477）8581234", "(0477) 8581234", "0477 858 1234", "010-12345678",
            "150102199003071234", "15010219900307123X", "150102 19900307 1234", "150102900307123",
            "6222 0200 1234 5678 901", "wu.yun+1@mail.example.cn", "wu＠example.cn",
        ],
    )  # fmt: skip
    def test_it_is_left_out_however_it_is_written(self, typed: str) -> None:
        said = clean(f"联系人{typed}，请提前预约。")
        assert said == "联系人（略），请提前预约。"

    @pytest.mark.parametrize(
        "typed", ["电话：8581234", "办公电话 858-1234", "微信号：wuyun_2020", "手机为13800138000"]
    )
    def test_a_short_one_is_known_by_the_word_before_it(self, typed: str) -> None:
        assert not re.search(r"\d{4}|wuyun", clean(typed))

    @pytest.mark.parametrize(
        "typed",
        [
            "2026年10月28日",
            "应完成4567项",
            "督〔2026〕15号",
            "诉求2026-00012",
            "9:00—11:30",
            "100000000元",
            "150602001",
        ],
    )
    def test_figures_days_and_numbers_of_documents_stay(self, typed: str) -> None:
        assert clean(typed) == typed


class TestNames:
    @pytest.mark.parametrize("typed", ["张强", "张 强", "张　强"])
    def test_a_name_is_found_however_its_characters_are_set_apart(self, typed: str) -> None:
        assert clean(f"请{typed}负责", "张强") == "请有关同志负责"

    def test_a_name_torn_by_the_end_of_a_paragraph_is_none(self) -> None:
        assert clean("不断提高\n强调落实", "高强") == "不断提高\n强调落实"

    def test_a_title_broken_inside_a_name_hides_it_too_and_is_broken_anew(self) -> None:
        values = without_names({"title": "关于表扬市发展和改革委员会乌云\n格日勒同志的通报"}, ["乌云格日勒"])
        assert "有关同志" in str(values["title"]).replace("\n", "")
        assert "格日勒" not in str(values["title"])

    def test_a_title_of_a_document_names_nobody_where_its_break_falls_into_the_name(
        self, signed: City
    ) -> None:
        person = Person.objects.create_person(sign_in="wuyun", password=None, display_name="乌云格日勒图雅")
        office = signed.office("1506-MU-01", "unit_head")
        hold_office(person=person, office=office, starts_on=dt.date(2026, 1, 1), actor=CONSOLE, now=NOW)
        item = circular(signed)
        for before in range(6, 14):
            item.title = "关" * before + "乌云格日勒图雅同志先进事迹的通报"
            item.save()
            document = issued("circular", item, copy="public")
            said = words(read(document)).replace("\n", "")
            assert "有关同志先进事迹" in said
            assert not re.search("乌云|格日勒|图雅", said + document.title)


class TestBesideTheWords:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_document_tells_nothing_of_who_made_its_template_and_when(
        self, kind: str, signed: City
    ) -> None:
        with zipfile.ZipFile(io.BytesIO(content_of(issued(kind, made_of(kind, signed)).file))) as archive:
            names = archive.namelist()
            core, app = archive.read("docProps/core.xml").decode(), archive.read("docProps/app.xml").decode()
        for told in ("creator", "lastModifiedBy", "python-docx", "created", "modified", "description"):
            assert told not in core
        assert "zh-CN" in core
        assert "Company" not in app
        assert not [
            each for each in names if re.search(r"thumbnail|customXml|comments|custom\.xml|people", each)
        ]

    def test_the_title_of_the_file_is_that_of_the_paper_on_one_line(self, signed: City) -> None:
        page = read(issued("supervision_letter", matter(signed)))
        assert page.core_properties.title == "关于督办“清理拖欠企业账款”的通知"

    def test_the_public_copy_has_no_name_in_any_part_of_the_file(self, signed: City) -> None:
        person = Person.objects.create_person(sign_in="wuyun", password=None, display_name="乌云格日勒")
        office = signed.office("1506-MU-01", "unit_head")
        hold_office(person=person, office=office, starts_on=dt.date(2026, 1, 1), actor=CONSOLE, now=NOW)
        day = reception_day(signed, place="一楼，乌云格日勒，13800138000")
        with zipfile.ZipFile(
            io.BytesIO(content_of(issued("reception_notice", day, copy="public").file))
        ) as archive:
            parts = [archive.read(each).decode("utf-8", "replace") for each in archive.namelist()]
        assert not [each for each in parts if "乌云格日勒" in each or "13800138000" in each]

    def test_what_an_old_template_hides_is_taken_out_when_it_is_filled_in(self) -> None:
        """Kept before such templates were refused."""
        page = docx.Document(io.BytesIO(template_saying(*GOOD)))
        page.core_properties.author, page.core_properties.last_modified_by = "王某", "李某"
        run = page.add_paragraph().add_run("藏着的话")
        run.font.hidden = True
        page.add_comment(page.paragraphs[0].runs, text="内部意见", author="王某", initials="W")
        out = io.BytesIO()
        page.save(out)
        made = filled(
            out.getvalue(),
            PAPERS["circular"].fields,
            {"title": "标题", "paragraphs": [{"text": "正文"}]},
            trusted=False,
        )
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            parts = [archive.read(each).decode("utf-8", "replace") for each in archive.namelist()]
        assert not [each for each in parts if re.search("藏着的话|内部意见|王某|李某|commentReference", each)]
        assert "标题" in words(docx.Document(io.BytesIO(made)))
