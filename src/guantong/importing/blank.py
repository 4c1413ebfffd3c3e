"""An empty workbook of a kind to be filled in: its heads, an example, what each column takes, the values to choose from."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from guantong.importing.kinds.base import Column, Kind
from guantong.kernel.cells import harmless

HEAD, MUST = PatternFill("solid", fgColor="FFE8EDF3"), PatternFill("solid", fgColor="FFFBE3E0")
ROWS = 2_000  # that get the list of values and stay text, whatever is typed


def blank_workbook_of(kind: Kind) -> bytes:
    book = Workbook()
    table: Any = book.worksheets[0]
    table.title = str(kind.label)[:31]
    columns = [each for each in kind.columns if not each.shown]
    _write_table(table, columns)
    _write_notes(book.create_sheet(_("填写说明")), kind, columns)
    chosen = [each for each in columns if each.choices()]
    if chosen:
        _write_values(book.create_sheet(_("可填的值")), table, columns, chosen)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_table(table: Any, columns: list[Column]) -> None:
    table.freeze_panes = "A2"
    for at, each in enumerate(columns, start=1):
        head = _text(table, 1, at, str(each.label))
        head.font, head.fill = Font(bold=True), MUST if each.required else HEAD
        head.alignment = Alignment(wrap_text=True, vertical="center")
        example = _text(table, 2, at, each.example)
        example.font = Font(italic=True, color="FF808080")
        letter = get_column_letter(at)
        table.column_dimensions[letter].width = 14 if len(each.example) < 10 else 30
        table.column_dimensions[letter].number_format = "@"


def _write_notes(sheet: Any, kind: Kind, columns: list[Column]) -> None:
    for at, head in enumerate((_("这一列"), _("必填吗"), _("怎么填"), _("例如")), start=1):
        cell = _text(sheet, 1, at, head)
        cell.font, cell.fill = Font(bold=True), HEAD
    for row, each in enumerate(columns, start=2):
        texts = (each.label, _("必填") if each.required else _("可以不填"), _said_of(each), each.example)
        for at, text in enumerate(texts, start=1):
            _text(sheet, row, at, str(text)).alignment = Alignment(wrap_text=True, vertical="top")
    for row, note in enumerate(_notes(kind), start=len(columns) + 3):
        _text(sheet, row, 1, note)
    for letter, width in (("A", 22), ("B", 10), ("C", 60), ("D", 30)):
        sheet.column_dimensions[letter].width = width


def _notes(kind: Kind) -> list[str]:
    return [
        str(kind.about),
        _("一行一条，写在第一张工作表的表头下面。灰色斜体的一行是示例，不会导入，可以删去。"),
        _("列的先后可以调整，不需要的列可以删去；认不出的列不会导入。"),
        _("不要添加民族、宗教、政治面貌、身份证号等涉及个人的列，有这样的列整份表格都不会导入。"),
    ]


def _said_of(column: Column) -> str:
    values = column.choices()
    said = [str(column.note)] if column.note else []
    if values:
        said.append(_("可填：%(values)s。") % {"values": "、".join(values)})
    return "".join(said)


def _write_values(sheet: Any, table: Any, columns: list[Column], chosen: list[Column]) -> None:
    """Lists to choose from; other words may be typed, since the import understands more of them."""
    for at, each in enumerate(chosen, start=1):
        values = each.choices()
        _text(sheet, 1, at, str(each.label)).font = Font(bold=True)
        for row, value in enumerate(values, start=2):
            _text(sheet, row, at, value)
        letter, of = get_column_letter(at), get_column_letter(columns.index(each) + 1)
        where = f"'{sheet.title}'!${letter}$2:${letter}${len(values) + 1}"
        listed = DataValidation(type="list", formula1=where, allow_blank=True, showErrorMessage=False)
        listed.add(f"{of}2:{of}{ROWS}")
        table.add_data_validation(listed)
        sheet.column_dimensions[letter].width = 20


def _text(sheet: Any, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column)
    cell.number_format = "@"
    if text:
        cell.value, cell.data_type = harmless(text), "s"
    return cell
