"""The algebra of scores: a card added up in a stated order, then cards placed beside each other.

Vocabulary and order are those of `mechanism/1` (package format, 4.2): item scores → item floors and caps →
rescale → bonus (capped) and penalties → clamp to 0..scale + bonus cap → grade by ``min`` → veto lowers the
grade → share limit lowers the lowest-placed → tie-break. Decimals, one rounding at the end; nothing here reads
a database. How one item gets its points is in `scoring`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal, localcontext
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from guantong.assessment.scoring import (
    PRECISION,
    ZERO,
    ItemScore,
    Measured,
    score_item,
    shown,
    units_counted,
)
from guantong.kernel.decimals import plain, round_half_up

__all__ = [
    "CardItem",
    "CardScore",
    "GradeBand",
    "ItemScore",
    "Measured",
    "Placed",
    "apply_share_limits",
    "grade_of",
    "places",
    "rank",
    "score_card",
    "score_item",
    "shown",
    "units_counted",
]

# Divisions are kept to 50 digits; what they lose beyond the 30th decimal is given back before rounding, so
# that thirds that add up to a half cent round like a half cent.
GUARD = Decimal("1e-30")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class CardItem:
    id: str
    weight: Decimal | None
    score: ItemScore
    bonus: bool = False
    penalty: bool = False
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GradeBand:
    """A grade reached from ``min`` points on; ``share_max`` limits the part of the scored that may have it."""

    id: str
    min: Decimal
    share_max: Decimal | None = None


@dataclass(frozen=True)
class CardScore:
    """A card's result. ``total`` is None when no item could be scored at all: no data, not 0.

    ``factor`` is what rescaling multiplied an item's points by; ``top`` the most the card could give.
    """

    total: Decimal | None
    grade: str | None
    earned: Decimal = ZERO
    applicable: Decimal = ZERO
    bonus: Decimal = ZERO
    penalty: Decimal = ZERO
    steps: list[str] = field(default_factory=list)
    factor: Decimal = Decimal(1)
    top: Decimal = ZERO


# --- one card ----------------------------------------------------------------------------------------


def score_card(
    items: Sequence[CardItem],
    *,
    scale: Decimal,
    missing_items: str = "rescale",
    bonus_cap: Decimal | None = None,
    grades: Sequence[GradeBand] = (),
    confirmed_vetoes: Sequence[str] = (),
) -> CardScore:
    """Add a card up in the stated order, with a step in words for each line of the sum.

    ``confirmed_vetoes`` are the grades that confirmed vetoes limit to; ValueError where one is no grade.
    """
    with localcontext() as context:
        context.prec = PRECISION
        weighted = [item for item in items if item.weight and not item.bonus and not item.penalty]
        scored = [item for item in weighted if item.score.points is not None]
        if not scored:
            return CardScore(None, None, steps=[_("没有可以计分的指标，不计总分。")])
        earned = sum((_points(item) for item in scored), ZERO)
        applicable = sum((item.weight for item in scored if item.weight), ZERO)
        steps = [
            _("各项得分合计 %(sum)s = %(earned)s")
            % {"sum": " + ".join(shown(_points(item)) for item in scored), "earned": shown(earned)}
        ]
        subtotal, factor = earned, Decimal(1)
        if missing_items == "rescale" and applicable != scale:
            subtotal, factor = earned / applicable * scale, scale / applicable
            steps.append(_rescaled(earned, applicable, scale, subtotal))
        elif len(scored) < len(weighted):
            steps.append(_("有 %(n)s 项不计入") % {"n": len(weighted) - len(scored)})
        bonus, penalty = _bonus(items, bonus_cap, steps), _penalty(items)
        if bonus or penalty:
            steps.append(
                f"{shown(subtotal)} + {shown(bonus)} − {shown(-penalty)} = {shown(subtotal + bonus + penalty)}"
            )
        top = scale + max(bonus if bonus_cap is None else bonus_cap, ZERO)
        total = _clamped(subtotal + bonus + penalty, top, steps)
        steps.append(_("四舍五入保留两位：%(total)s") % {"total": format(total, "f")})
    grade = _vetoed(grade_of(total, grades), confirmed_vetoes, grades, steps)
    return CardScore(total, grade, earned, applicable, bonus, penalty, steps, factor, top)


def _points(item: CardItem) -> Decimal:
    """Item floors and caps: never below 0, never above the weight or the item's own cap."""
    points = item.score.points if item.score.points is not None else ZERO
    tops = [top for top in (item.weight, item.cap) if top is not None]
    return min([max(points, ZERO), *tops])


def _rescaled(earned: Decimal, applicable: Decimal, scale: Decimal, result: Decimal) -> str:
    return _("按适用分值折算 %(earned)s ÷ %(applicable)s × %(scale)s = %(result)s") % {
        "earned": shown(earned),
        "applicable": plain(applicable),
        "scale": plain(scale),
        "result": shown(result),
    }


def _bonus(items: Sequence[CardItem], cap: Decimal | None, steps: list[str]) -> Decimal:
    """Bonus points together, each item within its own cap, all within the card's."""
    bonus = sum((_points(item) for item in items if item.bonus), ZERO)
    if cap is not None and bonus > cap:
        steps.append(_("加分 %(bonus)s，上限 %(cap)s") % {"bonus": shown(bonus), "cap": plain(cap)})
        return cap
    return bonus


def _penalty(items: Sequence[CardItem]) -> Decimal:
    """Penalty points together, 0 or below, whichever way the item's scoring signs them."""
    penalty = ZERO
    for item in items:
        if item.penalty and item.score.points is not None:
            points = abs(item.score.points)
            penalty -= points if item.cap is None else min(points, item.cap)
    return penalty


def _clamped(total: Decimal, top: Decimal, steps: list[str]) -> Decimal:
    """Within 0 and the top, and rounded half up: the only rounding of a score."""
    total = total.quantize(GUARD)
    if total > top:
        steps.append(f"{shown(total)} → {_('上限')} {plain(top)}")
        total = top
    if total < ZERO:
        steps.append(f"{shown(total)} → {_('扣完为止')} 0")
        total = ZERO
    return round_half_up(total)


def grade_of(total: Decimal, grades: Sequence[GradeBand]) -> str | None:
    """The highest grade whose ``min`` the rounded total reaches."""
    for grade in sorted(grades, key=lambda each: each.min, reverse=True):
        if total >= grade.min:
            return grade.id
    return None


def _vetoed(
    grade: str | None, limits: Sequence[str], grades: Sequence[GradeBand], steps: list[str]
) -> str | None:
    """The grade, lowered to the lowest limit; a veto never raises one."""
    order = [each.id for each in sorted(grades, key=lambda each: each.min)]
    for limit in limits:
        if limit not in order:
            raise ValueError(f"a veto limits to an unknown grade: {limit!r}")
        if grade is not None and order.index(grade) > order.index(limit):
            steps.append(f"{_('一票否决事项')}：{grade} → {limit}")
            grade = limit
    return grade


# --- several cards beside each other -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """One scored subject among its like; ``tie_break`` compares larger-is-better, in order."""

    key: Any
    total: Decimal
    grade: str | None
    tie_break: tuple[Decimal, ...] = ()

    @property
    def order(self) -> tuple[Decimal, tuple[Decimal, ...]]:
        return self.total, self.tie_break


def rank(placed: Sequence[Placed]) -> dict[Any, int]:
    """Places from 1; equal total and equal tie-break share a place (1, 2, 2, 4)."""
    return _places({each.key: each.order for each in placed}, falling=True)


def places(measured: Mapping[Key, Measured], *, direction: str = "up") -> dict[Key, int]:
    """The place of each subject by a measure, for ``rank`` scoring: 1 is best, equals share a place.

    ``direction`` says whether larger is better (``up``) or smaller (``down``). A subject without a measured
    value has no place and takes nobody's.
    """
    values = {key: each.value for key, each in measured.items() if each.status == "measured"}
    return _places(values, falling=direction == "up")


def _places(values: Mapping[Key, Any], *, falling: bool) -> dict[Key, int]:
    first: dict[Any, int] = {}
    for position, value in enumerate(sorted(values.values(), reverse=falling), start=1):
        first.setdefault(value, position)
    return {key: first[value] for key, value in values.items()}


def apply_share_limits(placed: Sequence[Placed], grades: Sequence[GradeBand]) -> dict[Any, str | None]:
    """Grades after quotas: where more have a grade than its share allows, the lowest-placed drop to the next.

    The quota is a share of all placed, rounded down. Those tied on the border drop together.
    """
    found = {each.key: each.grade for each in placed}
    ordered = sorted(grades, key=lambda each: each.min, reverse=True)
    for at, band in enumerate(ordered[:-1]):
        if band.share_max is None:
            continue
        quota = int((band.share_max * len(placed)).to_integral_value(rounding=ROUND_FLOOR))
        holders = sorted(
            (each for each in placed if found[each.key] == band.id), key=lambda each: each.order, reverse=True
        )
        if len(holders) <= quota:
            continue
        border = holders[quota].order
        for each in holders:
            if each.order <= border:
                found[each.key] = ordered[at + 1].id
    return found
