"""The file and its rows while they wait to be applied, sealed with the import's own key."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from guantong.importing.merged import Spread
from guantong.importing.models import FilePiece, Import, RowPage
from guantong.importing.workbook.grid import Grid, as_text, grids_of, value_of

PIECE = 1024 * 1024
PAGE = 1000
JSON = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


@dataclass
class Sheet:
    """What a sheet is called, whether it is hidden, its merged ranges, how many rows were read."""

    at: int
    name: str
    hidden: bool = False
    merged: list[Any] = field(default_factory=list)
    n_rows: int = 0


def keep_file(imported: Import, content: bytes) -> None:
    FilePiece.objects.bulk_create(
        FilePiece(
            imported=imported,
            subject_id=imported.subject_id,
            number=at,
            content=base64.b64encode(content[at * PIECE : (at + 1) * PIECE]).decode(),
        )
        for at in range((len(content) + PIECE - 1) // PIECE)
    )


def file_of(imported: Import) -> bytes:
    """The file as it came; empty once it was discarded."""
    pieces = imported.pieces.order_by("number")
    return b"".join(base64.b64decode(str(each.content)) for each in pieces.iterator(1))


def keep_rows(imported: Import, lines: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Store what the reading child tells, page by page; returns (notes, formula cells without a result)."""
    notes: list[str] = []
    uncounted: list[str] = []
    page: _Page | None = None
    for line in lines:
        if "row" in line:
            assert page is not None
            page.add(line["row"], line["cells"])
        elif "sheet" in line:
            if page:
                page.store()
            page = _Page(imported, page.sheet + 1 if page else 0, line)
            notes += ["hidden_sheet"] if line["hidden"] else []
            notes += ["merged"] if line["merged"] else []
        elif "wide" in line:
            notes.append("wide")
        else:
            notes += line.get("notes", [])
            uncounted += line.get("uncounted", [])
    if page:
        page.store()
    return list(dict.fromkeys(notes)), uncounted


class _Page:
    """A page of a sheet that fills up and is stored."""

    def __init__(self, imported: Import, sheet: int, about: Mapping[str, Any]) -> None:
        self.imported, self.sheet, self.about = imported, sheet, dict(about)
        self.number = 0
        self.rows: list[Any] = []

    def add(self, row: int, cells: list[Any]) -> None:
        while cells and cells[-1] in ("", None):
            cells.pop()
        self.rows.append([row, cells])
        if len(self.rows) == PAGE:
            self.store()

    def store(self) -> None:
        if not self.rows and self.number:
            return
        RowPage.objects.create(
            imported=self.imported,
            subject_id=self.imported.subject_id,
            sheet=self.sheet,
            number=self.number,
            about="" if self.number else JSON.encode(self.about),
            rows=JSON.encode(self.rows),
        )
        self.number, self.rows = self.number + 1, []


def sheets_of(imported: Import) -> list[Sheet]:
    found = []
    for page in imported.pages.filter(number=0).defer("rows", "verdicts").order_by("sheet"):
        about = json.loads(str(page.about))
        found.append(Sheet(page.sheet, about["sheet"], about["hidden"], about["merged"]))
    return found


def pages_of(imported: Import, sheet: int) -> Iterator[RowPage]:
    return imported.pages.filter(sheet=sheet).order_by("number").iterator(4)


def rows_of(page: RowPage) -> list[tuple[int, list[Any]]]:
    """(row from 0, cells as they were read)."""
    return [(row, cells) for row, cells in json.loads(str(page.rows))] if page.rows else []


def texts_of(cells: Iterable[Any]) -> list[str]:
    return [as_text(value_of(each)) for each in cells]


def tops_of(imported: Import, most: int) -> list[tuple[int, list[tuple[int, list[str]]]]]:
    """The first rows of every sheet as texts: (sheet, [(row from 0, texts)]), merged cells spread downwards."""
    found = []
    for page in imported.pages.filter(number=0).order_by("sheet").iterator(4):
        spread = Spread(json.loads(str(page.about))["merged"])
        rows = [(row, texts_of(spread.over(row, cells))) for row, cells in rows_of(page)[:most]]
        found.append(
            (
                page.sheet,
                [
                    (row, _under(texts, rows[at - 1] if at else None, row))
                    for at, (row, texts) in enumerate(rows)
                ],
            )
        )
    return found


def _under(texts: list[str], above: tuple[int, list[str]] | None, row: int) -> list[str]:
    """A head of two rows: where the lower one is empty, the upper one tells what the column is."""
    if above is None or above[0] != row - 1 or sum(bool(each) for each in above[1]) < 2:
        return texts
    width = max(len(texts), len(above[1]))
    full = [*texts, *[""] * (width - len(texts))]
    return [each or (above[1][at] if at < len(above[1]) else "") for at, each in enumerate(full)]


def heads_of(imported: Import, sheet: int, head_row: int) -> list[str]:
    rows = dict(next((rows for at, rows in tops_of(imported, head_row + 1) if at == sheet), []))
    return rows.get(head_row, [])


def verdicts_of(page: RowPage) -> dict[int, tuple[str, list[list[str]]]]:
    """{row from 0: (verdict, [[field, sentence, verdict]…])}"""
    if not page.verdicts:
        return {}
    return {int(row): (said[0], said[1]) for row, said in json.loads(str(page.verdicts)).items()}


def workbook_of(imported: Import) -> list[Grid]:
    """All sheets as grids, for kinds that read the whole book."""

    def lines() -> Iterator[dict[str, Any]]:
        for page in imported.pages.order_by("sheet", "number").iterator(4):
            if page.about:
                yield json.loads(str(page.about))
            for row, cells in rows_of(page):
                yield {"row": row, "cells": cells}

    return grids_of(lines())
