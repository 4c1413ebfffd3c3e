"""Text files: which encoding one is in, and its table. UTF-8, GB18030, Big5 and UTF-16 are read, nothing is guessed past them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from guantong.importing.limited.unreadable import Unreadable

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = (",", "\t", ";", "，")


def decoded(content: bytes) -> tuple[str, str]:
    """(text, encoding). Raises Unreadable with the byte position where nothing fits."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return _strictly(content, encoding).removeprefix("\ufeff"), encoding
    guessed = _utf16_without_mark(content)
    if guessed:
        return _strictly(content, guessed), guessed
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as utf8:
        encoding = "big5" if _looks_like_big5(content) else "gb18030"
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            raise Unreadable("encoding", at=max(utf8.start, error.start) + 1) from error


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("marked_encoding", encoding=encoding, at=error.start + 1) from error


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 without a mark shows in its ASCII commas and digits: every other byte is zero."""
    head = content[:400]
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.2 and even < half * 0.02:
        return "utf-16-le"
    if even > half * 0.2 and odd < half * 0.02:
        return "utf-16-be"
    return None


def _looks_like_big5(content: bytes) -> bool:
    """Whether more characters are common ones when read as Big5 (A4-C6) than as GB (B0-D7, second byte from A1)."""
    head = content[:20_000]
    try:
        head.decode("big5")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 2:
            return False
    common = {"big5": 0, "gb": 0}
    all_of = {"big5": 0, "gb": 0}
    at = 0
    while at < len(head) - 1:
        lead, trail = head[at], head[at + 1]
        if lead < 0x80:
            at += 1
            continue
        all_of["big5"] += 1
        all_of["gb"] += 1
        common["big5"] += 0xA4 <= lead <= 0xC6 or lead == 0xA1
        common["gb"] += (0xB0 <= lead <= 0xD7 and trail >= 0xA1) or (0xA1 <= lead <= 0xA3 and trail >= 0xA1)
        at += 2
    return bool(all_of["big5"]) and common["big5"] > common["gb"]


def rows_of(text: str, *, most_rows: int) -> Iterator[list[str]]:
    """The rows of the table in the text, by the delimiter that its first lines use."""
    if not text.strip("\r\n\t ,;\x00"):
        raise Unreadable("empty")
    head = text[:4000]
    delimiter = max(DELIMITERS, key=lambda each: (head.count(each), each == ","))
    csv.field_size_limit(200_000)
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ):
            if number >= most_rows:
                raise Unreadable("too_many_rows", most=most_rows)
            yield row
    except csv.Error as error:
        raise Unreadable("csv", error=str(error)) from error
