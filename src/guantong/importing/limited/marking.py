"""The same workbook with remarks as cell comments; a text table becomes a workbook with its cells as text."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from guantong.importing.limited.archives import look_into
from guantong.importing.limited.books import lines_of
from guantong.importing.limited.unreadable import Unreadable
from guantong.kernel.cells import harmless

AUTHOR = "贯通"
FILLS = {"error": "FFF4C7C3", "warning": "FFFFF2CC"}


def mark(path: Path, marks: Path, out: Path) -> None:
    """``marks`` holds {name, remarks: [{sheet, row, column, verdict, said}]}, rows and columns from 1."""
    wanted = json.loads(marks.read_text(encoding="utf-8"))
    content = path.read_bytes()
    book = (
        _original(content)
        if content.startswith(b"PK") and not _is_ods(content)
        else _copied(content, wanted["name"])
    )
    for each in wanted["remarks"]:
        _remark(book[each["sheet"]], each)
    book.save(out)


def _is_ods(content: bytes) -> bool:
    return b"mimetypeapplication/vnd.oasis" in content[:120] or b"xl/workbook.bin" in content


def _original(content: bytes) -> Workbook:
    look_into(content)
    try:
        return load_workbook(io.BytesIO(content), keep_links=False)
    except MemoryError:
        raise
    except Exception as error:  # what a strange workbook does to the library is not foreseen
        raise Unreadable("broken") from error


def _copied(content: bytes, name: str) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet | None = None
    for line in lines_of(content, name):
        if "sheet" in line:
            sheet = book.create_sheet(line["sheet"][:31])
        elif "row" in line and sheet is not None:
            for at, value in enumerate(line["cells"], start=1):
                _write(sheet, line["row"] + 1, at, value)
    return book


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value in ("", None):
        return
    if isinstance(value, dict):
        value = next(iter(value.values()))
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value, cell.data_type = harmless(_printable(value)), "s"
    else:
        cell.value = value


def _printable(text: str) -> str:
    return (
        "".join(each for each in text if each in "\n\t" or each >= " ")
        .encode("utf-8", "ignore")
        .decode()[:32_000]
    )


def _remark(sheet: Worksheet, said: dict[str, Any]) -> None:
    cell: Any = sheet.cell(said["row"], said["column"])
    for span in sheet.merged_cells.ranges:
        if (cell.row, cell.column) != (span.min_row, span.min_col) and cell.coordinate in span:
            cell = sheet.cell(span.min_row, span.min_col)
            break
    text = said["said"]
    if cell.comment is not None:
        text = f"{cell.comment.text}\n{text}"
    cell.comment = Comment(text[:8000], AUTHOR, width=320, height=24 * (2 + len(text) // 22))
    fill = FILLS.get(said["verdict"])
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
