"""A sheet's part rewritten as it streams by: marked cells get their colour, the end points at the remarks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from guantong.importing.limited.remarking.fills import Fills
from guantong.importing.limited.remarking.parts import (
    MAIN,
    RELATIONS,
    Strange,
    attribute,
    local,
    sound_parser,
)

PIECE = 1024 * 1024
LONGEST_ROW, LONGEST_END = 16 * 1024 * 1024, 64 * 1024 * 1024
START = re.compile(rb"<((?:[\w.-]+:)?)sheetData\s*(/?)>")
END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
ROW = re.compile(rb"<((?:[\w.-]+:)?)row(?=[\s/>])([^>]*?)(?:/>|>(.*?)</\1row\s*>)", re.DOTALL)
CELL = re.compile(rb"<((?:[\w.-]+:)?)c(?=[\s/>])([^>]*?)(/>|>.*?</\1c\s*>)", re.DOTALL)
NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)[\"']")
PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+)\d+[\"']")
FORMAT = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
SPANS = re.compile(rb"\sspans\s*=\s*[\"'][^\"']*[\"']")
ROOT = re.compile(rb"</((?:[\w.-]+:)?)worksheet\s*>\s*$")
FOLLOWING = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent", "webPublishItems",
     "tableParts", "extLst"}
)  # fmt: skip
Marks = Mapping[int, Mapping[int, str]]
"""{row: {column: verdict}}, from 1"""


def letters_of(column: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(letters: bytes) -> int:
    number = 0
    for each in letters:
        number = number * 26 + each - 64
    return number


class SheetRewriter:
    """Copies a sheet from one stream to another. ``drawing``: the relation of the remarks' shapes."""

    def __init__(self, marks: Marks, fills: Fills, drawing: str) -> None:
        self._marks, self._fills, self._drawing = marks, fills, drawing
        self._row = self._done = 0
        self.legacy = ""
        """The relation of shapes that the sheet has already; remarks join them."""

    def copy(self, source: IO[bytes], write: Callable[[bytes], object]) -> None:
        """Raises Strange for what is not read as a sheet."""
        sound = sound_parser()

        def out(content: bytes) -> None:
            sound.Parse(content, False)
            write(content)

        try:
            rest = self._rows(source, self._until_rows(source, out), out)
            out(self._end(rest, source))
            sound.Parse(b"", True)
        except (expat.ExpatError, ValueError) as error:
            raise Strange from error

    def _until_rows(self, source: IO[bytes], out: Callable[[bytes], None]) -> bytes:
        """Copies up to the rows; returns what was read beyond their start."""
        held = b""
        while piece := source.read(PIECE):
            held += piece
            if found := START.search(held):
                head = held[: found.end()]
                if MAIN not in head or held[:2] in (b"\xff\xfe", b"\xfe\xff") or found[2]:
                    raise Strange
                out(head)
                return held[found.end() :]
            if len(held) > LONGEST_ROW:
                break
        raise Strange

    def _rows(self, source: IO[bytes], held: bytes, out: Callable[[bytes], None]) -> bytes:
        """Copy the rows; returns what was read from their end on."""
        while True:
            end = END.search(held)
            out(self._whole_rows(held, end.start() if end else len(held), is_last=bool(end)))
            if end:
                return held[end.start() :]
            held = held[self._done :]
            piece = source.read(PIECE)
            if not piece or len(held) > LONGEST_ROW:
                raise Strange
            held += piece

    def _whole_rows(self, held: bytes, until: int, *, is_last: bool) -> bytes:
        """The rows that are there whole, the marked ones changed; ``_done`` says how far they reach."""
        parts, done, last = [], 0, 0
        for found in ROW.finditer(held, 0, until):
            number = NUMBER.search(found[2])
            self._row = int(number[1]) if number else self._row + 1
            if marks := self._marks.get(self._row):
                parts += [held[done : found.start()], self._marked(found, marks)]
                done = found.end()
            last = found.end()
        self._done = until if is_last else last
        return b"".join([*parts, held[done : self._done]])

    def _marked(self, row: re.Match[bytes], marks: Mapping[int, str]) -> bytes:
        prefix, attributes, inside = row[1], row[2], row[3] or b""
        usual = FORMAT.search(attributes)
        waiting = sorted(marks)
        parts, done, column = [], 0, 0

        def add_before(limit: int) -> bytes:
            made = b""
            while waiting and waiting[0] < limit:
                at = waiting.pop(0)
                place = f"{letters_of(at)}{self._row}".encode()
                made += b'<%sc r="%s" s="%d"/>' % (
                    prefix,
                    place,
                    self._fills.coloured(_number(usual), marks[at]),
                )
            return made

        for cell in CELL.finditer(inside):
            place = PLACE.search(cell[2])
            column = column_of(place[1]) if place else column + 1
            parts += [inside[done : cell.start()], add_before(column)]
            done = cell.end()
            parts.append(self._coloured(cell, marks[waiting.pop(0)]) if column in waiting[:1] else cell[0])
        parts += [add_before(1 << 20), inside[done:]]
        attributes = SPANS.sub(b"", attributes)
        return b"<%srow%s>%s</%srow>" % (prefix, attributes, b"".join(parts), prefix)

    def _coloured(self, cell: re.Match[bytes], verdict: str) -> bytes:
        format_ = self._fills.coloured(_number(FORMAT.search(cell[2])), verdict)
        return b'<%sc s="%d"%s%s' % (cell[1], format_, FORMAT.sub(b"", cell[2]), cell[3])

    def _end(self, rest: bytes, source: IO[bytes]) -> bytes:
        """What follows the rows, with the shapes of the remarks at their place in the order of a sheet."""
        while piece := source.read(PIECE):
            rest += piece
            if len(rest) > LONGEST_END:
                raise Strange
        close, root = END.match(rest), ROOT.search(rest)
        if close is None or root is None:
            raise Strange
        tail = rest[close.end() :]
        place = self._place(b"<%sworksheet>" % root[1], tail, root.start() - close.end())
        if self.legacy:
            return rest
        drawing = f'<{root[1].decode()}legacyDrawing xmlns:r="{RELATIONS}" r:id="{self._drawing}"/>'.encode()
        return rest[: close.end()] + tail[:place] + drawing + tail[place:]

    def _place(self, opened: bytes, tail: bytes, end: int) -> int:
        """Where the shapes belong; notes those that are there."""
        places: list[int] = []
        depth = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            if depth == 1 and local(name) == "legacyDrawing":
                self.legacy = attribute(attributes, "id")
            elif depth == 1 and local(name) in FOLLOWING:
                places.append(parser.CurrentByteIndex - len(opened))
            depth += 1

        def ended(_name: str) -> None:
            nonlocal depth
            depth -= 1

        parser = sound_parser("utf-8")
        parser.StartElementHandler, parser.EndElementHandler = start, ended
        parser.Parse(opened + tail, True)
        return places[0] if places else end


def _number(format_: re.Match[bytes] | None) -> int:
    return int(format_[1]) if format_ else 0
