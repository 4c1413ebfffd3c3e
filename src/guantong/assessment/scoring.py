"""From a measure to an item's points: every way of scoring of `mechanism/1` (package format, 4.2).

Decimals only, nothing rounded here; each result carries its formula with the numbers put in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from guantong.kernel.decimals import exact, plain, round_half_up
from guantong.kernel.refusals import Refusal

ZERO, ONE = Decimal(0), Decimal(1)
PRECISION = 50
BRACKETS = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉"), "exact": ("(", ")")}


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
    """Points of one item, its floor and cap applied; None where it does not count."""

    points: Decimal | None
    formula: str = ""


@lru_cache(maxsize=65536)
def shown(value: Decimal) -> str:
    """A number for a formula: exact when short, else six decimals."""
    text = plain(value + 0)  # no negative zero
    if len(text) > 10:
        text = plain(round_half_up(value, Decimal("0.000001")))
    return text.replace("-", "−")


def score_item(
    scoring: str | Mapping[str, Any],
    measured: Measured,
    *,
    weight: Decimal | None,
    missing: str = "exclude",
    place: int | None = None,
    terms: Sequence[Measured] = (),
) -> ItemScore:
    """Turn a measure into points, never below 0 nor above the weight.

    ``weight`` is in points of the card – a weight of 1 is one point, not the whole; it is None for bonus and
    penalty items, which have neither weight nor floor. ``missing`` says what an item without data gives:
    ``exclude`` (its weight leaves both sides), ``zero`` or ``full``; "not applicable" and "excused" always
    leave both sides. ``place`` is the place among comparable subjects (see `algebra.places`), needed by
    ``rank``, which is refused without it; ``terms`` is what each term of ``terms`` counted, in their order. Raises
    ValueError for an unknown way of scoring.
    """
    if measured.status != "measured":
        if measured.status == "no_data" and missing == "full" and weight is not None:
            return ItemScore(weight, _("暂无数据，按规则计满分 %(weight)s") % {"weight": plain(weight)})
        if measured.status == "no_data" and missing == "zero":
            return ItemScore(ZERO, _("暂无数据，按规则计 0 分"))
        return ItemScore(None)
    with localcontext() as context:
        context.prec = PRECISION
        if isinstance(scoring, Mapping) and "terms" in scoring:
            scored = _terms(scoring["terms"], terms, weight)
        else:
            scored = _scored(scoring, measured, weight, place)
        return scored if weight is None else within(scored, weight)


def _scored(
    scoring: str | Mapping[str, Any], measured: Measured, weight: Decimal | None, place: int | None
) -> ItemScore:
    if scoring == "proportional":
        return _proportional(measured, weight)
    if scoring == "as_given":
        return _as_given(measured, weight)
    if isinstance(scoring, Mapping):
        if "rank" in scoring:
            return _rank(scoring["rank"], place, weight)
        for way, rule in WAYS.items():
            if way in scoring:
                return rule(scoring, measured, weight)
    raise ValueError(f"unknown scoring: {scoring!r}")


def _terms(
    rules: Sequence[Mapping[str, Any]], counts: Sequence[Measured], weight: Decimal | None
) -> ItemScore:
    """Several deductions and additions within one item, each within its own limits; what is not measured is left out.

    A weighted item starts at its weight, another at nothing.
    """
    points, parts = weight or ZERO, [] if weight is None else [plain(weight)]
    for rule, measured in zip(rules, counts, strict=True):
        if measured.status != "measured":
            continue
        word = "deduct" if "deduct" in rule else "add"
        amount, formula = _amount(rule, measured, word)
        points += amount if word == "add" else -amount
        parts.append(f"{'+' if word == 'add' else '−'} ({formula})")
    return ItemScore(points, f"{' '.join(parts)} = {shown(points)}")


def capped(scored: ItemScore, cap: Decimal | None, *, penalty: bool = False) -> ItemScore:
    """Within the cap that a card sets on one of its items; a penalty's cap bounds what it takes."""
    if cap is None or scored.points is None or (abs(scored.points) if penalty else scored.points) <= cap:
        return scored
    points = cap if scored.points > ZERO else -cap
    return ItemScore(points, f"{scored.formula} → {_('本项上限')} {shown(points)}")


def within(scored: ItemScore, weight: Decimal) -> ItemScore:
    """Item floors and caps: never below 0, never above the weight."""
    points = scored.points if scored.points is not None else ZERO
    if points > weight:
        return ItemScore(weight, f"{scored.formula} → {_('上限')} {plain(weight)}")
    if points < ZERO:
        return ItemScore(ZERO, f"{scored.formula} → {_('扣完为止')} 0")
    return scored


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
    """A person's mark, brought from its scale to the item's weight; without a weight the mark itself."""
    if weight is not None:
        return _proportional(measured, weight)
    mark = measured.num if measured.num is not None else _value(measured)
    return ItemScore(mark, shown(mark))


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


def _units(count: Decimal, each: Decimal, rounding: str) -> tuple[Decimal, str]:
    """Units, and how a formula writes them: ``2``, ``(9 ÷ 2)``, ``⌊4.2⌋``."""
    units = units_counted(count, each, rounding)
    if each == ONE and units == count:
        return units, shown(units)
    opening, closing = BRACKETS[rounding]
    inner = shown(count) if each == ONE else f"{shown(count)} ÷ {plain(each)}"
    return units, f"{opening}{inner}{closing}"


def _amount(scoring: Mapping[str, Any], measured: Measured, word: str) -> tuple[Decimal, str]:
    """points × units of a ``deduct`` or ``add`` rule, limited by its sub-cap and cap, with the formula."""
    rule = scoring[word]
    options = rule if isinstance(rule, Mapping) else scoring
    points = exact(rule["points"] if isinstance(rule, Mapping) else rule)
    each = exact(options.get("each", 1))
    units, written = _units(_value(measured), each, str(options.get("per_unit_rounding", "exact")))
    amount, formula = points * units, f"{plain(points)} × {written}"
    limits = [exact(options[key]) for key in ("sub_cap", "cap") if options.get(key) is not None]
    if limits and amount > min(limits):
        amount = min(limits)
        formula = f"{formula} → {_('上限')} {plain(amount)}"
    return amount, formula


def _deduct(scoring: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    amount, formula = _amount(scoring, measured, "deduct")
    if weight is None:
        return ItemScore(ZERO - amount, f"−{formula} = {shown(ZERO - amount)}")
    rule = scoring["deduct"]
    floor = exact((rule if isinstance(rule, Mapping) else scoring).get("floor", 0))
    points = weight - amount
    text = f"{plain(weight)} − {formula} = {shown(points)}"
    if points < floor:
        points = floor
        text += f" → {_('扣完为止')} {plain(floor)}"
    return ItemScore(points, text)


def _add(scoring: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    """Points from 0 upwards; an item with a weight stops there."""
    amount, formula = _amount(scoring, measured, "add")
    return ItemScore(amount, f"+{formula} = {shown(amount)}")


def _bands(scoring: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    """Half-open bands: the highest whose lower end is reached gives its share of the weight."""
    value, full = _value(measured), _full(weight)
    bands = sorted(((exact(lower), exact(part)) for lower, part in scoring["bands"]), reverse=True)
    for lower, part in bands:
        if value >= lower:
            points = full * part
            return ItemScore(
                points, f"{shown(value)} ≥ {shown(lower)}：{plain(full)} × {plain(part)} = {shown(points)}"
            )
    return ItemScore(ZERO, f"{shown(value)}：0")


def _linear(scoring: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    """Nothing at ``from`` and before, all at ``to`` and beyond, a straight line between."""
    linear = scoring["linear"]
    low, high, value, full = exact(linear["from"]), exact(linear["to"]), _value(measured), _full(weight)
    if low == high:
        raise ValueError(f"linear needs two ends: {linear!r}")
    part = (value - low) / (high - low)
    if not ZERO < part < ONE:
        part = min(max(part, ZERO), ONE)
        return ItemScore(full * part, f"{shown(value)}：{plain(full)} × {plain(part)} = {shown(full * part)}")
    ends = f"({shown(value)} − {plain(low)}) ÷ ({plain(high)} − {plain(low)})"
    return ItemScore(full * part, f"{plain(full)} × {ends} = {shown(full * part)}")


def _rank(rule: Mapping[str, Any], place: int | None, weight: Decimal | None) -> ItemScore:
    """First place has all; each place lower loses ``step``, down to 0."""
    if place is None:
        raise Refusal(_("按名次（rank）计分需要同组各单位的名次，这里没有，不能计分。"))
    step, full = exact(rule["step"]), _full(weight)
    points = max(full - step * (place - 1), ZERO)
    return ItemScore(points, f"{plain(full)} − {plain(step)} × ({place} − 1) = {shown(points)}")


def _escalate(scoring: Mapping[str, Any], measured: Measured, weight: Decimal | None) -> ItemScore:
    """The n-th occurrence costs the points of the highest step reached.

    ``[[1, 1], [3, 5]]``: the first and the second cost 1 each, the third and every later one 5.
    """
    count = units_counted(_value(measured), ONE, str(scoring.get("per_unit_rounding", "exact")))
    steps = sorted((exact(nth), exact(points)) for nth, points in scoring["escalate"])
    total, parts = ZERO, []
    for at, (nth, points) in enumerate(steps):
        until = min(count, steps[at + 1][0] - 1) if at + 1 < len(steps) else count
        times = until - (nth - 1)
        if times > 0:
            total += points * times
            parts.append(f"{plain(points)} × {shown(times)}")
    formula = " + ".join(parts) or "0"
    if weight is None:
        return ItemScore(ZERO - total, f"−({formula}) = {shown(ZERO - total)}")
    return ItemScore(weight - total, f"{plain(weight)} − ({formula}) = {shown(weight - total)}")


WAYS: dict[str, Callable[[Mapping[str, Any], Measured, Decimal | None], ItemScore]] = {
    "deduct": _deduct,
    "add": _add,
    "bands": _bands,
    "linear": _linear,
    "escalate": _escalate,
}
