"""Division codes, short and padded, and the words for levels."""

from __future__ import annotations

import re
import unicodedata

WIDTHS = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
RANK = {level: rank for rank, level in enumerate(WIDTHS.values())}
OWN_CODE = re.compile(r"^[\w.\-]+$")
MANGLED = re.compile(r"^\d+(\.\d+)?[eE]\+?\d+$")
LEVEL_WORDS = {
    "province": "province", "省": "province", "省级": "province", "自治区": "province", "直辖市": "province",
    "city": "city", "市": "city", "市级": "city", "地级": "city", "地市级": "city", "盟": "city", "地级市": "city",
    "county": "county", "县": "county", "县级": "county", "旗": "county", "区": "county", "旗区": "county", "区县": "county", "旗县": "county",
    "township": "township", "乡": "township", "镇": "township", "乡级": "township", "乡镇": "township", "街道": "township",
    "苏木": "township", "苏木乡镇": "township", "苏木乡镇街道": "township",
    "village": "village", "村": "village", "村级": "village", "社区": "village", "嘎查": "village", "嘎查村": "village", "嘎查村社区": "village",
}  # fmt: skip


def clean(text: str | None) -> str:
    """Trimmed, full-width digits and letters made plain, Excel's text mark taken off."""
    if not text:
        return ""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return plain.strip().lstrip("'").strip()


def is_mangled(code: str) -> bool:
    """A code that a spreadsheet turned into a number such as ``1.506E+11``."""
    return bool(MANGLED.match(code))


def short_code(code: str, level: str = "") -> str:
    """A division code without its padding: ``150600000000`` → ``1506``; others as they are.

    With a ``level`` it is cut to that level's width and no further: a city without counties repeats its code one
    level down (``441900`` under ``4419``), and the two are different units.
    """
    forms = padded_forms(code)
    for form in forms:
        if level and level_of_code(form) == level:
            return form
    return forms[-1]


def padded_forms(code: str) -> list[str]:
    """The code, and each shorter one that it pads with zeros: ``441900`` → ``441900``, ``4419``."""
    if not is_division(code):
        return [code]
    return [code] + [
        code[:width] for width in (9, 6, 4, 2) if width < len(code) and set(code[width:]) == {"0"}
    ]


def is_division(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) in WIDTHS


def level_of_code(code: str) -> str | None:
    return WIDTHS.get(len(code)) if is_division(code) else None


def parent_of_code(code: str) -> str:
    """The code of the division right above, by the code's own digits; empty for a province."""
    widths = [width for width in WIDTHS if width < len(code)]
    return code[: widths[-1]] if widths else ""
