"""Which encoding a text file is in: UTF-8, GB18030 and UTF-16 are read, everything else is said to be unreadable."""

from __future__ import annotations

import codecs

from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes, *, name: str) -> str:
    """The text of a file. Refuses with the byte position where nothing fits."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return _strictly(content, encoding, name).removeprefix("\ufeff")
    guessed = _utf16_without_mark(content)
    if guessed:
        return _strictly(content, guessed, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as utf8:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Refusal(
                _("“%(name)s”的编码无法识别（第 %(at)s 个字节处出错），请另存为 UTF-8 编码的 CSV 再试。")
                % {"name": name, "at": max(utf8.start, error.start) + 1}
            ) from error


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal(
            _("“%(name)s”标明是 %(encoding)s 编码，但第 %(at)s 个字节处不合规，请另存为 UTF-8 编码再试。")
            % {"name": name, "encoding": encoding, "at": error.start + 1}
        ) from error


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
