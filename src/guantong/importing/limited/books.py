"""Every sheet of a workbook as rows of plain values."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from guantong.importing.limited.archives import look_into
from guantong.importing.limited.texts import decoded, rows_of
from guantong.importing.limited.unreadable import Unreadable

MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 100_200, 200, 60
MAX_CELLS = 12_000_000  # of a sheet's rectangle, full or empty
MAX_TEXT = 32_767  # what Excel lets a cell hold
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_KINDS = ((b"%PDF", "pdf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"),
               (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"), (b"\x1f\x8b", "archive"), (b"MZ", "program"),
               (b"\x7fELF", "program"))  # fmt: skip


def lines_of(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    """One line for the file, then for each sheet one line about it and one for each row."""
    if not content:
        raise Unreadable("empty")
    for start, kind in OTHER_KINDS:
        if content.startswith(start):
            raise Unreadable("other_kind", kind=kind)
    notes: list[str] = []
    uncounted: list[str] = []
    said = name.lower().rsplit(".", 1)[-1] if "." in name else ""
    if content.startswith(b"PK"):
        seen = look_into(content)
        notes, uncounted = sorted(seen.notes), seen.uncounted
        if said in ("csv", "txt", "xls"):
            notes.append("other_extension")
        sheets = _sheets(content)
    elif content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("password")
        if said in ("csv", "txt", "xlsx"):
            notes.append("other_extension")
        sheets = _sheets(content)
    else:
        sheets, more = _one_table(content, name, said)
        notes += more
    yield {"notes": notes, "uncounted": uncounted}
    yield from sheets


def _one_table(content: bytes, name: str, said: str) -> tuple[Iterator[dict[str, Any]], list[str]]:
    head = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"mime-version")):
        raise Unreadable("other_kind", kind="web page")
    text, encoding = decoded(content)
    notes = ["big5"] if encoding == "big5" else []
    if said in ("xlsx", "xls", "xlsm", "xlsb", "ods"):
        notes.append("other_extension")
    if _is_binary(text):
        raise Unreadable("broken")
    return _table(text, name), notes


def _is_binary(text: str) -> bool:
    head = text[:4000]
    odd = sum(each < " " and each not in "\r\n\t\x00" for each in head)
    return odd > len(head) * 0.02 or head.count("\x00") > len(head) * 0.3


def _table(text: str, name: str) -> Iterator[dict[str, Any]]:
    yield {"sheet": name.rsplit(".", 1)[0], "hidden": False, "merged": []}
    last = 0
    for number, row in enumerate(rows_of(text, most_rows=1_048_576)):
        if any(cell.strip("\x00 \t　") for cell in row):
            if number >= MAX_ROWS:
                raise Unreadable("too_many_rows", most=MAX_ROWS)
            yield {"row": number, "cells": [cell[: MAX_TEXT + 1] for cell in row[:MAX_COLUMNS]]}
            if any(row[MAX_COLUMNS:]):
                last = max(last, len(row))
    if last:
        yield {"wide": last}


def _sheets(content: bytes) -> Iterator[dict[str, Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        abouts = list(book.sheets_metadata)
        for at, about in enumerate(abouts):
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if at >= MAX_SHEETS:
                raise Unreadable("many_sheets", most=MAX_SHEETS)
            yield from _sheet(
                book.get_sheet_by_index(at), about.name, about.visible != SheetVisibleEnum.Visible
            )
    except (Unreadable, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader's own panics are not Exceptions
        password = "assword" in str(error) or "ncrypt" in str(error)
        raise Unreadable("password" if password else "broken") from error


def _sheet(sheet: CalamineSheet, name: str, hidden: bool) -> Iterator[dict[str, Any]]:
    height, width = sheet.total_height, sheet.total_width
    if height * max(width, 1) > MAX_CELLS and height > 1000:
        raise Unreadable("too_many_rows", sheet=name, n=height, most=MAX_ROWS)
    merged = [[list(first), list(last)] for first, last in (sheet.merged_cell_ranges or [])[:20_000]]
    yield {"sheet": name, "hidden": hidden, "merged": merged}
    wide = 0
    start = sheet.start
    for number, row in enumerate(sheet.iter_rows() if start else (), start=0):
        if not any(cell not in ("", None) for cell in row):
            continue
        if number >= MAX_ROWS:
            raise Unreadable("too_many_rows", sheet=name, n=height, most=MAX_ROWS)
        if any(cell != "" for cell in row[MAX_COLUMNS:]):
            wide = len(row)
        yield {"row": number, "cells": [_plain(cell) for cell in row[:MAX_COLUMNS]]}
    if wide:
        yield {"wide": wide}


def _plain(value: Any) -> Any:
    """A value as JSON: days and times in a wrapper that says which they are."""
    if isinstance(value, str):
        return value[: MAX_TEXT + 1]
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"time": str(value)}
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value
