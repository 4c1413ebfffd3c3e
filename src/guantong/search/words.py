"""Words of the index: every two neighbouring Chinese characters, every number and every Latin word.

Nothing is cut into words by a dictionary: whatever two characters stand side by side can be found. The last character
of a run stands alone too, so that a single character is found as the beginning of a word. The first letter of a word
says what it is: ``a`` stands anywhere, ``t`` in the title or number, ``u`` a unit that sees it, ``o`` an office.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guantong.search.folding import compact, is_han, runs

LONGEST = 40  # of a Latin word or number, in characters
MAX_CHARACTERS = 100
BEGINNING = 3  # characters of a Latin word or number that may be only its beginning
MAX_TERMS = 8
ANYWHERE, TITLE, UNIT, OFFICE = "a", "t", "u", "o"
# What divides one thing asked for from the next; other marks belong to a document number.
BETWEEN = re.compile(r"[\s、，,；;。？?！!]+")


def pieces(text: str) -> Iterator[str]:
    """The words of a text, without what they are."""
    for run in runs(text):
        if is_han(run[0]):
            yield from (run[at : at + 2] for at in range(len(run)))
        else:
            yield run[:LONGEST]


@dataclass(frozen=True)
class Entry:
    """What the index is told of a row: what it is called, what else it says, who may see it.

    ``units`` are the units whose subtrees it lies in, ``offices`` the offices that see it besides. They only narrow
    the search: what is shown comes from the scoped query of the room.
    """

    ref: int
    title: str
    text: str
    units: frozenset[int]
    offices: frozenset[int] = frozenset()

    def words(self) -> frozenset[str]:
        """Everything by which the row is found."""
        title = set(pieces(self.title))
        return frozenset(
            [
                *(TITLE + each for each in title),
                *(ANYWHERE + each for each in title | set(pieces(self.text))),
                *(f"{UNIT}{each}" for each in self.units),
                *(f"{OFFICE}{each}" for each in self.offices),
            ]
        )


Needed = tuple[tuple[str, bool], ...]  # (word, whether it is only the beginning of one), all of them


def needed(text: str) -> Needed:
    """The words that a row must have to be found by a text.

    A single character or the beginning of a word or number finds only where it is all that is asked for: beside others
    it would be slow and say little, and the row is looked at once more before it is shown.
    """
    asked = runs(text)
    if len(asked) == 1:
        (only,) = asked
        if is_han(only[0]):
            return _pairs(only) or ((only, True),)
        return ((only[:LONGEST], len(only) >= BEGINNING),)
    found: list[tuple[str, bool]] = []
    for run in asked:
        found += _pairs(run) if is_han(run[0]) else ((run[:LONGEST], False),)
    return tuple(dict.fromkeys(found)) or tuple((run, True) for run in asked)


def _pairs(run: str) -> Needed:
    return tuple(dict.fromkeys((run[at : at + 2], False) for at in range(len(run) - 1)))


@dataclass(frozen=True)
class Term:
    """One thing asked for: as it was written, and in the other wordings that mean the same."""

    written: str
    others: tuple[str, ...] = ()

    @property
    def wordings(self) -> tuple[str, ...]:
        return (self.written, *self.others)

    def alternatives(self) -> list[Needed]:
        """Any of them finds it."""
        return [needed(each) for each in self.wordings]

    def stands_in(self, compacted: str) -> bool:
        """Whether a text, compacted, has one of the wordings."""
        return any(compact(each) in compacted for each in self.wordings)


def terms_of(question: str) -> list[str]:
    """What is asked for, one after the other; marks alone ask for nothing."""
    parts = BETWEEN.split(question[:MAX_CHARACTERS])
    return list(dict.fromkeys(each for each in parts if compact(each)))[:MAX_TERMS]


def scope_words(units: Iterable[int], offices: Iterable[int]) -> list[str]:
    """Any of these words marks a row that may be in sight."""
    return [*(f"{UNIT}{each}" for each in sorted(set(units))), *(f"{OFFICE}{each}" for each in offices)]
