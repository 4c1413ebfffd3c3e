"""The what-if bench: what a published card would say with other weights. Tried out, never stored, never a result."""

from __future__ import annotations

from guantong.assessment.bench.card import Card, Entrant, Item
from guantong.assessment.bench.changes import Change, Changes, compare
from guantong.assessment.bench.places import Standing
from guantong.assessment.bench.stability import DRAWS, SPREADS, Stability, Steadiness, draw
from guantong.assessment.bench.trial import Trial

__all__ = [
    "DRAWS",
    "SPREADS",
    "Card",
    "Change",
    "Changes",
    "Entrant",
    "Item",
    "Stability",
    "Standing",
    "Steadiness",
    "Trial",
    "compare",
    "draw",
]
