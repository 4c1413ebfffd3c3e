"""From a stored line back to the share it was made from, and how far a sample's share may be off.

Stored points are rounded to six places and cut to the item's cap. Where numerator and denominator, scored again,
give the same points, theirs is the exact share; else the points themselves are what somebody decided.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import sqrt

from guantong.assessment.algebra import Measured, score_item
from guantong.assessment.bench.card import Item, Spread
from guantong.assessment.intervals import Z, wilson
from guantong.assessment.scoring import PRECISION
from guantong.kernel.decimals import round_half_up
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.package import Indicator

STORED_PLACES = Decimal("0.000001")
Line = tuple[Decimal | None, Decimal | None, Decimal | None]  # points, numerator, denominator
Share = tuple[Decimal | None, Spread | None]


class StoredItem(dict[Line, Share]):
    """An item's share (without a weight: its points) by stored line, with its interval; each worked out once."""

    def __init__(self, item: Item, indicator: Indicator) -> None:
        super().__init__()
        self.item, self.scoring = item, indicator.scoring
        self.counts = "count" in indicator.measure
        self.samples = "ratio" in indicator.measure and not (
            isinstance(indicator.scoring, dict) and "rank" in indicator.scoring
        )

    def __missing__(self, line: Line) -> Share:
        points, weight = line[0], self.item.weight
        found: Share = (points, None)
        if points is not None and self.item.is_weighted and weight:
            with localcontext() as context:
                context.prec = PRECISION
                found = self._share(line, points, weight)
        self[line] = found
        return found

    def _share(self, line: Line, points: Decimal, weight: Decimal) -> Share:
        _points, num, den = line
        if num is None:
            return points / weight, None
        if self.scoring == "proportional" and den and num <= den:
            if self._is(points, weight * num / den):
                return num / den, _wilson(float(num), float(den)) if self.samples else None
            return points / weight, None
        value = num / den if den and not self.counts else num
        again = self._scored(Measured("measured", value, num, den), weight)
        if again is None or not self._is(points, again):
            return points / weight, None
        if not self.samples or not den or num > den:
            return again / weight, None
        ends = [self._scored(Measured("measured", end), weight) for end in wilson(num, den)]
        known = [again, *(end for end in ends if end is not None)]
        return again / weight, (float(min(known) / weight), float(max(known) / weight))

    def _scored(self, measured: Measured, weight: Decimal) -> Decimal | None:
        """Points before the card's cap; None for a way of scoring that needs more than the line keeps."""
        try:
            return score_item(self.scoring, measured, weight=weight).points
        except (ValueError, Refusal):
            return None

    def _is(self, stored: Decimal, exact: Decimal) -> bool:
        cap = self.item.cap
        return round_half_up(exact if cap is None else min(exact, cap), STORED_PLACES) == stored


def _wilson(hits: float, of: float) -> Spread:
    """`intervals.wilson` in floats: a band is as wide as makes no difference."""
    share, square = hits / of, float(Z) ** 2
    scale = 1 + square / of
    middle = (share + square / (2 * of)) / scale
    half = float(Z) * sqrt(share * (1 - share) / of + square / (4 * of * of)) / scale
    return min(max(middle - half, 0.0), share), max(min(middle + half, 1.0), share)
