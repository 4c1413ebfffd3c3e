"""A table of any kind as a workbook with its values alone, written row by row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from guantong.importing.limited.books import lines_of
from guantong.kernel.cells import harmless

NOT_IN_TITLES = re.compile(r"[\\*?:/\[\]\x00-\x1f]")
LONGEST_TITLE = 31


def copy_values(content: bytes, name: str, out: Path) -> dict[str, str]:
    """Returns what each sheet is called in the copy, since a table of text may be called anything."""
    book = Workbook(write_only=True)
    titles: dict[str, str] = {}
    sheet: Any = None
    row = 0
    for line in lines_of(content, name):
        if "sheet" in line:
            sheet, row = book.create_sheet(), 0
            sheet.title = NOT_IN_TITLES.sub("_", line["sheet"])[:LONGEST_TITLE].strip("'") or "1"
            titles[line["sheet"]] = sheet.title
        elif "row" in line and sheet is not None:
            for _empty in range(line["row"] - row):
                sheet.append([])
            sheet.append([_cell(sheet, each) for each in line["cells"]])
            row = line["row"] + 1
    book.save(out)
    return titles


def _cell(sheet: Any, value: Any) -> Any:
    if value in ("", None):
        return None
    if isinstance(value, dict):
        value = next(iter(value.values()))
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet)
    cell.value, cell.data_type, cell.number_format = harmless(_printable(value)), "s", "@"
    return cell


def _printable(text: str) -> str:
    kept = "".join(each for each in text if each in "\n\t" or (each >= " " and each not in "\ufffe\uffff"))
    return kept.encode("utf-8", "ignore").decode()[:32_000]
