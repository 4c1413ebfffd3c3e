"""Opening hours as they are written: 周一至周五 9:00-12:00、14:30-17:30；周六 9:00-12:00."""

from __future__ import annotations

import re
from typing import Any

DAYS = "一二三四五六日"
DAY = r"(?:每?周|星期|礼拜)?([一二三四五六日天1-7])"
TO = r"[-–—~～至到]+"
TIMES = re.compile(rf"(\d{{1,2}})[:：.](\d{{2}})\s*{TO}\s*(\d{{1,2}})[:：.](\d{{2}})")
RANGE = re.compile(rf"^{DAY}\s*{TO}\s*{DAY}$")
ONE = re.compile(rf"^{DAY}$")
EVERY = {
    "每天": range(1, 8),
    "每日": range(1, 8),
    "全周": range(1, 8),
    "工作日": range(1, 6),
    "周末": range(6, 8),
    "双休日": range(6, 8),
}


def hours_in(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """(spans as `Home.hours` has them, parts that were not understood). A part without a day is of the days before it."""
    hours: list[dict[str, Any]] = []
    unread: list[str] = []
    days: list[int] = []
    for part in filter(None, (each.strip() for each in re.split(r"[;；\n]+", text))):
        found = list(TIMES.finditer(part))
        rest = "".join(TIMES.sub(" ", part).split())
        named = days_in(TIMES.split(part)[0]) if found else None
        if found and named == [] and days and not rest.strip("、，,和及"):
            named = days
        if not found or not named or re.sub(r"[、，,和及]", "", rest[len(_bare(TIMES.split(part)[0])) :]):
            unread.append(part)
            continue
        days = named
        spans = [(each[1].zfill(2) + ":" + each[2], each[3].zfill(2) + ":" + each[4]) for each in found]
        hours += [{"day": day, "from": opens, "to": closes} for day in days for opens, closes in spans]
    return hours, unread


def days_in(words: str) -> list[int] | None:
    """Days of the week in words; None where they are not understood, empty where there are none."""
    found: list[int] = []
    for word in filter(None, re.split(r"[、，,和及]", _bare(words).rstrip(":："))):
        if word in EVERY:
            found += EVERY[word]
        elif span := RANGE.match(word):
            first, last = _number(span[1]), _number(span[2])
            if first > last:
                return None
            found += range(first, last + 1)
        elif one := ONE.match(word):
            found.append(_number(one[1]))
        else:
            return None
    return list(dict.fromkeys(found))


def _bare(words: str) -> str:
    return "".join(words.split())


def _number(word: str) -> int:
    return int(word) if word.isdigit() else DAYS.index(word.replace("天", "日")) + 1
