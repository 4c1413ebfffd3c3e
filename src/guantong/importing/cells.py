"""From the cells of a row to the fields of a kind: merged cells spread, what cannot be seen taken out and said."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.importing.asides import why_aside
from guantong.importing.kinds.base import Given, Kind
from guantong.importing.merged import Spread
from guantong.importing.models import Import
from guantong.importing.staged import Sheet, pages_of, rows_of
from guantong.importing.workbook.grid import as_text, value_of

MAX_CELL = 10_000
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
JOINERS = frozenset("\u200c\u200d\ufe0f")  # they shape some scripts, Mongolian among them
MONGOLIAN = range(0x180B, 0x1810)


def given_rows(imported: Import, sheet: Sheet | None, kind: Kind) -> Iterator[Given]:
    """Every row below the head, as fields; empty rows are left out, and what is no row of the table is said to be none."""
    spread = Spread(sheet.merged if sheet else [])
    heads: dict[str, str] = {}
    for page in pages_of(imported, imported.sheet):
        for row, cells in rows_of(page):
            full = spread.over(row, cells)
            if row == imported.head_row:
                heads = given_of(row, full, imported.mapping).cells
            elif row > imported.head_row:
                given = given_of(row, full, imported.mapping)
                if why := why_aside(_texts(full), given, kind, heads):
                    given.said.clear()
                    given.leave(why)
                if any(given.cells.values()) or given.said:
                    yield given


def _texts(cells: Sequence[Any]) -> list[str]:
    return [each if isinstance(each, str) else as_text(value_of(each)) for each in cells]


def given_of(row: int, cells: Sequence[Any], mapping: Mapping[str, int]) -> Given:
    given = Given(row + 1, {})
    for name, at in mapping.items():
        given.cells[name] = _field(given, name, cells[at] if at < len(cells) else "")
    return given


def _field(given: Given, name: str, cell: Any) -> str:
    if isinstance(cell, str) and cell.isascii() and cell.isprintable():
        text = cell.strip() if cell[:1] != "'" else as_text(cell)
        if text[:1] == "#" and text.upper() in ERRORS:
            given.error(name, _("单元格里是错误值 %(text)s，请改正公式或直接填写。") % {"text": text})
            return ""
        return text
    text = as_text(value_of(cell))
    if len(text) > MAX_CELL:
        given.error(name, _("单元格超过 %(n)s 字。") % {"n": MAX_CELL})
        return ""
    seen = visible(text)
    if "\ufffd" in seen:
        given.error(name, _("有无法识别的字符，可能是编码有误，请重新填写。"))
    if seen != text or (isinstance(cell, str) and "\x00" in cell):
        given.warn(name, _("含有看不见的字符，已去掉，请核对。"))
    return seen


def visible(text: str) -> str:
    """Without what nobody sees: control and format characters, zero widths, marks of direction, lone surrogates."""
    if text.isprintable():  # no control, format or private character, no surrogate
        return text
    kept = []
    for each in text:
        kind = unicodedata.category(each)
        if kind == "Cs":
            kept.append("\ufffd")
        elif kind in ("Cc", "Cf", "Co", "Cn") and each not in "\n\t" and each not in JOINERS:
            if ord(each) in MONGOLIAN:
                kept.append(each)
        else:
            kept.append(each)
    return "".join(kept).strip()
