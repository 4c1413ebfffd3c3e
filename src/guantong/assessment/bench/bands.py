"""Bands under other weights: entrants whose totals, as samples, cannot be told apart share one (see `intervals`)."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from guantong.assessment.bench.card import WEIGHT_UNIT, Card, Entrant, weight_of
from guantong.assessment.bench.places import Standing
from guantong.assessment.scoring import ZERO

Ends = tuple[int, int]  # in hundredths


class Bands:
    """The bands of one card; made once, asked often."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.widths = [_widths(card, each) for each in card.entrants]

    def __call__(self, stood: Standing, amounts: Sequence[int]) -> list[int]:
        """By entrant; 0 where nobody is ranked."""
        found = [0] * len(stood.totals)
        weights = [amount / WEIGHT_UNIT for amount in amounts]
        for members in self.card.groups.values():
            placed = sorted((at for at in members if stood.ranks[at]), key=lambda at: stood.ranks[at])
            band, above = 0, 0
            for at in placed:
                low, high = self.ends(at, stood.totals[at], weights)
                if not band or high < above:
                    band += 1
                found[at], above = band, low
        return found

    def ends(self, at: int, total: int, weights: Sequence[float]) -> Ends:
        """The interval of a total, in hundredths, ends rounded half up."""
        counted, spread = self.widths[at]
        below = above = 0.0
        for number, share, low, high in spread:
            weight, cap = weights[number], self.card.items[self.card.weighted[number]].cap
            if cap is not None and weight > cap:
                most = float(cap) / weight
                share, low, high = min(share, most), min(low, most), min(high, most)
            below += (weight * (share - low)) ** 2
            above += (weight * (high - share)) ** 2
        if not spread:
            return total, total
        factor = 100.0
        if self.card.missing_items == "rescale":
            factor *= float(self.card.scale) / sum([weights[number] for number in counted])
        top = max(self._top(self.card.entrants[at]), total)
        return max(int(total - factor * sqrt(below) + 0.5), 0), min(
            int(total + factor * sqrt(above) + 0.5), top
        )

    def _top(self, entrant: Entrant) -> int:
        """The most the card can give, as the engine says it, in hundredths rounded half up."""
        card = self.card
        extra = card.bonus_cap
        if extra is None:
            extra = card.score(entrant, card.amounts).bonus if _has_bonus(card, entrant) else ZERO
        return int((card.scale + max(extra, ZERO)) * 100 + weight_of(WEIGHT_UNIT // 2))


def _has_bonus(card: Card, entrant: Entrant) -> bool:
    return any(part for part, item in zip(entrant.parts, card.items, strict=True) if item.bonus)


def _widths(card: Card, entrant: Entrant) -> tuple[list[int], list[tuple[int, float, float, float]]]:
    """Which weights count for the entrant, and of those that are samples: number, share, lower and upper end."""
    counted, spread = [], []
    for number, at in enumerate(card.weighted):
        share = entrant.parts[at]
        ends = entrant.spreads[at] if entrant.spreads else None
        if share is not None:
            counted.append(number)
            if ends is not None:
                spread.append((number, float(share), *ends))
    return counted, spread
