"""Fields that may mean the same: by the character bigrams of names and meanings. Offered, never merged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from guantong.burden.models import Field
from guantong.kernel.likeness import NO_WORDS, bigrams_of, dice, folded

# Words of forms, not of what is asked; they part the text.
FILLER = re.compile(
    r"数量|总数|人数|个数|次数|情况|本年度?|本季度?|本月|今年|全年|累计|截至|目前|填报|统计|是否|相关|以及|其中|的|了|和|及|与|等|[\W_]+"
)
NAME_LEAST, MEANING_LEAST = 0.6, 0.5
SHORT = 2  # bigrams up to which being contained in the other name is being the same


@dataclass(frozen=True, slots=True)
class Near:
    """A field that is there already; ``likeness`` runs to 1, ``by_name`` says what is alike."""

    field: Field
    likeness: float
    by_name: bool


def plain(text: str) -> str:
    return NO_WORDS.sub("", folded(text))


def bigrams(text: str) -> frozenset[str]:
    """Of what the text says apart from words of forms; of the whole where nothing else is left."""
    flat = folded(text)
    found = bigrams_of(FILLER.sub(" ", flat))
    return found or bigrams_of(NO_WORDS.sub(" ", flat)) or frozenset({plain(text)} - {""})


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient; 1 where the smaller of two short sets lies in the other."""
    if not one or not other:
        return 0.0
    small, large = sorted((one, other), key=len)
    if len(small) >= SHORT and small <= large and len(large) - len(small) <= len(small):
        return 1.0
    return dice(one, other)


def near(*, name: str, meaning: str, among: Iterable[Field], limit: int = 5) -> list[Near]:
    """The fields whose name or meaning is near, likeliest first."""
    named, meant = bigrams(name), bigrams(meaning)
    found = []
    for field in among:
        by_name = likeness(named, bigrams(field.name))
        by_meaning = likeness(meant, bigrams(field.meaning))
        if by_name >= NAME_LEAST:
            found.append(Near(field, by_name, True))
        elif by_meaning >= MEANING_LEAST:
            found.append(Near(field, by_meaning, False))
    return sorted(found, key=lambda each: (-each.likeness, each.field.pk))[:limit]
