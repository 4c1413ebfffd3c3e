"""A workbook as plain grids: values, merged ranges, hidden sheets; sizes bounded, strange files refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guantong.importing.reading import lines_of
from guantong.kernel.cells import as_meant

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
    return as_meant(str(value).replace("\r\n", "\n").replace("_x000D_", "").replace("\x00", "").strip())


def read_grids(content: bytes, *, name: str) -> list[Grid]:
    """Every sheet of a workbook or the one table of a CSV file. Refuses what is neither."""
    return grids_of(lines_of(content, name=name))


def grids_of(lines: Iterable[Mapping[str, Any]]) -> list[Grid]:
    """Grids from what the reading child tells, line by line."""
    grids: list[Grid] = []
    for line in lines:
        if "sheet" in line:
            spans = [((a[0], a[1]), (b[0], b[1])) for a, b in line["merged"]]
            grids.append(Grid(line["sheet"], [], spans, hidden=line["hidden"]))
        elif "row" in line:
            rows = grids[-1].rows
            rows += ([] for _each in range(line["row"] - len(rows)))
            rows.append([value_of(cell) for cell in line["cells"]])
    return grids


def value_of(cell: Any) -> Any:
    """A cell as the child wrote it: days and times come in a wrapper."""
    if isinstance(cell, dict):
        for kind, text in cell.items():
            return _moment(str(kind), str(text))
    return "" if cell is None else cell


def _moment(kind: str, text: str) -> Any:
    try:
        if kind == "datetime":
            return dt.datetime.fromisoformat(text)  # noqa: DTZ - a cell has no zone
        return dt.date.fromisoformat(text) if kind == "date" else dt.time.fromisoformat(text)
    except ValueError:
        return text
