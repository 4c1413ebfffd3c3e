"""Grades and places of a whole card from its totals: quotas, vetoes and tie-breaks as in `algebra`, in whole numbers.

An entrant's order is one number: the total, then the place among equals by the tie-break.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Any

from guantong.assessment.bench.card import Card, weight_of
from guantong.assessment.scoring import PRECISION

UNGRADED = 0
LOWEST = Decimal(-1)
MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """By entrant: total in hundredths (-1 none), level of the grade (0 none, 1 the lowest), place (0 none)."""

    totals: Sequence[int]
    levels: Sequence[int]
    ranks: Sequence[int]


class Places:
    """The places on one card; made once, asked often."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.bands = sorted(card.grades, key=lambda each: each.min)
        self._lows = [int((each.min * 100).to_integral_value(ROUND_CEILING)) for each in self.bands]
        levels = {each.id: level for level, each in enumerate(self.bands, start=1)}
        self._limits = {
            at: levels[each.limit] for at, each in enumerate(card.entrants) if each.limit in levels
        }
        self._step = len(card.entrants) + 1
        self._breaking = [
            at for key in card.tie_break for at, item in enumerate(card.items) if item.id == key
        ]
        self._ties: dict[tuple[Any, ...], list[int]] = {}

    def __call__(self, totals: Sequence[int], amounts: Sequence[int]) -> Standing:
        """The grades and places for these totals, which the weights gave. An item without weight breaks no tie."""
        levels, ranks = [UNGRADED] * len(totals), [0] * len(totals)
        ties = self._tie_ranks(amounts)
        step = self._step
        orders = [total * step + tie for total, tie in zip(totals, ties, strict=True)]
        for members in self.card.groups.values():
            placed = [at for at in members if totals[at] >= 0]
            mine = [orders[at] for at in placed]
            ordered: list[int] = []
            if self.card.ranked and len(placed) >= self.card.min_n:
                ordered = sorted(mine)
                # from the worst place to the best: of equals the last one said, the best place, stays
                place = dict(zip(ordered, range(len(ordered), 0, -1), strict=True))
                for at, order in zip(placed, mine, strict=True):
                    ranks[at] = place[order]
            for at, level in zip(placed, self._graded(placed, mine, ordered), strict=True):
                levels[at] = level
        return Standing(totals, levels, ranks)

    def _graded(self, placed: Sequence[int], mine: Sequence[int], ordered: list[int]) -> Sequence[int]:
        """Levels of those with a total; ``ordered`` is empty where there are too few of them to limit shares."""
        if not self.bands:
            return [UNGRADED] * len(placed)
        cuts = [low * self._step for low in self._lows]
        held = {
            at: min(bisect_right(cuts, order), self._limits[at])
            for at, order in zip(placed, mine, strict=True)
            if at in self._limits
        }
        if ordered:
            orders = dict(zip(placed, mine, strict=True)) if held else {}
            self._limit_shares(cuts, ordered, held, orders)
        levels = [bisect_right(cuts, order) for order in mine]
        if held:
            return [held.get(at, level) for at, level in zip(placed, levels, strict=True)]
        return levels

    def _limit_shares(
        self, cuts: list[int], ordered: list[int], held: dict[int, int], orders: dict[int, int]
    ) -> None:
        """Raise the cuts, and lower those under a veto (``held``), until each grade keeps to its share."""
        free = ordered
        if held:
            free = sorted(order for at, order in orders.items() if at not in held)
        end = len(free)
        for level in range(len(self.bands), 1, -1):
            start = bisect_left(free, cuts[level - 1], 0, end)
            share = self.bands[level - 1].share_max
            if share is not None:
                quota = int((share * len(ordered)).to_integral_value(ROUND_FLOOR))
                mine = [orders[at] for at, each in held.items() if each == level]
                if end - start + len(mine) > quota:
                    border = _nth_best(free[start:end], mine, quota)
                    start = max(start, bisect_right(free, border, start, end))
                    cuts[level - 1] = free[start] if start < end else _above(cuts, level, free, end)
                    for at in [at for at, each in held.items() if each == level and orders[at] <= border]:
                        held[at] = level - 1
            end = start

    def _tie_ranks(self, amounts: Sequence[int]) -> list[int]:
        """Each entrant's place among equals, larger is better; the same for all where nothing breaks ties.

        Weights do not change the order of shares, so it depends on them only where an item is dropped, or where a
        cap makes shares alike.
        """
        given = dict(zip(self.card.weighted, amounts, strict=True))
        used = [(at, self._most(at, given[at])) if at in given else (at, None) for at in self._breaking]
        used = [(at, most) for at, most in used if most is None or most > 0]
        known = self._ties.get(tuple(used))
        if known is None:
            values = [
                tuple(_broken(each.parts[at], most) for at, most in used) for each in self.card.entrants
            ]
            order = {value: place for place, value in enumerate(sorted(set(values)))}
            known = [order[value] for value in values]
            if len(self._ties) < MOST_KEPT:
                self._ties[tuple(used)] = known
        return known

    def _most(self, at: int, amount: int) -> Decimal | None:
        """The share of an item from which on more makes no difference; None where there is none, 0 if dropped."""
        cap = self.card.items[at].cap
        if not amount:
            return Decimal(0)
        if cap is None or cap >= weight_of(amount):
            return None
        with localcontext() as context:
            context.prec = PRECISION  # as shares are kept, so that a share cut to the cap equals it
            return cap / weight_of(amount)


def _broken(part: Decimal | None, most: Decimal | None) -> Decimal:
    if part is None:
        return LOWEST
    return part if most is None else min(part, most)


def _nth_best(free: Iterable[int], mine: list[int], number: int) -> int:
    """The order at that position from the best, counted from 0, of two lists together."""
    return sorted([*free, *mine], reverse=True)[number]


def _above(cuts: Sequence[int], level: int, free: Sequence[int], end: int) -> int:
    """A cut that nobody free reaches: that of the level above, or beyond the best."""
    return cuts[level] if level < len(cuts) else free[-1] + 1 if free else cuts[level - 1]
