"""Lists offer to bring them in and to take them away, to exactly those who may; empty workbooks say how to fill them in."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from conftest import CONSOLE, START, City, SignIn
from guantong.accounts.acting import Acting
from guantong.accounts.operations import open_office
from guantong.importing.blank import blank_workbook_of
from guantong.importing.choices import Verdict
from guantong.importing.kinds import all_kinds, kind_by_id
from guantong.importing.kinds.base import Given
from guantong.importing.models import Import
from guantong.importing.operations import check_import, read_import, receive_file
from guantong.importing.staged import verdicts_of
from importing.sheets import saved

LISTS = {
    "tasks": "tasks", "duties": "duty-lists", "partners": "partners", "homes": "homes", "units": "cycles",
    "attendance": "courses", "progress": "obligations",
}  # fmt: skip
KINDS = [each.id for each in all_kinds()]


def offers(page: Any, kind: str) -> tuple[bool, bool]:
    text = page.content.decode()
    return f'href="/imports/?kind={kind}' in text, f'href="/imports/export/?kind={kind}' in text


def administrator(city: City) -> Acting:
    open_office(
        unit=city.units["1506-LGO"], seat="security_admin", title="安全管理员", role="security_admin",
        actor=CONSOLE, now=START,
    )  # fmt: skip
    return city.acting("1506-LGO", "security_admin")


class TestLists:
    @pytest.mark.parametrize("kind", LISTS)
    def test_the_coordinating_office_is_offered_each_of_its_tables(
        self, signed: City, as_: SignIn, kind: str
    ) -> None:
        client = as_(signed.coordinator)
        assert offers(client.get(reverse(LISTS[kind])), kind) == (True, True)
        chosen = client.get(reverse("imports"), {"kind": kind}).content.decode()
        assert f'<option value="{kind}" selected>' in chosen

    @pytest.mark.parametrize("kind", LISTS)
    def test_the_head_of_a_unit_is_offered_what_it_may_bring_in(
        self, signed: City, as_: SignIn, kind: str
    ) -> None:
        page = as_(signed.head).get(reverse(LISTS[kind]))
        assert page.status_code == (403 if kind == "partners" else 200)
        assert offers(page, kind) == ((True, True) if kind in ("progress", "attendance") else (False, False))

    def test_an_office_without_the_import_centre_is_offered_nothing(self, signed: City, as_: SignIn) -> None:
        client = as_(signed.acting("1506-LGO", "assessor"))
        for kind, name in LISTS.items():
            assert offers(client.get(reverse(name)), kind) == (False, False)

    def test_posts_and_holders_are_for_the_security_administrator(self, city: City, as_: SignIn) -> None:
        client = as_(administrator(city))
        assert offers(client.get(reverse("people")), "holders") == (True, True)
        assert client.get(reverse("import-export"), {"kind": "holders"}).status_code == 200

    def test_units_below_are_offered_where_they_are_listed(self, signed: City, as_: SignIn) -> None:
        url = reverse("board", args=[signed.cycle.pk, signed.units["1506"].pk])
        assert offers(as_(signed.coordinator).get(url), "units") == (True, True)
        assert offers(as_(signed.head).get(url), "units") == (False, False)


class TestEmptyWorkbooks:
    @pytest.mark.parametrize("kind", KINDS)
    def test_it_has_heads_an_example_and_says_how_to_fill_it_in(self, kind: str) -> None:
        found = kind_by_id(kind)
        book = openpyxl.load_workbook(io.BytesIO(blank_workbook_of(found)))
        columns = [each for each in found.columns if not each.shown]
        table, notes = book.worksheets[:2]
        assert [cell.value for cell in table[1]] == [str(each.label) for each in columns]
        assert [cell.value or "" for cell in table[2]] == [each.example for each in columns]
        assert notes.title == "填写说明"
        said = {
            row[0].value: (row[1].value, row[2].value or "")
            for row in notes.iter_rows(min_row=2)
            if row[1].value
        }
        assert {name: must == "必填" for name, (must, _how) in said.items()} == {
            str(each.label): each.required for each in columns
        }
        listed = {
            next(iter(each.sqref.ranges)).min_col: each.formula1
            for each in table.data_validations.dataValidation
        }
        assert set(listed) == {at for at, each in enumerate(columns, start=1) if each.choices()}
        for each in columns:
            assert all(value in said[str(each.label)][1] for value in each.choices())

    @pytest.mark.parametrize("kind", KINDS)
    def test_its_example_left_in_is_not_brought_in(self, signed: City, kind: str) -> None:
        actor = administrator(signed) if kind == "holders" else signed.coordinator
        book = openpyxl.load_workbook(io.BytesIO(blank_workbook_of(kind_by_id(kind))))
        sheet = book.worksheets[0]
        for at in range(1, sheet.max_column + 1):
            sheet.cell(3, at).value = "x"
        found = receive_file(content=saved(book), name="a.xlsx", cycle=signed.cycle, actor=actor, now=START)
        found = check_import(imported=read_import(imported=found, actor=actor), actor=actor, now=START)
        assert found.kind == kind
        verdict, said = verdicts_of(found.pages.get(sheet=0, number=0))[1]
        assert (verdict, said[0][1]) == (Verdict.ASIDE, "这是空表里的示例，不会导入。")
        assert Import.objects.get().n_rows == (3 if kind == "tasks" else 2)  # its sheet of notes is told too

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_value_it_lists_is_understood(self, kind: str) -> None:
        from guantong.importing.kinds.reading import names_of, yes
        from guantong.importing.units.codes import LEVEL_WORDS

        for each in kind_by_id(kind).columns:
            for value in each.choices():
                if each.id == "level":
                    assert value in LEVEL_WORDS
                elif value in ("是", "否"):
                    assert yes(Given(1, {"x": value}), "x") is (value == "是")
                elif isinstance(each.values, type):
                    assert value.lower() in names_of(each.values)
                else:
                    assert kind == "partners"
