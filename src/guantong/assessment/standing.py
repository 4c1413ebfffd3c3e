"""How a score stands among those it may be compared with – or why it does not – in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.assessment import queries
from guantong.assessment.groups import is_ranked
from guantong.assessment.models import LineStatus, Score
from guantong.mechanisms.package import Package, Scorecard

GRADE_NAMES = {
    "excellent": gettext_lazy("优秀"),
    "good": gettext_lazy("良好"),
    "pass": gettext_lazy("合格"),
    "fail": gettext_lazy("不合格"),
}
GRADE_TONES = {"excellent": "good", "good": "info", "pass": "", "fail": "bad"}
# Four things that look different: a number (0 too) is in the figures, these three are words of a tone of their own.
STATUS_TONES = {LineStatus.NO_DATA: "warn", LineStatus.NOT_APPLICABLE: "", LineStatus.EXCUSED: "info"}


def grade_name(grade: str) -> object:
    return GRADE_NAMES.get(grade, grade)


def in_words(step: str) -> str:
    """A step of the sum with the names of grades; in the result it has their identifiers."""
    return re.sub(r"\b(excellent|good|pass|fail)\b", lambda found: str(grade_name(found.group())), step)


def card_name(of: Mapping[str, Any], package: Package) -> str:
    """What a scorecard is for, in words of its package."""
    if of.get("kind"):
        kind = next((str(each.name) for each in package.unit_kinds if each.id == of["kind"]), str(of["kind"]))
        levels = of.get("levels") or []
        levels = [levels] if isinstance(levels, str) else levels
        names = [str(each.name) for each in package.levels if each.id in levels]
        return _("%(kind)s（%(levels)s）") % {"kind": kind, "levels": _("、").join(names)} if names else kind
    seats = of.get("offices") or [of.get("office")]
    return _("、").join(str(package.seat(str(seat)).name) for seat in seats)


@dataclass(frozen=True, slots=True)
class Standing:
    """One score beside others. ``why`` says why it has no place; ``group`` is empty where all are compared."""

    score: Score
    group: str
    number: int
    why: str = ""
    none: str = ""  # the status that stands in place of a total
    scale: Decimal = Decimal(100)

    @property
    def has_width(self) -> bool:
        return self.score.low is not None and self.score.low != self.score.high

    @property
    def whisker(self) -> dict[str, str]:
        """Where low, total and high lie on a line of 100, for the drawing beside the figures."""
        ends = {"low": self.score.low, "at": self.score.total, "high": self.score.high}
        longest = max(self.scale, *(each for each in ends.values() if each is not None))
        return {key: f"{100 * each / longest:.1f}" for key, each in ends.items() if each is not None}

    @property
    def grade(self) -> object:
        return grade_name(self.score.grade)

    @property
    def grade_tone(self) -> str:
        return GRADE_TONES.get(self.score.grade, "")

    @property
    def none_label(self) -> object:
        return LineStatus(self.none).label if self.none else ""

    @property
    def none_tone(self) -> str:
        return STATUS_TONES.get(LineStatus(self.none), "") if self.none else ""


def group_name(card: Scorecard, group: str) -> str:
    """The name of a comparable group; those in none are together, and nameless where the card has no groups."""
    if not card.groups:
        return ""
    return next((str(each.name) for each in card.groups if each.id == group), _("其他"))


def standings_of(scores: Sequence[Score]) -> list[Standing]:
    """Those of scores with their runs: two queries, whatever the number."""
    sizes = queries.group_sizes(scores)
    without = queries.statuses_of([each for each in scores if each.total is None])
    packages = {each.run_id: queries.package_of(each.run) for each in scores}
    return [
        _standing(
            each,
            packages[each.run_id].scorecard(each.scorecard),
            sizes.get((each.run_id, each.scorecard, each.group), 0),
            without.get(each.pk, set()),
        )
        for each in scores
    ]


def _standing(score: Score, card: Scorecard, number: int, statuses: Iterable[str]) -> Standing:
    none = ""
    if score.total is None:
        order = (LineStatus.NO_DATA, LineStatus.EXCUSED, LineStatus.NOT_APPLICABLE)
        none = next((each for each in order if each in set(statuses)), LineStatus.NO_DATA)
    why = _why_no_place(score, card, number)
    return Standing(score, group_name(card, score.group), number, why, none, card.scale)


def _why_no_place(score: Score, card: Scorecard, number: int) -> str:
    if not is_ranked(card):
        return _("这一类对象只列事实，不排位次。")
    if score.total is None:
        return _("没有得分，不排位次。")
    return too_few(group_name(card, score.group), number, card.min_n)


def too_few(group: str, number: int, least: int) -> str:
    """Why nobody of a group has a place; empty where there are enough."""
    if number >= least:
        return ""
    said = {"group": group, "n": number, "least": least}
    if group:
        return _("可比组“%(group)s”有得分的只有 %(n)s 个，不足 %(least)s 个，不排位次、不分档。") % said
    return _("有得分的只有 %(n)s 个，不足 %(least)s 个，不排位次、不分档。") % said
