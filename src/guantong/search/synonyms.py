"""Words that mean the same: the list that comes with the program, and what administrators added."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from guantong.search.folding import compact
from guantong.search.models import Synonym
from guantong.search.words import Term

BUILT_IN = Path(__file__).parent / "synonyms.txt"
MOST = 6  # other wordings of one term; more would find everything

Group = tuple[str, ...]


@functools.cache
def built_in() -> tuple[Group, ...]:
    """The groups that come with the program."""
    lines = BUILT_IN.read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split()) for line in lines if line and not line.startswith("#"))


def groups() -> list[Group]:
    """All groups in force."""
    added = Synonym.objects.filter(ended_at=None).order_by("pk").values_list("words", flat=True)
    return [*built_in(), *(tuple(each.split()) for each in added)]


def widened(terms: Iterable[str], known: Iterable[Group]) -> list[Term]:
    """Each term with its other wordings: a word of a group stands for every other, alone or in a longer term."""
    folded = [tuple(dict.fromkeys(compact(word) for word in group)) for group in known]
    return [Term(term, tuple(_others(compact(term), folded))) for term in terms]


def _others(term: str, known: Iterable[Group]) -> list[str]:
    found: list[str] = []
    for group in known:
        here = max((word for word in group if _stands(word, term)), key=len, default="")
        if here:
            found += [term.replace(here, other) for other in group if other != here]
    return [each for each in dict.fromkeys(found) if each != term][:MOST]


def _stands(word: str, term: str) -> bool:
    """A single character means the same only where it is asked for alone: 村 in 村民 is another word."""
    return word == term if len(word) < 2 else word in term
