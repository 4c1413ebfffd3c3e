"""The rows of an import with what was said of each, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from guantong.importing.cells import given_of
from guantong.importing.choices import Verdict
from guantong.importing.kinds.base import Column, Kind
from guantong.importing.models import Import
from guantong.importing.reading import Remark
from guantong.importing.staged import rows_of, sheets_of, texts_of, verdicts_of

SHOWN = 50
CELL = 60


@dataclass
class Line:
    """A row as it is shown. ``said``: (column in words, sentence)."""

    row: int
    sheet: str
    verdict: str
    cells: list[tuple[str, str]]
    said: list[tuple[str, str]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(Verdict(self.verdict).label)


@dataclass
class Preview:
    """Some lines, which ones, and whether there are more before and after."""

    lines: list[Line]
    columns: list[Column]
    start: int
    has_more: bool

    @property
    def previous(self) -> int | None:
        return max(0, self.start - SHOWN) if self.start else None

    @property
    def following(self) -> int | None:
        return self.start + SHOWN if self.has_more else None


def preview_of(imported: Import, kind: Kind, *, start: int, verdict: str = "") -> Preview:
    """Fifty lines from ``start`` on, of all or of those with one verdict."""
    columns = [each for each in kind.columns if kind.whole_book or each.id in imported.mapping]
    lines: list[Line] = []
    for line in _lines(imported, kind, verdict=verdict, skip=start):
        if len(lines) == SHOWN:
            return Preview(lines, columns, start, has_more=True)
        lines.append(line)
    return Preview(lines, columns, start, has_more=False)


def _lines(imported: Import, kind: Kind, *, verdict: str, skip: int) -> Iterator[Line]:
    labels = {each.id: str(each.label) for each in kind.columns}
    names = {each.at: each.name for each in sheets_of(imported)}
    pages = imported.pages.order_by("sheet", "number")
    if verdict in (Verdict.ERROR, Verdict.WARNING):
        pages = pages.filter(n_said__gt=0)
    for page in pages.iterator(2):
        said = verdicts_of(page)
        wanted = [row for row, (given, _s) in said.items() if not verdict or given == verdict]
        if len(wanted) <= skip:
            skip -= len(wanted)
            continue
        chosen, skip = set(sorted(wanted)[skip : skip + SHOWN + 1]), 0
        for row, cells in rows_of(page):
            if row in chosen:
                yield _line(imported, kind, (names.get(page.sheet, ""), row, cells), said[row], labels)


def _line(
    imported: Import, kind: Kind, where: tuple[str, int, list[Any]], said: tuple[str, list[list[str]]],
    labels: dict[str, str],
) -> Line:  # fmt: skip
    sheet, row, cells = where
    if kind.whole_book:
        shown = [("", each[:CELL]) for each in texts_of(cells) if each]
    else:
        given = given_of(row, cells, imported.mapping)
        shown = [
            (labels[each.id], given[each.id][:CELL]) for each in kind.columns if each.id in imported.mapping
        ]
    sentences = [(labels.get(name, ""), text) for name, text, *_verdict in said[1]]
    return Line(row + 1, sheet, said[0], shown, sentences)


def remarks_of(imported: Import, kind: Kind) -> Iterator[Remark]:
    """Every error and warning as a remark on its cell, page by page. A kind that reads all sheets maps each of them."""
    names = {each.at: each.name for each in sheets_of(imported)}
    mapped = imported.mapping
    first = min(mapped.values(), default=0)
    for page in imported.pages.filter(n_said__gt=0).order_by("sheet", "number").iterator(2):
        for row, (_verdict, said) in verdicts_of(page).items():
            for name, text, verdict in said:
                if verdict not in (Verdict.ERROR, Verdict.WARNING):
                    continue
                column = mapped.get(f"{page.sheet}.{name}", mapped.get(name, first))
                yield names[page.sheet], row + 1, column + 1, verdict, text
