"""The algebra of scores: decimals, a stated order of operations, one rounding at the end.

Vocabulary and order are those of `mechanism/1` (package format, 4.2): item scores → item floors and caps →
rescale → bonus (capped) and penalties → clamp to 0..scale + bonus cap → grade by ``min`` → veto lowers the
grade → share limit lowers the lowest-placed → tie-break. Nothing here reads a database.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from guantong.kernel.decimals import exact, plain, round_half_up

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
PRECISION = 50
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure found. ``status``: measured, no_data, not_applicable, excused – four things, none of them 0.

    ``value`` is the ratio or count; ``num``/``den`` what it was made of.
    """

    status: str
    value: Decimal | None = None
    num: Decimal | None = None
    den: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemScore:
    """Points of one item; None where it does not count. ``formula`` has the numbers put in."""

    points: Decimal | None
    formula: str = ""


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
    """A card's result. ``total`` is None when no item could be scored at all: no data, not 0."""

    total: Decimal | None
    grade: str | None
    earned: Decimal = ZERO
    applicable: Decimal = ZERO
    bonus: Decimal = ZERO
    penalty: Decimal = ZERO
    steps: list[str] = field(default_factory=list)


def shown(value: Decimal) -> str:
    """A number for a formula: exact when short, else six decimals."""
    text = plain(value)
    return text if len(text) <= 10 else plain(round_half_up(value, Decimal("0.000001")))


# --- one item ----------------------------------------------------------------------------------------


def score_item(
    scoring: str | Mapping[str, Any],
    measured: Measured,
    *,
    weight: Decimal | None,
    missing: str = "exclude",
) -> ItemScore:
    """Turn a measure into points. ``weight`` is None for bonus and penalty items, which have no weight.

    ``missing`` says what an item without data gives: ``exclude`` (its weight leaves both sides), ``zero``
    or ``full``. "Not applicable" and "excused" always leave both sides. Raises ValueError for an unknown
    way of scoring.
    """
    if measured.status != "measured":
        if measured.status == "no_data" and missing == "full" and weight is not None:
            return ItemScore(weight, _("暂无数据，按规则计满分 %(weight)s") % {"weight": plain(weight)})
        if measured.status == "no_data" and missing == "zero":
            return ItemScore(ZERO, _("暂无数据，按规则计 0 分"))
        return ItemScore(None)
    with localcontext() as context:
        context.prec = PRECISION
        if scoring == "proportional":
            return _proportional(measured, weight)
        if scoring == "as_given":
            return _as_given(measured, weight)
        if isinstance(scoring, Mapping):
            return _by_rule(scoring, measured, weight)
    raise ValueError(f"unknown scoring: {scoring!r}")


def _by_rule(scoring: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    if "deduct" in scoring:
        return _deduct(scoring, measured, weight)
    if "add" in scoring:
        return _add(scoring, measured)
    if "bands" in scoring:
        return _bands(scoring["bands"], measured, weight)
    if "linear" in scoring:
        return _linear(scoring["linear"], measured, weight)
    if "rank" in scoring:
        return _rank_points(scoring["rank"], measured, weight)
    if "escalate" in scoring:
        return _escalate(scoring["escalate"], measured, weight)
    raise ValueError(f"unknown scoring: {scoring!r}")


def _full(weight: Decimal | None) -> Decimal:
    return weight if weight is not None else ONE


def _value(measured: Measured) -> Decimal:
    if measured.value is None:
        raise ValueError("a measured item needs a value")
    return measured.value


def _proportional(measured: Measured, weight: Decimal | None) -> ItemScore:
    full = _full(weight)
    if measured.num is not None and measured.den:
        points = full * measured.num / measured.den
        return ItemScore(
            points, f"{plain(full)} × {plain(measured.num)} ÷ {plain(measured.den)} = {shown(points)}"
        )
    points = full * _value(measured)
    return ItemScore(points, f"{plain(full)} × {shown(_value(measured))} = {shown(points)}")


def _as_given(measured: Measured, weight: Decimal | None) -> ItemScore:
    """A person's mark, brought from its scale to the item's weight."""
    return _proportional(measured, weight)


def units_counted(count: Decimal, each: Decimal, rounding: str) -> Decimal:
    """How many times a rule "per ``each``" applies: ``floor``, ``ceil`` or ``exact``."""
    units = count / each
    if rounding == "floor":
        return units.to_integral_value(rounding=ROUND_FLOOR)
    if rounding == "ceil":
        return units.to_integral_value(rounding=ROUND_CEILING)
    if rounding == "exact":
        return units
    raise ValueError(f"unknown per_unit_rounding: {rounding}")


def _amount(scoring: Mapping[str, Any], measured: Measured, word: str) -> tuple[Decimal, str]:
    """points × units of a ``deduct`` or ``add`` rule, limited by its sub-cap, with the formula."""
    rule = scoring[word]
    options = rule if isinstance(rule, Mapping) else scoring
    points = exact(rule["points"] if isinstance(rule, Mapping) else rule)
    each = exact(options.get("each", 1))
    units = units_counted(_value(measured), each, str(options.get("per_unit_rounding", "exact")))
    amount, formula = points * units, f"{plain(points)} × {shown(units)}"
    limit = options.get("sub_cap", options.get("cap"))
    if limit is not None and amount > exact(limit):
        amount = exact(limit)
        formula = f"{formula} → {_('上限')} {plain(amount)}"
    return amount, formula


def _deduct(scoring: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    amount, formula = _amount(scoring, measured, "deduct")
    if weight is None:
        return ItemScore(-amount, f"−{formula} = {shown(-amount)}")
    rule = scoring["deduct"]
    floor = exact((rule if isinstance(rule, Mapping) else scoring).get("floor", 0))
    points = weight - amount
    text = f"{plain(weight)} − {formula} = {shown(points)}"
    if points < floor:
        points = floor
        text += f" → {_('扣完为止')} {plain(floor)}"
    return ItemScore(points, text)


def _add(scoring: Mapping[str, Any], measured: Measured) -> ItemScore:
    amount, formula = _amount(scoring, measured, "add")
    return ItemScore(amount, f"+{formula} = {shown(amount)}")


def _bands(bands: Sequence[Sequence[Any]], measured: Measured, weight: Decimal | None) -> ItemScore:
    """Half-open bands, highest first: the first whose lower end is reached gives its share of the weight."""
    value, full = _value(measured), _full(weight)
    for lower, part in bands:
        if value >= exact(lower):
            points = full * exact(part)
            return ItemScore(
                points,
                f"{shown(value)} ≥ {plain(exact(lower))}：{plain(full)} × {plain(exact(part))} = {shown(points)}",
            )
    return ItemScore(ZERO, f"{shown(value)}：0")


def _linear(linear: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    """Nothing at ``from`` and below, all at ``to`` and above, a straight line between."""
    low, high, value, full = exact(linear["from"]), exact(linear["to"]), _value(measured), _full(weight)
    part = min(max((value - low) / (high - low), ZERO), ONE)
    points = full * part
    formula = f"{plain(full)} × ({shown(value)} − {plain(low)}) ÷ ({plain(high)} − {plain(low)})"
    if part in (ZERO, ONE):
        formula = f"{plain(full)} × {plain(part)}"
    return ItemScore(points, f"{formula} = {shown(points)}")


def _rank_points(rule: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    """First place has all; each place lower loses ``step``. The measure's value is the place, from 1."""
    place, step, full = _value(measured), exact(rule["step"]), _full(weight)
    points = max(full - step * (place - 1), ZERO)
    return ItemScore(points, f"{plain(full)} − {plain(step)} × ({plain(place)} − 1) = {shown(points)}")


def _escalate(ladder: Sequence[Sequence[Any]], measured: Measured, weight: Decimal | None) -> ItemScore:
    """The n-th occurrence costs the points of the highest step reached: ``[[1, 1], [3, 5]]``."""
    count = int(_value(measured))
    total, parts = ZERO, []
    for nth in range(1, count + 1):
        cost = max(
            ((exact(at), exact(points)) for at, points in ladder if nth >= exact(at)),
            default=(ZERO, ZERO),
        )[1]
        total += cost
        parts.append(plain(cost))
    formula = " + ".join(parts) or "0"
    if weight is None:
        return ItemScore(-total, f"−({formula}) = {shown(-total)}")
    points = max(weight - total, ZERO)
    return ItemScore(points, f"{plain(weight)} − ({formula}) = {shown(points)}")


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
    """Add a card up in the stated order. ``confirmed_vetoes`` are the grades that confirmed vetoes limit to."""
    with localcontext() as context:
        context.prec = PRECISION
        weighted = [item for item in items if item.weight is not None and not item.bonus and not item.penalty]
        scored = [item for item in weighted if item.score.points is not None]
        if not scored:
            return CardScore(None, None, steps=[_("没有可以计分的指标，不计总分。")])
        earned = sum((_capped(item) for item in scored), ZERO)
        applicable = sum((_full(item.weight) for item in scored), ZERO)
        steps = [
            _("各项得分合计 %(sum)s = %(earned)s")
            % {"sum": " + ".join(shown(_capped(item)) for item in scored), "earned": shown(earned)}
        ]
        subtotal = earned
        left_out = len(scored) < len(weighted)
        if missing_items == "rescale" and applicable != scale:
            subtotal = earned / applicable * scale
            steps.append(
                _("按适用分值折算 %(earned)s ÷ %(applicable)s × %(scale)s = %(result)s")
                % {
                    "earned": shown(earned),
                    "applicable": plain(applicable),
                    "scale": plain(scale),
                    "result": shown(subtotal),
                }
            )
        elif left_out:
            steps.append(_("有 %(n)s 项不计入") % {"n": len(weighted) - len(scored)})
        bonus = _sum(items, bonus=True)
        cap = bonus_cap if bonus_cap is not None else bonus
        if bonus > cap:
            steps.append(_("加分 %(bonus)s，上限 %(cap)s") % {"bonus": shown(bonus), "cap": plain(cap)})
            bonus = cap
        penalty = _sum(items, bonus=False)
        if bonus or penalty:
            steps.append(
                f"{shown(subtotal)} + {shown(bonus)} − {shown(-penalty)} = {shown(subtotal + bonus + penalty)}"
            )
        total = round_half_up(min(max(subtotal + bonus + penalty, ZERO), scale + max(cap, ZERO)))
        steps.append(_("四舍五入保留两位：%(total)s") % {"total": format(total, "f")})
        grade = grade_of(total, grades)
        grade = _vetoed(grade, confirmed_vetoes, grades)
    return CardScore(total, grade, earned, applicable, bonus, penalty, steps)


def _capped(item: CardItem) -> Decimal:
    """Item floors and caps: never below 0, never above the weight."""
    points = item.score.points if item.score.points is not None else ZERO
    top = item.cap if item.cap is not None else _full(item.weight)
    return min(max(points, ZERO), top)


def _sum(items: Sequence[CardItem], *, bonus: bool) -> Decimal:
    """Bonus points together, or (negative) penalty points together."""
    chosen = [item for item in items if (item.bonus if bonus else item.penalty)]
    return sum((item.score.points for item in chosen if item.score.points is not None), ZERO)


def grade_of(total: Decimal, grades: Sequence[GradeBand]) -> str | None:
    """The highest grade whose ``min`` the rounded total reaches."""
    for grade in sorted(grades, key=lambda each: each.min, reverse=True):
        if total >= grade.min:
            return grade.id
    return None


def _vetoed(grade: str | None, limits: Sequence[str], grades: Sequence[GradeBand]) -> str | None:
    order = [each.id for each in sorted(grades, key=lambda each: each.min)]
    for limit in limits:
        if grade is not None and limit in order and order.index(grade) > order.index(limit):
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
    ordered = sorted(placed, key=lambda each: each.order, reverse=True)
    places: dict[Any, int] = {}
    for position, each in enumerate(ordered, start=1):
        same = position > 1 and each.order == ordered[position - 2].order
        places[each.key] = places[ordered[position - 2].key] if same else position
    return places


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
