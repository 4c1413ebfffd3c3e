"""What a title says apart from the wording of papers: its bigrams, and the numbers that tell one thing from another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guantong.kernel.likeness import NO_WORDS, bigrams_of, folded

# Words of papers rather than of the matter. They part the text: no bigram reaches across them.
PAPER = (
    r"关于|通知|请示|报告|意见|方案|进一步|深入|扎实|切实|全面|认真|持续|大力|积极|加强|强化|加快|深化|做好|抓好|推进|推动|开展|组织|实施|"
    r"落实|贯彻|建立|健全|完善|督促|协调|解决|完成|工作|事项|任务|情况|问题|有关|相关|以及|年度|今年|全年|的|了|和|及|与|等"
)
YEAR = re.compile(r"(?:19|20)\d\d\s*年?度?|二[〇零○]..年度?")
NUMERAL = r"\d+|[一二三四五六七八九十]+"
# A number of a series: the third batch is not the fourth. A quantity (12 个, 90%) is not one.
UNITS = "季度|月|号|期|批|次|轮|标段|届|周|线|组|中学|小学"
SERIES = re.compile(rf"第?({NUMERAL})({UNITS})|第({NUMERAL})(.)|([上下])(半年|旬)|([a-z]+\d+)")
PARTING = re.compile(PAPER + r"|[\W_\d]+")
DIGITS = "一二三四五六七八九"
SURE = 6  # bigrams from which being contained in the other title says something


@dataclass(frozen=True, slots=True)
class Wording:
    """A title as it is compared. ``series`` are its numbers of a series by what they number."""

    bigrams: frozenset[str]
    series: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, title: str) -> Wording:
        text = YEAR.sub(" ", folded(title))
        series = frozenset(_numbered(found) for found in SERIES.finditer(text))
        rest = SERIES.sub(" ", text)
        return cls(bigrams_of(PARTING.sub(" ", rest)) or bigrams_of(NO_WORDS.sub(" ", text)), series)


def bigrams(text: str) -> frozenset[str]:
    """The bigrams of a plain text."""
    return bigrams_of(NO_WORDS.sub(" ", folded(text)))


def _numbered(found: re.Match[str]) -> tuple[str, str]:
    number, unit, ordinal, what, half, of, code = found.groups()
    if code:
        return "code", code
    if half:
        return of, half
    return unit or what, str(_whole(number or ordinal))


def _whole(numeral: str) -> int:
    """12, 十二 and 一二 are twelve."""
    if numeral.isdigit():
        return int(numeral)
    if "十" in numeral:
        tens, _ten, ones = numeral.partition("十")
        return 10 * _whole(tens or "一") + (_whole(ones) if ones else 0)
    return int("".join(str(DIGITS.index(digit) + 1) for digit in numeral))


def alike(one: Wording, other: Wording) -> float:
    """How far two titles say the same, 0 to 1: the mean of Dice's coefficient and of how far one holds the other.

    Less where characters stand in each other's place (供热 and 供水), which moved words do not do. Two of one series
    with different numbers are different things: 0.
    """
    kinds = {kind for kind, _number in one.series} & {kind for kind, _number in other.series}
    if any(not _of(one, kind) & _of(other, kind) for kind in kinds):
        return 0.0
    shared = len(one.bigrams & other.bigrams)
    if not shared:
        return 0.0
    sizes = sorted((len(one.bigrams), len(other.bigrams)))
    dice = 2 * shared / sum(sizes)
    whole = (dice + shared / sizes[0]) / 2 if sizes[0] >= SURE else dice
    mine, others = set("".join(one.bigrams)), set("".join(other.bigrams))
    return whole * (1 - min(len(mine - others), len(others - mine)) / min(len(mine), len(others)))


def _of(wording: Wording, kind: str) -> set[str]:
    return {number for found, number in wording.series if found == kind}
