"""Writing folded for comparison: one form for full-width, traditional and simplified, any case, any bracket.

The index and the question are folded by the same table, so what the two do to a text cannot differ. Characters are
folded one by one: two that stand side by side in a text still do in its folded form.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

CHARACTERS = Path(__file__).parent / "characters.txt"
# Han ideographs: the planes of Unicode that hold nothing else, and the zero that years are written with.
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
RUN = re.compile(f"[{HAN}]+|[^\\s{HAN}]+")
_HAN = re.compile(f"[{HAN}]")


@functools.cache
def simplified() -> dict[str, str]:
    """Each traditional character and the simplified one that it is found by."""
    found: dict[str, str] = {}
    for line in CHARACTERS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            found |= dict.fromkeys(line[1:], line[0])
    return found


class _Folds(dict[int, str]):
    """A table for ``str.translate`` that fills itself."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        self[code] = "".join(_plain(each) for each in parts)
        return self[code]


def _plain(character: str) -> str:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return ""
    folded = simplified().get(character, character).casefold()
    return folded if folded.isalnum() or is_han(folded) else " "


_FOLDS = _Folds()


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return _HAN.fullmatch(character) is not None


def fold(text: str) -> str:
    """The text in its one form; whatever is no letter, digit or character is a space."""
    return text.translate(_FOLDS)


def compact(text: str) -> str:
    """The folded text without spaces: ``鄂党发〔２０２６〕12号`` and ``鄂党发[2026]12号`` are one."""
    return fold(text).replace(" ", "")


def runs(text: str) -> list[str]:
    """The folded text in runs: Chinese characters, or letters and digits."""
    return RUN.findall(fold(text))
