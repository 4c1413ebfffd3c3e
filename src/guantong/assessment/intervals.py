"""How sure a total is, and which neighbours it can be told apart from.

A ratio – 18 of 20 tasks in time – is taken as a sample of how the unit works: its 95 % interval is Wilson's score
interval for a binomial share. The item's own scoring turns both ends into points; the distances from the item's
points are squared, added over the card's ratio items, and the root, times the factor of rescaling, is what the
total may lie lower or higher (the method of variance estimates recovery: Zou and Donner, Statistics in Medicine
2008, which keeps Wilson's asymmetry). Counts, marks, bonus and penalty are facts and add no width. An interval
stays within 0 and the most the card can give, and ends are rounded half up to two places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from guantong.assessment.algebra import CardScore, Measured
from guantong.assessment.scoring import ZERO, ItemScore
from guantong.kernel.decimals import round_half_up

Z = Decimal("1.959964")  # 97.5 % of the normal distribution
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Spread:
    """Points of an item, and what they would be at either end of its ratio's interval."""

    points: Decimal
    low: Decimal
    high: Decimal


@lru_cache(maxsize=65536)
def wilson(hits: Decimal, of: Decimal) -> tuple[Decimal, Decimal]:
    """The 95 % score interval of a share of ``hits`` among ``of``, within 0 and 1. Call within 50 digits."""
    share, square = hits / of, Z * Z
    scale = 1 + square / of
    middle = (share + square / (2 * of)) / scale
    half = Z * (share * (1 - share) / of + square / (4 * of * of)).sqrt() / scale
    return max(middle - half, ZERO), min(middle + half, Decimal(1))


def spread_of(
    scored: ItemScore, measured: Measured, score: Callable[[Decimal], Decimal | None]
) -> Spread | None:
    """The item's points at both ends of its ratio's interval; ``score`` gives the points of a share."""
    if scored.points is None or measured.num is None or not measured.den or measured.num > measured.den:
        return None
    ends = [score(end) for end in wilson(measured.num, measured.den)]
    found = [scored.points, *(end for end in ends if end is not None)]
    return Spread(scored.points, min(found), max(found))


def interval(card: CardScore, spreads: Iterable[Spread]) -> tuple[Decimal | None, Decimal | None]:
    """(low, high) of a total; both are the total where no ratio is in it. Call within 50 digits."""
    if card.total is None:
        return None, None
    below = above = ZERO
    for each in spreads:
        below += (each.points - each.low) ** 2
        above += (each.high - each.points) ** 2
    low = max(card.total - card.factor * below.sqrt(), ZERO)
    high = min(card.total + card.factor * above.sqrt(), max(card.top, card.total))
    return round_half_up(low), round_half_up(high)


def bands(intervals: Sequence[tuple[Key, Decimal, Decimal]]) -> dict[Key, int]:
    """Band 1 is best. A new one begins where an interval lies wholly below that of the neighbour just above.

    Touching ends overlap. ``intervals`` is (key, low, high) from the best total downwards. Only neighbours are
    compared: one that is known badly – one task, done in time – joins its neighbours and not everybody.
    """
    found: dict[Key, int] = {}
    band, above = 0, ZERO
    for key, low, high in intervals:
        if not found or high < above:
            band += 1
        above = low
        found[key] = band
    return found
