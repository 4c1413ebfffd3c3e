"""A units workbook through the import centre: preview, trial, all or nothing, the valid rows alone, and back."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from conftest import CONSOLE, City, at
from guantong.accounts.operations import open_office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.importing.choices import Stage
from guantong.importing.exporting import workbook_of
from guantong.importing.kinds import kind_by_id
from guantong.importing.kinds.base import Scope
from guantong.importing.models import Import
from guantong.importing.operations import (
    apply_import,
    check_import,
    read_import,
    receive_file,
    try_import,
    undo_import,
)
from guantong.importing.queries import remarks_of
from guantong.importing.reading import marked
from guantong.importing.staged import file_of
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.organisation.queries import check_tree
from importing.sheets import xlsx

HEAD = ["区划代码", "名称", "级别", "上级代码"]
GOOD = [HEAD, ["150602001003", "新建社区", "village", "150602001"], ["150602002", "巴音门克街道", "township", "150602"],
        ["150602002001", "巴音社区", "village", "150602002"], ["150602001001", "联丰社区", "village", "150602001"]]  # fmt: skip
BAD = [*GOOD, ["15060200x", "坏行", "", ""], ["150602003001", "孤儿社区", "village", "150602003"]]


def brought(city: City, content: bytes, *, name: str = "a.xlsx", kind: str = "") -> Import:
    actor = city.coordinator
    found = receive_file(content=content, name=name, kind=kind, cycle=city.cycle, actor=actor, now=at(3, 1))
    found = read_import(imported=found, actor=actor)
    return check_import(imported=found, actor=actor, now=at(3, 1))


def acted(city: City, what: Any, found: Import, **more: Any) -> Import:
    return what(imported=found, actor=city.coordinator, now=at(3, 2), **more)  # type: ignore[no-any-return]


def numbers(found: Import) -> tuple[int, int, int, int]:
    return found.n_good, found.n_same, found.n_warnings, found.n_errors


class TestApply:
    def test_rows_are_judged_and_nothing_is_written(self, city: City) -> None:
        before = Unit.objects.count()
        found = brought(city, xlsx(GOOD))
        assert (found.kind, numbers(found)) == ("units", (3, 1, 0, 0))
        assert Unit.objects.count() == before

    def test_good_rows_are_applied_and_the_log_is_clean(self, city: City) -> None:
        found = acted(city, apply_import, brought(city, xlsx(GOOD)), only_valid=False)
        assert (found.stage, found.n_applied) == (Stage.APPLIED, 3)
        assert {"150602001003", "150602002", "150602002001"} <= set(
            Unit.objects.values_list("code", flat=True)
        )
        assert check_tree() == []
        verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))[-2:]
        assert verbs == ["organisation.imported", "importing.applied"]
        assert verify_log().clean

    def test_with_a_wrong_row_nothing_is_written(self, city: City) -> None:
        found = brought(city, xlsx(BAD))
        before = Unit.objects.count()
        with pytest.raises(Refusal, match="第 6 行"):
            acted(city, apply_import, found, only_valid=False)
        assert Unit.objects.count() == before

    def test_the_valid_rows_alone_where_the_person_says_so(self, city: City) -> None:
        found = acted(city, apply_import, brought(city, xlsx(BAD)), only_valid=True)
        assert (found.n_applied, found.n_errors) == (3, 2)
        assert not Unit.objects.filter(code="150602003001").exists()

    def test_a_trial_changes_nothing(self, city: City) -> None:
        found = brought(city, xlsx(GOOD))
        before = (Unit.objects.count(), AuditEntry.objects.count())
        assert acted(city, try_import, found).stage == Stage.TRIED
        assert (Unit.objects.count(), AuditEntry.objects.count()) == before

    def test_a_unit_outside_ones_sight_is_an_error(self, city: City) -> None:
        found = brought(city, xlsx([HEAD, ["15", "改名", "province", ""], ["1507", "外市", "city", "15"]]))
        assert found.n_errors == 2

    def test_a_unit_outside_ones_sight_that_stays_as_it_is_stops_nothing(self, city: City) -> None:
        above = Unit.objects.get(code="15")
        found = brought(city, xlsx([*GOOD, ["15", above.name, above.level, ""]]))
        assert numbers(found) == (3, 2, 0, 0)

    def test_applying_twice_is_harmless(self, city: City) -> None:
        found = acted(city, apply_import, brought(city, xlsx(GOOD)), only_valid=False)
        again = acted(city, apply_import, found, only_valid=False)
        assert again.n_applied == 3
        assert AuditEntry.objects.filter(verb="importing.applied").count() == 1


class TestUndo:
    def test_all_that_was_made_goes_and_all_that_was_changed_comes_back(self, city: City) -> None:
        rows = [
            *GOOD,
            ["150602001002", "民族社区（更名）", "village", "150602001"],
            ["150622100200", "沙圪堵村", "village", "150602001"],
        ]
        before = set(Unit.objects.values_list("code", "name", "parent__code"))
        found = acted(city, apply_import, brought(city, xlsx(rows)), only_valid=False)
        assert set(Unit.objects.values_list("code", "name", "parent__code")) != before
        found = acted(city, undo_import, found)
        assert found.stage == Stage.UNDONE
        assert set(Unit.objects.values_list("code", "name", "parent__code")) == before
        assert check_tree() == []
        assert verify_log().clean

    def test_it_is_refused_with_what_stands_on_it(self, city: City) -> None:
        found = acted(city, apply_import, brought(city, xlsx(GOOD)), only_valid=False)
        unit = Unit.objects.get(code="150602001003")
        open_office(unit=unit, seat="liaison", title="联络员", actor=CONSOLE, now=at(3, 3))
        with pytest.raises(Refusal) as refused:
            acted(city, undo_import, found)
        assert "岗位 1 条，如“联络员”" in str(refused.value)
        assert Unit.objects.filter(code="150602001003").exists()

    def test_a_changed_row_that_was_changed_again_stops_it(self, city: City) -> None:
        rows = [HEAD, ["150602001002", "更名社区", "village", "150602001"]]
        found = acted(city, apply_import, brought(city, xlsx(rows)), only_valid=False)
        Unit.objects.filter(code="150602001002").update(name="又更名")
        with pytest.raises(Refusal, match="又改过"):
            acted(city, undo_import, found)


class TestRoundTrip:
    def test_what_goes_out_comes_in_without_a_change(self, city: City) -> None:
        scope = Scope(city.coordinator, city.cycle, at(3, 1), at(3, 1).date())
        found = brought(city, workbook_of(kind_by_id("units"), scope))
        assert found.n_same == found.n_rows == Unit.objects.exclude(code="15").count()

    def test_the_workbook_comes_back_with_remarks_and_its_layout(self, city: City) -> None:
        book = openpyxl.load_workbook(io.BytesIO(xlsx(BAD)))
        sheet = book.worksheets[0]
        sheet.column_dimensions["B"].width = 33
        sheet["A2"].font = openpyxl.styles.Font(bold=True, color="FF00AA00")
        out = io.BytesIO()
        book.save(out)
        found = brought(city, out.getvalue())
        back = marked(
            file_of(found), name=found.file_name, remarks=remarks_of(found, kind_by_id("units")), merged={}
        )
        sheet = openpyxl.load_workbook(io.BytesIO(back)).worksheets[0]
        assert "没有写级别" in sheet["C6"].comment.text
        assert (sheet.column_dimensions["B"].width, sheet["A2"].font.b) == (33, True)
        assert sheet["A2"].comment is None
