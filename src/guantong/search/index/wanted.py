"""What is looked for: all of the terms, each in any of its wordings, each wording by all of its words; in any scope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guantong.search.words import Needed


@dataclass(frozen=True)
class Wanted:
    """``mark`` is the letter that the words of the terms begin with; ``scope`` are whole words, one of which is there."""

    terms: Sequence[Sequence[Needed]]
    mark: str
    scope: Sequence[str]

    def written(self, word: Callable[[str, bool], str], *, both: str, either: str) -> str:
        """As an expression of a database, given how it writes one word and its two operators."""
        parts = [
            _joined(
                [
                    _joined([word(self.mark + each, begins) for each, begins in wording], both)
                    for wording in term
                ],
                either,
            )
            for term in self.terms
        ]
        parts.append(_joined([word(each, False) for each in self.scope], either))
        return _joined(parts, both)


def _joined(parts: Sequence[str], operator: str) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {operator} '.join(parts)})"
