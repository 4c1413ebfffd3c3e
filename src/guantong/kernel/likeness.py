"""How alike two short Chinese texts are, by their character bigrams. What counts as filler is for each room to say."""

from __future__ import annotations

import re
import unicodedata

NO_WORDS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Full-width and capital forms as plain ones."""
    return unicodedata.normalize("NFKC", text).lower()


def bigrams_of(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters in each part of the text; white space parts it."""
    return frozenset(part[at : at + 2] for part in text.split() for at in range(len(part) - 1))


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient, 0 to 1; 0 where either is empty."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))
