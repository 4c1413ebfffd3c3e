"""A workbook with remarks: every part copied, the marked sheets changed on the way."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from guantong.importing.limited.remarking import listing
from guantong.importing.limited.remarking.fills import Fills
from guantong.importing.limited.remarking.notes import Notes
from guantong.importing.limited.remarking.parts import (
    COMMENTS_TYPE,
    MACROS,
    Parts,
    Strange,
    relations_of,
    with_relations,
    with_types,
    without_macros,
)
from guantong.importing.limited.remarking.sheets import SheetRewriter

PIECE = 1024 * 1024
LONGEST_PART = 64 * 1024 * 1024
LEVEL = 4
MOST_COMMENTS = 5_000  # spreadsheets take minutes to open a sheet of many more
TYPES, STYLES = "[Content_Types].xml", "xl/styles.xml"
BOOK, BOOK_RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHAPES = "guantongShapes"
Remarks = Mapping[str, Mapping[tuple[int, int], tuple[str, str]]]
"""{sheet: {(row, column): (verdict, what is said)}}, from 1"""


def remark_in_place(source: Path, out: Path, remarks: Remarks) -> None:
    """Raises Strange where the workbook is not built as is known."""
    try:
        with (
            zipfile.ZipFile(source) as archive,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as made,
        ):
            _Copy(archive, made).write(remarks)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Strange from error
    except (KeyError, IndexError, UnicodeDecodeError) as error:
        raise Strange from error


class _Copy:
    """A workbook on its way from one archive to another."""

    def __init__(self, archive: zipfile.ZipFile, made: zipfile.ZipFile) -> None:
        self._archive, self._made = archive, made
        self._parts = Parts(archive)
        self._fills = Fills(self._parts.small(STYLES))
        self._written: set[str] = set()
        self._block = 1
        self._n_comments = 0

    def write(self, remarks: Remarks) -> None:
        places = self._parts.sheets()
        sheets = [(places[name], found) for name, found in remarks.items()]
        comments = {part: self._comments_of(part) for part, _found in sheets}
        types = {each: COMMENTS_TYPE for each in comments.values() if each not in self._archive.namelist()}
        relations = without_macros(self._parts.small(BOOK_RELATIONS))
        if sum(map(len, remarks.values())) > MOST_COMMENTS:
            part = self._parts.free("xl/worksheets/guantong", ".xml")
            types[part] = listing.TYPE
            relations = with_relations(relations, [(listing.RELATION, "worksheet", part)])
            self._put(BOOK, listing.with_sheet(self._parts.small(BOOK)))
            self._stream(part, listing.listed(remarks))
        self._put(TYPES, with_types(self._parts.types, types))
        self._put(BOOK_RELATIONS, relations)
        for part, found in sheets:
            self._write_sheet(part, comments[part], found)
        if STYLES in self._archive.namelist():
            self._put(STYLES, self._fills.styles())
        self._copy_the_rest()

    def _copy_the_rest(self) -> None:
        for each in self._archive.infolist():
            if each.filename not in self._written and not MACROS.search(each.filename) and not each.is_dir():
                with self._archive.open(each) as source, self._open(each.filename) as out:
                    while piece := source.read(PIECE):
                        out.write(piece)

    def _comments_of(self, part: str) -> str:
        known = [target for kind, target in self._parts.relations(part).values() if kind == "comments"]
        return known[0] if known else self._parts.free("xl/commentsGuantong", ".xml")

    def _write_sheet(
        self, part: str, comments: str, found: Mapping[tuple[int, int], tuple[str, str]]
    ) -> None:
        marks: dict[int, dict[int, str]] = {}
        for (row, column), (verdict, _said) in found.items():
            marks.setdefault(row, {})[column] = verdict
        rewriter = SheetRewriter(marks, self._fills, SHAPES)
        with self._archive.open(part) as source, self._open(part) as out:
            rewriter.copy(source, out.write)
        known = self._parts.relations(part)
        shapes = (
            known[rewriter.legacy][1] if rewriter.legacy else self._parts.free("xl/drawings/guantong", ".vml")
        )
        more = [] if rewriter.legacy else [(SHAPES, "vmlDrawing", shapes)]
        if comments not in {target for _kind, target in known.values()}:
            more.append(("guantongComments", "comments", comments))
        self._put(relations_of(part), with_relations(self._parts.small(relations_of(part)), more))
        shown = sorted(found)[: max(MOST_COMMENTS - self._n_comments, 0)]
        words = {place: found[place][1] for place in shown}
        self._n_comments += len(words)
        notes = Notes(words, self._whole(comments), self._whole(shapes))
        self._stream(comments, notes.comments())
        self._stream(shapes, notes.shapes(self._block))
        self._block += len(words) // 1024 + 1

    def _whole(self, name: str) -> bytes:
        if name not in self._archive.namelist():
            return b""
        if self._archive.getinfo(name).file_size > LONGEST_PART:
            raise Strange
        return self._archive.read(name)

    def _stream(self, name: str, pieces: Iterable[bytes]) -> None:
        with self._open(name) as out:
            for each in pieces:
                out.write(each)

    def _put(self, name: str, content: bytes) -> None:
        self._stream(name, [content])

    def _open(self, name: str) -> IO[bytes]:
        self._written.add(name)
        info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        return self._made.open(info, "w", force_zip64=False)
