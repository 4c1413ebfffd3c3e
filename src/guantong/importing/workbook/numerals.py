"""Numbers as officials write them: full-width digits, Chinese numerals."""

from __future__ import annotations

import re
import unicodedata

DIGITS = {
    "〇": 0,
    "零": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
CHINESE = re.compile(
    r"[〇○零一二两三四五六七八九十百]+(?=[年月日号个周天％%季旬])|(?<=[第前近])[一二两三四五六七八九十]+(?=[季年月周])"
)


def plain_text(text: str) -> str:
    """NFKC (full-width to plain), without any white space, Chinese numerals before units made digits."""
    flat = unicodedata.normalize("NFKC", text)
    flat = re.sub(r"\s+", "", flat)
    return CHINESE.sub(lambda match: number_of(match[0]), flat)


def number_of(word: str) -> str:
    """``二十一`` → ``21``, ``二〇二六`` → ``2026``; what is no numeral comes back as it is."""
    if "十" in word or "百" in word:
        hundreds, _sep, rest = word.rpartition("百")
        total = DIGITS.get(hundreds, 1) * 100 if _sep else 0
        if "十" in rest:
            tens, _ten, ones = rest.partition("十")
            total += DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)
        elif rest:
            total += DIGITS.get(rest[-1], 0)
        return str(total)
    if all(each in DIGITS for each in word):
        return "".join(str(DIGITS[each]) for each in word)
    return word
