"""The rows of a kind as a workbook with the columns that it is read by: what goes out comes in unchanged."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from guantong.importing.kinds.base import Kind, Scope
from guantong.kernel.cells import harmless

HEAD = PatternFill("solid", fgColor="FFE8EDF3")


def workbook_of(kind: Kind, scope: Scope) -> bytes:
    """All rows in sight."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(str(kind.label)[:31])
    for at, each in enumerate(kind.columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = 14 if len(each.example) < 10 else 30
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, str(each.label)) for each in kind.columns])
    names = [each.id for each in kind.columns]
    for row in kind.export(scope):
        sheet.append([_text(sheet, row.get(name)) for name in names])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font, cell.fill = Font(bold=True), HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _text(sheet: Any, value: object) -> Any:
    """Everything is text, so that no code loses its zeros and nothing becomes a formula."""
    cell = WriteOnlyCell(sheet)
    said = "" if value is None else _("是") if value is True else _("否") if value is False else str(value)
    said = "".join(each for each in said if each in "\n\t" or each.isprintable())
    cell.value, cell.data_type, cell.number_format = harmless(said)[:32_767], "s", "@"
    return cell
