"""No import brings in a column about private life, no form asks for one, no package either."""

from __future__ import annotations

import importlib
import io
import pkgutil
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

import guantong
from conftest import CONSOLE, City, SignIn, at
from guantong.audit.models import AuditEntry
from guantong.importing.forbidden import forbidden_word
from guantong.importing.tasks.commands import import_tasks
from guantong.importing.tasks.operations import read_task_workbook
from guantong.importing.units.operations import import_units_file
from guantong.importing.workbook.task_sheets import read_tasks
from guantong.kernel.commands import Report
from guantong.kernel.privacy import NEVER_COLUMNS, NEVER_FIELDS, never_asked
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.tasks.models import Task, TaskList
from mechanisms.seeding import seeded

HEAD = ["序号", "重点任务", "责任单位", "完成时限"]
ROW = ["1", "推进民族团结进步创建，走访困难家庭", "市教育体育局", "2026年6月底前"]
DATA = Path(__file__).parent / "data"


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]], Sequence[str]]) -> bytes:
    """Sheets as (title, rows, merged ranges)."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows, merged in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for each in merged:
            sheet.merge_cells(each)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(*head: str) -> bytes:
    return workbook(("任务表", [[*HEAD, *head], [*ROW, *("x" for _each in head)]], ()))


def sentences(content: bytes, name: str = "a.xlsx") -> list[str]:
    with pytest.raises(Refusal) as refused:
        read_tasks(content, name=name, base_year=2026)
    return refused.value.reasons


class TestTaskWorkbook:
    @pytest.mark.parametrize("word", NEVER_COLUMNS)
    def test_every_forbidden_word_stops_the_workbook(self, word: str) -> None:
        (sentence,) = sentences(plain(word))
        assert sentence == (
            f"工作表“任务表”里的“{word}”列涉及个人的“{word}”，这类信息不得收集，没有导入任何内容。请删去这一列再导入。"
        )

    @pytest.mark.parametrize(
        "head",
        ["民 族", "民\n族", "责任人民族", "政治面貌（必填）", "家庭住址", "出生年月", "出生时间", "身份证号码",
         "家庭成员工作单位", "配偶工作单位", "ＧＰＳ", "民\u200b族", "Ethnicity", "Date of birth", "birthDate",
         "id card", "ID_Number", "Political Party"],
    )  # fmt: skip
    def test_however_it_is_written(self, head: str) -> None:
        assert "请删去这一列再导入" in sentences(plain(head))[0]

    @pytest.mark.parametrize(
        "head",
        ["民族团结工作", "民族工作任务", "宗教事务责任单位", "民族宗教局", "功能定位", "家庭教育工作",
         "Responsible party", "third parties", "健康城市建设", "完成时限", "备注", "surface", "trackable"],
    )  # fmt: skip
    def test_work_that_has_such_a_word_in_its_name_is_work(self, head: str) -> None:
        assert forbidden_word(head) == ""
        assert len(read_tasks(plain(head), name="a.xlsx", base_year=2026).tasks) == 1

    def test_what_a_task_speaks_of_is_free(self) -> None:
        rows = [["2026年民族工作与家庭建设任务表"], HEAD, ROW, ["2", "少数民族、宗教、家庭、健康状况", "市教育体育局", "年底前"]]  # fmt: skip
        book = read_tasks(workbook(("民族宗教", rows, ())), name="民族.xlsx", base_year=2026)
        assert [task.title for task in book.tasks] == [ROW[1], "少数民族、宗教、家庭、健康状况"]

    def test_the_workbooks_of_practice_are_read_as_before(self) -> None:
        for path in sorted(DATA.glob("tasks_dev_*.xlsx")):
            assert read_tasks(path, name=path.name, base_year=2026).tasks

    def test_each_column_and_each_sheet_is_named_once(self) -> None:
        content = workbook(
            ("甲", [[*HEAD, "民族", "民族"], [*ROW, "a", "b"]], ()),
            ("乙", [HEAD, ROW], ()),
            ("丙", [[*HEAD, "宗教信仰", "籍贯"], [*ROW, "a", "b"]], ()),
        )
        said = sentences(content)
        assert [(each[3:6], each.split("“")[2].split("”")[0]) for each in said] == [
            ("“甲”", "民族"), ("“丙”", "宗教信仰"), ("“丙”", "籍贯"),
        ]  # fmt: skip

    def test_a_hidden_sheet_and_a_later_head_count_too(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(workbook(("任务", [HEAD, ROW], ()), ("附", [[*HEAD, "民族"], [*ROW, "a"]], ()))))  # fmt: skip
        book["附"].sheet_state = "hidden"
        out = io.BytesIO()
        book.save(out)
        assert "“附”" in sentences(out.getvalue())[0]
        again = workbook(("任务", [HEAD, ROW, [*HEAD, "政治面貌"], [*ROW, "a"]], ()))
        assert "“政治面貌”列" in sentences(again)[0]

    def test_a_head_of_two_rows_is_read_whole(self) -> None:
        upper = [*HEAD, "责任人情况", None]
        under_span = workbook(("任务", [upper, [None, None, None, None, "姓名", "民族"], [*ROW, "a", "b"]],
                               ("E1:F1", "A1:A2", "B1:B2", "C1:C2", "D1:D2")))  # fmt: skip
        assert "“民族”列" in sentences(under_span)[0]
        no_tall_cells = workbook(("任务", [upper, [None, None, None, None, "姓名", "民族"], [*ROW, "a", "b"]], ("E1:F1",)))  # fmt: skip
        assert "“民族”列" in sentences(no_tall_cells)[0]
        from_above = workbook(("任务", [[None, None, None, None, "政治面貌"], [*HEAD, None], [*ROW, "a"]], ("E1:E2",)))  # fmt: skip
        assert "“政治面貌”列" in sentences(from_above)[0]

    def test_a_list_of_people_beside_the_task_table_stops_it_as_well(self) -> None:
        people = ("人员", [["人员花名册"], ["姓名", "性别", "民族"], ["某", "x", "y"]], ())
        said = sentences(workbook(("任务", [HEAD, ROW], ()), people))
        assert ["“性别”列" in said[0], "“民族”列" in said[1]] == [True, True]

    def test_a_csv_table_is_held_to_the_same(self) -> None:
        text = "\n".join([",".join([*HEAD, "民族"]), ",".join([*ROW, "x"])])
        for encoding in ("utf-8-sig", "gb18030", "utf-16"):
            assert "“民族”列" in sentences(text.encode(encoding), name="a.csv")[0], encoding


class TestNothingIsHalfImported:
    def test_neither_preview_nor_dry_run_nor_import(
        self, city: City, as_: SignIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        content = workbook(("好", [HEAD, ROW], ()), ("坏", [[*HEAD, "民族"], [*ROW, "x"]], ()))
        client = as_(city.coordinator)
        before = AuditEntry.objects.count()
        url = reverse("import-tasks", args=[city.cycle.pk])
        answer = client.post(url, {"file": SimpleUploadedFile("a.xlsx", content)})
        page = answer.content.decode()
        assert "工作表“坏”里的“民族”列" in page
        assert 'name="held"' not in page
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)
        for dry_run in (True, False):
            given: Any = type(
                "Given", (), {"file": str(path), "cycle": str(city.cycle.pk), "dry_run": dry_run}
            )
            with pytest.raises(Refusal, match="“民族”列"):
                import_tasks(given, Report(as_json=True))
        with pytest.raises(Refusal):
            read_task_workbook(content, name="a.xlsx", cycle=city.cycle)
        assert not Task.objects.exists()
        assert not TaskList.objects.exists()
        assert AuditEntry.objects.count() == before

    def test_the_units_file_is_refused_whole(self, db: None, tmp_path: Path) -> None:
        path = tmp_path / "units.csv"
        path.write_text("code,name,民族\n15,内蒙古自治区,x\n", encoding="utf-8")
        with pytest.raises(Refusal, match="表头“民族”列"):
            import_units_file(path, actor=CONSOLE, now=at(1, 5))
        assert not Unit.objects.exists()
        path.write_text("code,name,是否民族乡\n15,内蒙古自治区,否\n", encoding="utf-8")
        assert import_units_file(path, actor=CONSOLE, now=at(1, 5)).created == 1


# Modules that start a program when imported, and one that needs the ldap extra; none holds a form.
LEFT_OUT = ("guantong.config.wsgi", "guantong.accounts.directories")


def form_classes() -> Iterator[type[forms.BaseForm]]:
    """Every form class of the project: all its modules are imported first."""
    for module in pkgutil.walk_packages(guantong.__path__, "guantong."):
        if ".migrations" not in module.name and module.name not in LEFT_OUT:
            importlib.import_module(module.name)
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.startswith("guantong."):
                yield each


class TestForms:
    def test_no_form_asks_for_private_life(self) -> None:
        asked = []
        classes = set(form_classes())
        for form in classes:
            for name, field in form.base_fields.items():
                texts = [name]
                for language in ("zh-hans", "en"):
                    with override(language):
                        texts.append(str(field.label or ""))
                asked += [(form.__qualname__, name, text) for text in texts if never_asked(text)]
        assert asked == []
        assert {"RecordForm", "PersonForm", "UploadForm", "SignInForm"} <= {each.__name__ for each in classes}

    def test_no_template_has_a_field_of_its_own_that_does(self) -> None:
        found = []
        for path in Path(guantong.__file__).parent.rglob("*.html"):
            for name in re.findall(
                r"""<(?:input|select|textarea)[^>]*\bname=["']([^"'{]+)["']""",
                path.read_text(encoding="utf-8"),
            ):
                if never_asked(name):
                    found.append((path.name, name))
        assert found == []

    def test_the_words_that_no_field_has_are_recognised_as_names_too(self) -> None:
        assert {word for word in NEVER_FIELDS if not never_asked(word)} == set()
        for name in ("spouseName", "home-gps", "person_id_card", "FaceImage"):
            assert never_asked(name), name


class TestPackages:
    @pytest.mark.parametrize(
        "word", ["ethnicity", "religion", "family_members", "gps", "民族", "宗教信仰", "思想动态"]
    )
    @pytest.mark.parametrize(
        "fields", ["fields: [surface, target", "record: {fields: [date, topics", "personal_fields: [name, contact",
                   "columns: [seq, task, lead, due"],
    )  # fmt: skip
    def test_a_package_whose_form_asks_for_it_does_not_pass(self, fields: str, word: str) -> None:
        finding = seeded(fields, f"{fields}, {word}").on_the_line(6)
        assert "不得保存的敏感字段" in finding.message
