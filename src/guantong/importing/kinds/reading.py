"""Cells of a row as days, numbers, yes or no, choices: what cannot be read is said, nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from guantong.importing.kinds.base import Given
from guantong.importing.units.codes import clean, is_mangled
from guantong.importing.workbook.numerals import plain_text

DAY = re.compile(
    r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$"
)
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
SERIAL = re.compile(r"^\d{5}$")
UNIT_OF_NUMBER = re.compile(r"(?<=\d)(?:个?学时|个?小时|分钟|课时|分|次)$")
YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "✓", "对"})
NO = frozenset({"否", "无", "没有", "n", "no", "false", "0", "×", "x", "", "-"})
EPOCH = dt.date(1899, 12, 30)
HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def code(given: Given, name: str) -> str:
    """A code as text; said where a spreadsheet has made a number of it."""
    word = clean(given[name])
    if is_mangled(word):
        given.error(
            name,
            _("代码“%(code)s”被表格软件改成了科学计数，请把该列设为文本后重新导出。") % {"code": word[:40]},
        )
        return ""
    return word


def day(given: Given, name: str) -> dt.date | None:
    """A day however it is written with its year; None where the cell is empty, or is said not to be a day."""
    text = flat(given[name])
    if not text:
        return None
    with suppress(ValueError):
        return dt.date.fromisoformat(text)  # 2026-01-05 and 20260105
    found = DAY.match(text) or COMPACT.match(text) or _han_day(text)
    try:
        if found:
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        if SERIAL.match(text) and 20_000 < int(text) < 80_000:  # the day's number, left by a text format
            return EPOCH + dt.timedelta(days=int(text))
    except ValueError:
        given.error(name, _("“%(day)s”不是存在的日期。") % {"day": given[name][:40]})
        return None
    given.error(name, _why_no_day(text) % {"day": given[name][:40]})
    return None


def _why_no_day(text: str) -> str:
    if re.match(r"^\d{1,2}\s*[-./月]\s*\d{1,2}\s*[日号]?$", text):
        return _("日期“%(day)s”没有写年份，请写明是哪一年，如 2026-01-05。")
    if re.match(r"^\d{4}\s*[-./年]\s*\d{1,2}\s*月?$", text):
        return _("日期“%(day)s”没有写到日，请写明是哪一天，如 2026-01-05。")
    return _("日期“%(day)s”没有读懂，请写成 2026-01-05。")


def _han_day(text: str) -> re.Match[str] | None:
    """二〇二六年三月十五日"""
    parts = re.match(r"^([〇○零一二三四五六七八九]{4})年(.{1,3})月(.{1,3})[日号]$", text)
    if not parts:
        return None
    year = parts[1].translate(HAN_DIGITS)
    return re.match(
        r"^(\d{4})-(\d{1,2})-(\d{1,2})$", f"{year}-{plain_text(_number(parts[2]))}-{_number(parts[3])}"
    )


def _number(han: str) -> str:
    """Up to 99 in Chinese numerals."""
    if "十" not in han:
        return han.translate(HAN_DIGITS)
    tens, _ten, ones = han.partition("十")
    return str(int((tens or "一").translate(HAN_DIGITS)) * 10 + int((ones or "〇").translate(HAN_DIGITS)))


def number(
    given: Given, name: str, *, least: Decimal | int = 0, most: Decimal | int = 10**6
) -> Decimal | None:
    text = UNIT_OF_NUMBER.sub("", flat(given[name]).replace(",", "").replace(" ", ""))
    if not text:
        return None
    try:
        found = Decimal(text)
        if not found.is_finite() or not least <= found <= most:
            raise InvalidOperation
    except InvalidOperation:
        given.error(
            name,
            _("“%(text)s”应为 %(least)s 到 %(most)s 之间的数。")
            % {"text": given[name][:40], "least": least, "most": most},
        )
        return None
    return found


def yes(given: Given, name: str) -> bool | None:
    """True, False, or None where the cell is empty."""
    text = flat(given[name]).lower()
    if not text:
        return None
    if text in YES or text in NO:
        return text in YES
    given.error(name, _("“%(text)s”应填“是”或“否”。") % {"text": given[name][:40]})
    return None


def choice(
    given: Given, name: str, choices: type[models.TextChoices], *, known: Iterable[object] = ()
) -> str:
    """A choice by its value or its name in words, in either language; said where there is no such one.

    ``known``: the words to offer where not all may be chosen.
    """
    text = flat(given[name])
    if not text:
        return ""
    found = names_of(choices).get(text.lower())
    if found is None:
        listed = "、".join(str(each) for each in known or choices.labels)
        given.error(
            name, _("没有“%(text)s”这一项，可填：%(known)s。") % {"text": given[name][:40], "known": listed}
        )
    return found or ""


@lru_cache(maxsize=32)
def names_of(choices: type[models.TextChoices]) -> dict[str, str]:
    """Each choice by its value and by its name in both languages."""
    names = {each.value.lower(): each.value for each in choices}
    for language in ("zh-hans", "en"):
        with override(language):
            names |= {str(each.label).lower(): each.value for each in choices}
    return names


def words(given: Given, name: str) -> list[str]:
    return [each.strip() for each in re.split(r"[、,，;；/\n]+", flat(given[name])) if each.strip()]


def text(given: Given, name: str, *, most: int) -> str:
    """Free text as it stands; said where it is longer than is kept."""
    found = given[name].strip()
    if len(found) > most:
        given.error(name, _("最多 %(most)s 字，现有 %(n)s 字。") % {"most": most, "n": len(found)})
    return found
