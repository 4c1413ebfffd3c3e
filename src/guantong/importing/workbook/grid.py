"""A workbook as plain grids: values, merged ranges, hidden sheets; sizes bounded, strange files refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from guantong.importing.encodings import decode
from guantong.kernel.refusals import Refusal

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 100_000, 200, 60
MAX_UNPACKED = 200 * 1024 * 1024
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Grid:
    """One sheet; ``rows[r][c]`` counts from 0 as the sheet does. ``merged``: ((row, column), (row, column)) corners."""

    name: str
    rows: list[list[Any]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden: bool = False

    def text(self, row: int, column: int) -> str:
        if row < len(self.rows) and column < len(self.rows[row]):
            return as_text(self.rows[row][column])
        return ""

    def value(self, row: int, column: int) -> Any:
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


def as_text(value: Any) -> str:
    """A cell as text: whole floats without ``.0``, days as ISO, nothing as empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").replace("\x00", "").strip()


def read_grids(content: bytes, *, name: str) -> list[Grid]:
    """Every sheet of a workbook or the one table of a CSV file. Refuses what is neither."""
    if not content:
        raise Refusal(_("“%(name)s”是空文件。") % {"name": name})
    if name.lower().endswith((".csv", ".txt")):
        return [_csv_grid(content, name)]
    _refuse_bombs(content, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids = [_grid(book, at) for at in range(len(book.sheet_names))]
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise Refusal(
            _(
                "“%(name)s”不是能打开的工作簿（可能已损坏、加了密码，或不是 Excel 文件）。请另存为 .xlsx 再试。"
            )
            % {"name": name}
        ) from error
    except BaseException as error:  # the reader's own panics are not Exceptions
        if isinstance(error, KeyboardInterrupt | SystemExit | Refusal):
            raise
        raise Refusal(
            _("“%(name)s”读取时出错，文件可能已损坏。请另存为 .xlsx 再试。") % {"name": name}
        ) from error
    return [grid for grid in grids if grid is not None]


def _refuse_bombs(content: bytes, name: str) -> None:
    """A small archive that unpacks to hundreds of megabytes is no task table."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile:
        return
    if unpacked > MAX_UNPACKED:
        raise Refusal(_("“%(name)s”解压后过大，不像任务表。") % {"name": name})


def _grid(book: CalamineWorkbook, at: int) -> Grid | None:
    about = book.sheets_metadata[at]
    if about.typ != SheetTypeEnum.WorkSheet:
        return None
    if at >= MAX_SHEETS:
        raise Refusal(_("工作表超过 %(n)s 张，请拆成几份。") % {"n": MAX_SHEETS})
    sheet = book.get_sheet_by_index(at)
    if sheet.total_height > MAX_ROWS:
        raise Refusal(
            _("工作表“%(name)s”有 %(n)s 行，超过 %(max)s 行，请删去空行或拆成几份。")
            % {"name": about.name, "n": sheet.total_height, "max": MAX_ROWS}
        )
    rows = [row[:MAX_COLUMNS] for row in sheet.to_python(skip_empty_area=False)]
    while rows and not any(as_text(value) for value in rows[-1]):
        rows.pop()
    merged = list(sheet.merged_cell_ranges or [])
    return Grid(about.name, rows, merged, hidden=about.visible != SheetVisibleEnum.Visible)


def _csv_grid(content: bytes, name: str) -> Grid:
    text = decode(content, name=name).replace("\x00", "")
    head = text[:2000]
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    try:
        rows: list[list[Any]] = [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise Refusal(
            _("“%(name)s”的分隔或引号有误：%(error)s。") % {"name": name, "error": error}
        ) from error
    if len(rows) > MAX_ROWS:
        raise Refusal(_("“%(name)s”超过 %(max)s 行，请拆成几份。") % {"name": name, "max": MAX_ROWS})
    return Grid(name.rsplit(".", 1)[0], [row[:MAX_COLUMNS] for row in rows])
