from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.importing.tasks.operations import apply_task_workbook, read_task_workbook
from guantong.importing.workbook.task_sheets import read_tasks
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.tasks.models import OpenQuestion, Task

DATA = Path(__file__).parent / "data"
MESSY = DATA / "tasks_dev_3_synthetic_messy.xlsx"


class TestReadTasks:
    def test_every_task_of_the_three_workbooks_is_read(self) -> None:
        counts = {}
        for path in sorted(DATA.glob("tasks_dev_*.xlsx")):
            book = read_tasks(path, name=path.name, base_year=2026)
            counts[path.name[:11]] = [sum(t.sheet == s.name for t in book.tasks) for s in book.sheets]
        assert counts == {"tasks_dev_1": [44], "tasks_dev_2": [3, 7, 8, 4], "tasks_dev_3": [18]}

    def test_merged_cells_bands_and_columns(self) -> None:
        book = read_tasks(DATA / "tasks_dev_2_four_documents.xlsx", name="x.xlsx", base_year=2026)
        second = book.tasks[1]
        assert (second.title, second.category) == ("严守用水效率控制红线", "加强水资源保护")
        assert [each.notation for each in second.cooperating] == [
            "市发展改革委", "市工业和信息化委", "市住房和城乡建设局",
            "group:各县（市、区）党委和人民政府", "城乡一体化示范区", "高新区",
        ]  # fmt: skip
        assert book.tasks[-1].section == ["一、加快产业转型", "（二）着力扩大增量"]

    def test_two_row_headers_give_quarter_goals(self) -> None:
        book = read_tasks(MESSY, name="x.xlsx", base_year=2026)
        assert book.tasks[12].quarters == {2: "80%", 4: "100%"}
        assert book.tasks[12].due.value == "2026-06-30;2026-12-31"

    def test_every_row_is_accounted_for(self) -> None:
        import openpyxl

        for path in DATA.glob("tasks_dev_*.xlsx"):
            book = read_tasks(path, name=path.name, base_year=2026)
            for sheet, report in zip(openpyxl.load_workbook(path), book.sheets, strict=True):
                filled = {
                    row[0].row for row in sheet.iter_rows() if any(cell.value is not None for cell in row)
                }
                tasks = {task.row for task in book.tasks if task.sheet == report.name}
                header = {report.header_row, (report.header_row or 0) + 1} - tasks
                assert filled - tasks - {row for row, _t, _w in report.skipped} <= header

    @pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken", "任务,单位\n".encode()])
    def test_what_is_no_task_table_gets_a_sentence(self, content: bytes, city: City) -> None:
        with pytest.raises(Refusal):
            read_task_workbook(content, name="a.xlsx", cycle=city.cycle)


class TestApply:
    def test_groups_open_obligations_for_each_of_their_units(self, city: City) -> None:
        reading = read_task_workbook(MESSY.read_bytes(), name=MESSY.name, cycle=city.cycle)
        apply_task_workbook(reading, cycle=city.cycle, name=MESSY.name, actor=CONSOLE, now=at(1, 20))
        task = Task.objects.get(number="13")
        parts = set(task.assignments.values_list("unit__code", "part"))
        assert parts == {
            ("150602", "lead"), ("150622", "lead"),
            ("150602001", "cooperating"), ("150622100", "cooperating"),
        }  # fmt: skip
        assert Obligation.objects.filter(rule=f"task:{task.pk}").count() == 8  # four units, two milestones

    def test_what_is_not_understood_waits_for_a_person(self, city: City) -> None:
        reading = read_task_workbook(MESSY.read_bytes(), name=MESSY.name, cycle=city.cycle)
        apply_task_workbook(reading, cycle=city.cycle, name=MESSY.name, actor=CONSOLE, now=at(1, 20))
        asked = set(OpenQuestion.objects.filter(column="due").values_list("text", flat=True))
        assert asked == {"立行立改", "收到通知后20个工作日内", "按自治区要求时限"}

    def test_the_same_file_twice_is_refused_and_changes_nothing(self, city: City) -> None:
        reading = read_task_workbook(MESSY.read_bytes(), name=MESSY.name, cycle=city.cycle)
        apply_task_workbook(reading, cycle=city.cycle, name=MESSY.name, actor=CONSOLE, now=at(1, 20))
        with pytest.raises(Refusal, match="没有重复导入"):
            apply_task_workbook(reading, cycle=city.cycle, name=MESSY.name, actor=CONSOLE, now=at(1, 21))
        assert Task.objects.count() == 18


class TestInTheBrowser:
    def test_preview_then_apply(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        url = reverse("import-tasks", args=[city.cycle.pk])
        upload = SimpleUploadedFile("任务.xlsx", MESSY.read_bytes())
        preview = client.post(url, {"file": upload})
        assert preview.status_code == 200
        assert Task.objects.count() == 0
        answer = client.post(url, {"held": preview.context["held"]})
        assert answer.status_code == 302
        assert Task.objects.count() == 18

    def test_a_tampered_preview_is_refused(self, city: City, as_: SignIn) -> None:
        answer = as_(city.coordinator).post(reverse("import-tasks", args=[city.cycle.pk]), {"held": "x"})
        assert answer.status_code == 422
