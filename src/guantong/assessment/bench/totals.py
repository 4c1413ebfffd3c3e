"""Everybody's total under other weights, at once, in hundredths of a point.

Earned points are a sum of weight × column, where a column holds everybody's share of one item. Each column is
packed into one large whole number, 64 bits an entrant, so that a multiplication does a whole column; shares are
whole numbers of 1/``unit``. What is lost by that is bounded (``_doubt``): a total that lies nearer than that to where
rounding turns is added up by the engine instead. So the result is the engine's, always.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from decimal import Decimal
from operator import mul, sub

from guantong.assessment.bench.card import WEIGHT_UNIT, Card, Entrant, amount_of
from guantong.assessment.scoring import ONE, ZERO

LANE = 8
NOBODY = -1  # no item could be scored: no total, which is not 0


class Totals:
    """The totals of one card; made once, asked often. A call takes weights in units, in the order of the card."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.rescales = card.missing_items == "rescale"
        self.unit = 2**63 // (max(len(card.weighted), 1) * card.most)
        masks = [tuple(each.parts[at] is not None for at in card.weighted) for each in card.entrants]
        kinds: dict[tuple[bool, ...], int] = {}
        self._kind = [kinds.setdefault(mask, len(kinds)) for mask in masks]
        self._masks = list(kinds)
        self._shares = [self._column(at) for at in card.weighted]
        self._packed = [self._pack(number, shares) for number, shares in enumerate(self._shares)]
        self._extras = [
            (at, *extra) for at, each in enumerate(card.entrants) if (extra := self._extra(each)) is not None
        ]
        self._caps = [
            (number, amount_of(cap))
            for number, at in enumerate(card.weighted)
            if (cap := card.items[at].cap) is not None
        ]
        self._steady: dict[int, int] = {}

    def __call__(self, amounts: Sequence[int]) -> list[int]:
        """Totals in hundredths, by entrant; NOBODY where there is none. Weights in units, none above `card.most`."""
        size = len(self._kind)
        if not size or not amounts:
            return [NOBODY] * size
        packed = sum(map(mul, amounts, self._columns(amounts)))
        lanes = (
            memoryview(packed.to_bytes(LANE * (size + len(self._masks)), sys.byteorder)).cast("Q").tolist()
        )
        applicable = lanes[size:]
        factors = self._factors(applicable)
        # a half more than the total, so that cutting rounds half up
        lifted = [earned * factors[kind] + 0.5 for earned, kind in zip(lanes, self._kind, strict=False)]
        if not self.rescales:
            top = float(self.card.scale * 100) + 0.5
            lifted = [min(each, top) for each in lifted]
        for at, added, top in self._extras:
            lifted[at] = min(max(lanes[at] * factors[self._kind[at]] + added, 0.0), top) + 0.5
        found = self._rounded(lifted, amounts)
        if 0 in applicable:
            empty = {kind for kind, each in enumerate(applicable) if not each}
            return [NOBODY if kind in empty else each for each, kind in zip(found, self._kind, strict=True)]
        return found

    def _rounded(self, lifted: list[float], amounts: Sequence[int]) -> list[int]:
        found = list(map(int, lifted))
        low = self._doubt(amounts)
        high = 1 - low
        doubtful = [at for at, rest in enumerate(map(sub, lifted, found)) if rest < low or rest > high]
        for at in doubtful:
            found[at] = self._exactly(at, amounts)
        return found

    def _factors(self, applicable: Sequence[int]) -> list[float]:
        """By kind of entrant: hundredths of a point for one unit of what was earned."""
        if self.rescales:
            whole = float(self.card.scale * 100) / self.unit
            return [whole / each if each else 0.0 for each in applicable]
        return [100 / (WEIGHT_UNIT * self.unit)] * len(applicable)

    def _doubt(self, amounts: Sequence[int]) -> float:
        """How far a raw total may be from the true one, in hundredths: each share is less than 2/unit off."""
        whole = max(float(self.card.scale), sum(amounts) / WEIGHT_UNIT)
        return 200 * whole / self.unit + 1e-8

    def _exactly(self, at: int, amounts: Sequence[int]) -> int:
        """The engine's total; remembered where everything has the same share, since no weight can move that."""
        if at in self._steady:
            return self._steady[at]
        entrant = self.card.entrants[at]
        total = self.card.score(entrant, amounts).total
        if total is None:
            return NOBODY
        found = int(total * 100)
        reached = {entrant.parts[each] for each in self.card.weighted} - {None}
        if len(reached) == 1 and self.rescales and not self._caps:
            self._steady[at] = found
        return found

    def _columns(self, amounts: Sequence[int]) -> list[int]:
        """The packed columns, those of items at their cap cut to it."""
        columns = self._packed
        for number, cap in self._caps:
            if amounts[number] > cap:
                if columns is self._packed:
                    columns = list(columns)
                most = cap * self.unit // amounts[number]
                columns[number] = self._pack(number, [min(each, most) for each in self._shares[number]])
        return columns

    def _column(self, at: int) -> list[int]:
        """Everybody's share of an item in units; points that somebody decided count up to the weight, no further."""
        known: dict[Decimal | None, int] = {None: 0}
        column = []
        for each in self.card.entrants:
            share = each.parts[at]
            found = known.get(share)
            if found is None:
                assert share is not None
                found = known[share] = int(min(max(share, ZERO), ONE) * self.unit)
            column.append(found)
        return column

    def _pack(self, number: int, shares: Sequence[int]) -> int:
        """Shares of all entrants, then for each kind of entrant whether the item counts."""
        counts = [int(mask[number]) for mask in self._masks]
        return int.from_bytes(array("Q", [*shares, *counts]).tobytes(), sys.byteorder)

    def _extra(self, entrant: Entrant) -> tuple[float, float] | None:
        """What bonus and penalties add, and the highest total they allow, in hundredths, as the engine says."""
        card = self.card
        if not any(
            part for part, item in zip(entrant.parts, card.items, strict=True) if not item.is_weighted
        ):
            return None
        scored = card.score(entrant, card.amounts)
        top = card.scale + max(scored.bonus if card.bonus_cap is None else card.bonus_cap, ZERO)
        return float((scored.bonus + scored.penalty) * 100), float(top * 100)
