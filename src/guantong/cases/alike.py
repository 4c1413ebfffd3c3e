"""Titles that may be about the same: by their character bigrams. What is found is offered, never gathered by itself."""

from __future__ import annotations

import re
import unicodedata

# Words of any demand rather than of this one. They part the text: no bigram reaches across them.
COMMON = r"关于|反映|请求|希望|建议|咨询|投诉|要求|解决|问题|情况|有关|相关|的|了|和|及|与|等"
PARTING = re.compile(COMMON + r"|[\W_]+")
LEAST = 0.4


def bigrams(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    parts = PARTING.sub(" ", plain).split()
    found = frozenset(part[at : at + 2] for part in parts for at in range(len(part) - 1))
    return found or frozenset(re.sub(r"[\W_]+", "", plain))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient, 0 to 1."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))
