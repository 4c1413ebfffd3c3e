"""The same workbook with remarks as cell comments; what is no .xlsx becomes one with its cells as text."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guantong.importing.limited.archives import look_into
from guantong.importing.limited.copying import copy_values
from guantong.importing.limited.remarking.books import remark_in_place
from guantong.importing.limited.remarking.parts import Strange

WORST = ("warning", "error")
Found = dict[str, dict[tuple[int, int], tuple[str, str]]]


def mark(path: Path, marks: Path, out: Path) -> None:
    """``marks`` holds one line {name, merged: {sheet: ranges}}, then [sheet, row, column, verdict, said]; from 1.

    The parts of a workbook are copied as they are, with their formats, formulas and other sheets. What is built in a
    way that is not known is read and written anew, its values alone.
    """
    name, remarks = _wanted(marks)
    content = path.read_bytes()
    if content.startswith(b"PK"):
        look_into(content)
    try:
        if not content.startswith(b"PK") or _is_other(content):
            raise Strange
        del content
        remark_in_place(path, out, remarks)
    except Strange:
        values = out.with_name("values.xlsx")
        titles = copy_values(path.read_bytes(), name, values)
        remark_in_place(values, out, {titles[sheet]: found for sheet, found in remarks.items()})


def _is_other(content: bytes) -> bool:
    """Spreadsheets of other kinds come in archives too."""
    return b"mimetypeapplication/vnd.oasis" in content[:120] or b"xl/workbook.bin" in content


def _wanted(marks: Path) -> tuple[str, Found]:
    found: Found = {}
    with marks.open(encoding="utf-8") as lines:
        about = json.loads(next(lines))
        covers = {sheet: _Covers(ranges) for sheet, ranges in about["merged"].items()}
        for sheet, row, column, verdict, said in _each(lines):
            place = covers[sheet].shown_at(row, column) if sheet in covers else (row, column)
            on_sheet = found.setdefault(sheet, {})
            if place in on_sheet:
                earlier, words = on_sheet[place]
                worse = max(earlier, verdict, key=WORST.index)
                on_sheet[place] = (worse, words if said in words.split("\n") else f"{words}\n{said}")
            else:
                on_sheet[place] = (verdict, said)
    return about["name"], found


def _each(lines: Iterator[str]) -> Iterator[list[Any]]:
    return (json.loads(each) for each in lines)


class _Covers:
    """Where a remark on a covered cell is seen: at the first cell of its merged range."""

    def __init__(self, ranges: list[Any]) -> None:
        self._by_column: dict[int, list[tuple[int, int, int]]] = {}
        for (top, left), (bottom, right) in ranges:
            for column in range(left, min(right, left + 200) + 1):
                self._by_column.setdefault(column + 1, []).append((top + 1, bottom + 1, left + 1))
        for spans in self._by_column.values():
            spans.sort()

    def shown_at(self, row: int, column: int) -> tuple[int, int]:
        spans = self._by_column.get(column, [])
        at = bisect_right(spans, (row, 1 << 30, 1 << 30)) - 1
        if at >= 0 and spans[at][0] <= row <= spans[at][1]:
            return spans[at][0], spans[at][2]
        return row, column
