"""A scorecard with everybody on it, as a finished run left them: what each reached of each item, kept as a share.

Weights are whole numbers of a ten-thousandth of a point, so that sums of them are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from guantong.assessment.algebra import CardItem, CardScore, GradeBand, ItemScore, score_card
from guantong.assessment.scoring import PRECISION, ZERO

WEIGHT_UNIT = 10_000
Spread = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the card. Without a weight it is a bonus or a penalty, which the bench does not change."""

    id: str
    title_zh: str
    title_en: str = ""
    weight: Decimal | None = None
    cap: Decimal | None = None
    bonus: bool = False
    penalty: bool = False

    @property
    def is_weighted(self) -> bool:
        return bool(self.weight) and not self.bonus and not self.penalty


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody scored. ``parts`` follows the card's items: the share of the weight of weighted ones, the
    points of the others, None where the item does not count; ``spreads`` the ends of the share's interval, where it
    is a sample. The rest is what the run says; ``limit`` is the grade that a confirmed veto limits to.
    """

    key: int
    parts: tuple[Decimal | None, ...]
    total: Decimal | None = None
    grade: str = ""
    rank: int | None = None
    band: int | None = None
    group: str = ""
    limit: str = ""
    spreads: tuple[Spread | None, ...] = ()


@dataclass(frozen=True)
class Card:
    """The rules of the card that do not change on the bench, and its entrants. ``grades`` in any order."""

    items: tuple[Item, ...]
    entrants: tuple[Entrant, ...]
    grades: tuple[GradeBand, ...] = ()
    scale: Decimal = Decimal(100)
    missing_items: str = "rescale"
    bonus_cap: Decimal | None = None
    tie_break: tuple[str, ...] = ()
    min_n: int = 1
    ranked: bool = True

    @cached_property
    def weighted(self) -> tuple[int, ...]:
        """Positions of the items whose weight can be changed."""
        return tuple(at for at, item in enumerate(self.items) if item.is_weighted)

    @cached_property
    def amounts(self) -> tuple[int, ...]:
        """The card's own weights, in units."""
        return tuple(amount_of(self.items[at].weight or ZERO) for at in self.weighted)

    @cached_property
    def most(self) -> int:
        """No weight may be larger: the card's scale, or all its weights together."""
        return max(amount_of(self.scale), sum(self.amounts))

    @cached_property
    def groups(self) -> dict[str, tuple[int, ...]]:
        """Positions of the entrants who may be compared with each other."""
        found: dict[str, list[int]] = {}
        for at, entrant in enumerate(self.entrants):
            found.setdefault(entrant.group, []).append(at)
        return {name: tuple(members) for name, members in found.items()}

    def score(self, entrant: Entrant, amounts: Sequence[int]) -> CardScore:
        """The engine's own sum for one entrant under other weights: exact, and slow beside `totals`."""
        weights = dict(zip(self.weighted, amounts, strict=True))
        with localcontext() as context:
            context.prec = PRECISION
            items = [
                _card_item(item, part, Decimal(weights[at]) / WEIGHT_UNIT if at in weights else item.weight)
                for at, (item, part) in enumerate(zip(self.items, entrant.parts, strict=True))
            ]
        return score_card(items, scale=self.scale, missing_items=self.missing_items, bonus_cap=self.bonus_cap)


def _card_item(item: Item, part: Decimal | None, weight: Decimal | None) -> CardItem:
    points = part * weight if part is not None and item.is_weighted and weight is not None else part
    return CardItem(item.id, weight, ItemScore(points), bonus=item.bonus, penalty=item.penalty, cap=item.cap)


def amount_of(weight: Decimal) -> int:
    """A weight in units; ValueError where it has more than four decimals."""
    scaled = weight * WEIGHT_UNIT
    if scaled != int(scaled):
        raise ValueError(f"a weight has at most four decimals: {weight}")
    return int(scaled)


def weight_of(amount: int) -> Decimal:
    return Decimal(amount) / WEIGHT_UNIT
