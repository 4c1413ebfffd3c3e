"""Breaking a title: complete in meaning, in the shape of a trapezoid or a diamond (GB/T 9704-2012, 7.3.1)."""

from __future__ import annotations

import itertools
import math

from guantong.documents.layout.measures import TITLE_CHARACTERS

# A line may end before these, and after those; words that a break would tear apart are kept together.
BEFORE, AFTER = (
    ("关于", "情况", "履职", "年度", "责任", "考核", "领导", "督办", "会议", "的通报", "的通知", "的公告"),
    "》、，和及",
)


def broken(title: str, *, most: int = TITLE_CHARACTERS) -> str:
    """The title with a line break between its lines; as few lines as will do, of nearly one length."""
    if width(title) <= most:
        return title
    fewest = math.ceil(width(title) / most)
    tries = (_in_lines(title, lines, most) for lines in itertools.count(fewest))
    return "\n".join(next(lines for lines in tries if all(width(each) <= most for each in lines)))


def _in_lines(title: str, lines: int, most: int) -> list[str]:
    found, rest = [], title
    for left in range(lines, 1, -1):
        at = _break_at(rest, wanted=width(rest) / left, most=most)
        found.append(rest[:at])
        rest = rest[at:]
    return [*found, rest]


def width(text: str) -> float:
    """How many full-width characters a text takes: figures and Latin letters take half."""
    return sum(0.5 if ord(each) < 0x2000 else 1 for each in text)


def _break_at(text: str, *, wanted: float, most: int) -> int:
    """Where to end a line: at a seam of the words near the wanted length, never over the width."""
    places = [at for at in range(2, len(text) - 1) if width(text[:at]) <= most and not _tears(text, at)]
    if not places:
        return next(at for at in range(len(text), 0, -1) if width(text[:at]) <= most)
    return min(places, key=lambda at: (abs(width(text[:at]) - wanted) - _seam(text, at), at))


def _seam(text: str, at: int) -> int:
    """How many characters of evenness a break here is worth: most before a year, which a name often precedes."""
    if text[at : at + 4].isdigit() and not text[at - 1].isdigit():
        return 5
    return 3 if text[at:].startswith(BEFORE) or text[at - 1] in AFTER else 0


def _tears(text: str, at: int) -> bool:
    """Whether a break would stand inside a number or a day, or put a mark at the start or the end of a line."""
    before, after = text[at - 1], text[at]
    inside = (before.isascii() and after.isascii()) or after in "年月日"
    return (
        inside or after in "的》”）〕、，。" or before in "《“（〔" or (before in "年月" and after.isdigit())
    )
