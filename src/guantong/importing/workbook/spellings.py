"""Other ways to write a deadline, brought to the one that is read: quarters as Q2, months as 2026/06, days as a clock."""

from __future__ import annotations

import re

TIME = re.compile(r"(?<=\d)[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_BETWEEN = r"[\-—–~～至到]+"
SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(20\d{2})年?[Qq]([1-4])"), r"\1年第\2季度"),
    (re.compile(r"(?<![A-Za-z\d])[Qq]([1-4])(?!\d)"), r"第\1季度"),
    (re.compile(rf"^(20\d{{2}})[./](\d{{1,2}}){_BETWEEN}(20\d{{2}})[./](\d{{1,2}})$"), r"\1年\2月至\3年\4月"),
    (
        re.compile(
            rf"^(20\d{{2}})[./](\d{{1,2}})[./](\d{{1,2}}){_BETWEEN}(20\d{{2}})[./](\d{{1,2}})[./](\d{{1,2}})$"
        ),
        r"\1年\2月\3日至\4年\5月\6日",
    ),
    (
        re.compile(rf"^(20\d{{2}})\.(\d{{1,2}})\.(\d{{1,2}}){_BETWEEN}(\d{{1,2}})\.(\d{{1,2}})$"),
        r"\1年\2月\3日至\4月\5日",
    ),
    (re.compile(r"^[从自](\d[\d年月日号]*)起?[至到]"), r"\1至"),
    (re.compile(r"(?<=日)\d{1,2}:\d{2}"), ""),
    (re.compile(r"^(20\d{2})[./\-](\d{1,2})(?=前|底|止|$)"), r"\1年\2月"),
    (re.compile(r"(\d{1,2}\.\d{1,2})/(?=\d{1,2}\.\d{1,2})"), r"\1、"),
)


def without_time(text: str) -> str:
    """A day as a workbook's own date turned to text is written."""
    return TIME.sub("", text)


def respelt(flat: str) -> str:
    """In the words that `deadlines` reads; ``flat`` is what `numerals.plain_text` gives."""
    for pattern, wording in SPELLINGS:
        flat = pattern.sub(wording, flat)
    return flat
