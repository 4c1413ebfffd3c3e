"""What is asked for on the bench: other weights, items dropped, how to draw."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guantong.assessment.bench import SPREADS, Card, Item
from guantong.assessment.bench.card import weight_of
from guantong.kernel.bilingual import Text
from guantong.kernel.decimals import plain

WEIGHT, DROP = "w-", "drop-"
SHOWN = [("changed", _("只看有变化的")), ("all", _("全部"))]


class WeightsForm(forms.Form):
    """A weight and a tick for each item of the card. What is left empty keeps its weight."""

    def __init__(self, card: Card, params: QueryDict) -> None:
        self.items = [card.items[at] for at in card.weighted]
        self.own = {item.id: item.weight or Decimal(0) for item in self.items}
        asked = any(key.startswith((WEIGHT, DROP)) for key in params)
        super().__init__(params if asked else None)
        most = weight_of(card.most)
        for item in self.items:
            title = str(Text(item.title_zh, item.title_en))
            self.fields[WEIGHT + item.id] = forms.DecimalField(
                label=title, required=False, min_value=Decimal(0), max_value=most, decimal_places=4
            )
            self.fields[DROP + item.id] = forms.BooleanField(label=title, required=False)

    @property
    def weights(self) -> dict[str, Decimal]:
        """The weights to try; the card's own where nothing, or something wrong, was given."""
        if not self.is_bound:
            return dict(self.own)
        self.is_valid()
        given = self.cleaned_data
        return {key: self._weight(given, key) for key in self.own}

    def _weight(self, given: Mapping[str, Any], key: str) -> Decimal:
        if given.get(DROP + key):
            return Decimal(0)
        weight: Decimal | None = given.get(WEIGHT + key)
        return self.own[key] if weight is None else weight

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the page: each item with what to write into its fields, and what was wrong."""
        return [self._row(item) for item in self.items]

    def _row(self, item: Item) -> dict[str, Any]:
        own = plain(self.own[item.id])
        typed = self.data.get(WEIGHT + item.id, "") if self.is_bound else ""
        return {
            "id": item.id,
            "title": Text(item.title_zh, item.title_en),
            "own": own,
            "weight": typed or own,
            "dropped": self.is_bound and bool(self.data.get(DROP + item.id)),
            "errors": self.errors.get(WEIGHT + item.id, []) if self.is_bound else [],
        }


class DrawForm(forms.Form):
    spread = forms.TypedChoiceField(
        label=_("权重变动幅度"), choices=[(each, f"±{each}%") for each in SPREADS], coerce=int
    )
    seed = forms.IntegerField(
        label=_("种子"),
        min_value=0,
        max_value=2**53,
        help_text=_("同一个种子总是得到同样的结果，任何人都能重复。"),
    )
