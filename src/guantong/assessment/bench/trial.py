"""One card on the bench: other weights in, the standing out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from guantong.assessment.bench.bands import Bands
from guantong.assessment.bench.card import Card, amount_of
from guantong.assessment.bench.places import UNGRADED, Places, Standing
from guantong.assessment.bench.totals import NOBODY, Totals


class Trial:
    """A card made ready for many trials. It keeps nothing of what is tried."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.totals = Totals(card)
        self.places = Places(card)
        self.bands = Bands(card)
        self._ids = [card.items[at].id for at in card.weighted]
        levels = {each.id: level for level, each in enumerate(self.places.bands, start=1)}
        self.before = Standing(
            [NOBODY if each.total is None else int(each.total * 100) for each in card.entrants],
            [levels.get(each.grade, UNGRADED) for each in card.entrants],
            [each.rank or 0 for each in card.entrants],
        )
        self.bands_before = [each.band or 0 for each in card.entrants]

    @property
    def size(self) -> int:
        """How many values it holds."""
        return len(self.card.entrants) * max(len(self.card.items), 1)

    def amounts(self, weights: Mapping[str, Decimal]) -> list[int]:
        """Weights by indicator as units in the order of the card; its own where none is given.

        ValueError where one is below 0 or above `most`.
        """
        own = dict(zip(self._ids, self.card.amounts, strict=True))
        found = [amount_of(weights[key]) if key in weights else own[key] for key in self._ids]
        if any(not 0 <= each <= self.card.most for each in found):
            raise ValueError("a weight is below 0 or above the card's scale")
        return found

    def stand(self, amounts: Sequence[int]) -> Standing:
        """The standing under these weights; an item of weight 0 is dropped."""
        return self.places(self.totals(amounts), amounts)

    def grade_of(self, level: int) -> str:
        return self.places.bands[level - 1].id if level else ""
