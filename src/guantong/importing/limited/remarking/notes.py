"""The two parts that a sheet's remarks are kept in: their words, and the boxes that show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from guantong.importing.limited.remarking.parts import MAIN, Strange
from guantong.importing.limited.remarking.sheets import letters_of

AUTHOR = "贯通"
LONGEST = 8000
Words = Mapping[tuple[int, int], str]
"""{(row, column): what is said}, from 1"""
LIST = re.compile(rb"<((?:[\w.-]+:)?)commentList\b[^>]*?(?:/>|>(.*)</\1commentList\s*>)", re.DOTALL)
AUTHORS = re.compile(rb"<((?:[\w.-]+:)?)authors\b[^>]*?(?:/>|>(.*?)</\1authors\s*>)", re.DOTALL)
ONE_AUTHOR = re.compile(rb"<(?:[\w.-]+:)?author(?:\s*/>|\s*>(.*?)</(?:[\w.-]+:)?author\s*>)", re.DOTALL)
COMMENT = re.compile(rb"<((?:[\w.-]+:)?)comment(?=\s)([^>]*)>.*?</\1comment\s*>", re.DOTALL)
REF = re.compile(rb"\sref\s*=\s*[\"']([A-Z]+)(\d+)[\"']")
WHO = re.compile(rb"\sauthorId\s*=\s*[\"'](\d+)[\"']")
SHAPE = re.compile(rb"<(?:[\w.-]+:)?shape(?=\s).*?</(?:[\w.-]+:)?shape\s*>", re.DOTALL)
SHAPE_AT = re.compile(rb":?Row\s*>\s*(\d+)\s*<.*?:?Column\s*>\s*(\d+)\s*<", re.DOTALL)
SHAPE_NUMBER = re.compile(rb"_s(\d{1,9})\b")
EARLIER = re.compile(
    rb'<((?:[\w.-]+:)?)r><\1t xml:space="preserve">\n%s[^<]*</\1t></\1r>' % f"{AUTHOR}：".encode()
)
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
SHAPE_TYPE = (
    f'<v:shapetype {SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


class Notes:
    """Remarks of one sheet beside the comments that it has; those of an earlier round are left out."""

    def __init__(self, words: Words, comments: bytes, shapes: bytes) -> None:
        self._words = dict(words)
        self._comments, self._shapes = comments, shapes
        self._theirs: dict[tuple[int, int], bytes] = {}
        self._stale: set[tuple[int, int]] = set()
        self._authors: list[bytes] = []
        if comments:
            self._take_over(comments)

    def _take_over(self, comments: bytes) -> None:
        authors, entries = AUTHORS.search(comments), LIST.search(comments)
        if MAIN not in comments or authors is None or entries is None:
            raise Strange
        self._authors = [each[1] or b"" for each in ONE_AUTHOR.finditer(authors[2] or b"")]
        for each in COMMENT.finditer(entries[2] or b""):
            ref, who = REF.search(each[2]), WHO.search(each[2])
            if ref is None:
                raise Strange
            place = (int(ref[2]), _column(ref[1]))
            if who and self._authors[int(who[1]) : int(who[1]) + 1] == [AUTHOR.encode()]:
                self._stale.add(place)
            else:
                self._theirs[place] = EARLIER.sub(b"", each[0])

    def comments(self) -> Iterator[bytes]:
        """The part with the words, piece by piece; what stands before and after them stays."""
        entries, authors = LIST.search(self._comments), AUTHORS.search(self._comments)
        prefix = entries[1].decode() if entries else ""
        yield (
            self._comments[: authors.start()]
            if authors
            else f'{DECLARED}<comments xmlns="{MAIN.decode()}">'.encode()
        )
        known = (*(each.decode() for each in self._authors), AUTHOR)
        names = "".join(f"<{prefix}author>{each}</{prefix}author>" for each in known)
        yield f"<{prefix}authors>{names}</{prefix}authors><{prefix}commentList>".encode()
        for place in sorted({*self._theirs, *self._words}):
            said = self._words.get(place)
            if place in self._theirs:
                yield _joined(self._theirs[place], said, prefix) if said else self._theirs[place]
            else:
                yield self._comment(place, said or "", prefix)
        yield f"</{prefix}commentList>".encode()
        yield self._comments[entries.end() :] if entries else b"</comments>"

    def _comment(self, place: tuple[int, int], said: str, prefix: str) -> bytes:
        ref = f"{letters_of(place[1])}{place[0]}"
        return (
            f'<{prefix}comment ref="{ref}" authorId="{len(self._authors)}"><{prefix}text>'
            f'<{prefix}t xml:space="preserve">{plain(said)}</{prefix}t></{prefix}text></{prefix}comment>'
        ).encode()

    def shapes(self, first: int) -> Iterator[bytes]:
        """The part with the boxes, piece by piece. ``first``: the block of numbers that they have for themselves."""
        new = [place for place in sorted(self._words) if place not in self._theirs]
        number = first * 1024
        if self._shapes:
            head, end = self._kept_shapes()
            number = max([number, *(int(each) for each in SHAPE_NUMBER.findall(head))])
            yield head
            if b"_x0000_t202" not in head:
                yield SHAPE_TYPE.encode()
        else:
            blocks = ",".join(str(first + n) for n in range(len(new) // 1024 + 1))
            yield (
                f'<xml {SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
                f"{SHAPE_TYPE}"
            ).encode()
            end = b"</xml>"
        for at, place in enumerate(new, start=number + 1):
            yield _shape(at, place, self._words[place])
        yield end

    def _kept_shapes(self) -> tuple[bytes, bytes]:
        """The part as it was without the boxes of an earlier round, cut before its end."""
        kept = SHAPE.sub(self._unless_stale, self._shapes) if self._stale else self._shapes
        at = kept.rfind(b"</xml")
        if at < 0:
            raise Strange
        return kept[:at], kept[at:]

    def _unless_stale(self, shape: re.Match[bytes]) -> bytes:
        at = SHAPE_AT.search(shape[0])
        return b"" if at and (int(at[1]) + 1, int(at[2]) + 1) in self._stale else shape[0]


def _joined(comment: bytes, said: str, prefix: str) -> bytes:
    """A comment of somebody else with a remark below it."""
    end = f"</{prefix}text>".encode()
    if end not in comment:
        raise Strange
    run = f'<{prefix}r><{prefix}t xml:space="preserve">\n{AUTHOR}：{plain(said)}</{prefix}t></{prefix}r>'
    head, _end, rest = comment.rpartition(end)
    return _as_runs(head, prefix) + run.encode() + end + rest


def _as_runs(head: bytes, prefix: str) -> bytes:
    """A text that stands by itself becomes a run, so that another may follow it."""
    start, text = f"<{prefix}text>".encode(), f"<{prefix}t".encode()
    before, _start, inside = head.partition(start)
    if not re.match(re.escape(text) + rb"[\s>]", inside.lstrip()):
        return head
    return before + start + f"<{prefix}r>".encode() + inside + f"</{prefix}r>".encode()


def plain(said: str) -> str:
    """As XML, without what it cannot hold."""
    kept = "".join(
        each for each in said[:LONGEST] if each in "\n\t" or (each >= " " and each not in "\ufffe\uffff")
    )
    return escape(kept.encode("utf-8", "ignore").decode())


def _shape(number: int, place: tuple[int, int], said: str) -> bytes:
    row, column = place[0] - 1, place[1] - 1
    height = 2 + sum(1 + len(each) // 22 for each in said[:LONGEST].split("\n"))
    return (
        f'<v:shape {SPACES} id="_x0000_s{number}" type="#_x0000_t202" '
        'style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox/>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column + 1},15,{max(row - 1, 0)},2,{column + 4},31,{max(row - 1, 0) + height},2</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    ).encode()


def _column(letters: bytes) -> int:
    number = 0
    for each in letters:
        number = number * 26 + each - 64
    return number
