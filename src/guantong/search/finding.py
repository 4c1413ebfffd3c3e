"""Finding: what is asked for, in the rows that the office may see, kind by kind.

The index gives candidates, narrowed to the office's scope; the scoped query of each room decides what is shown; and the
words are looked for once more in what the row says now, so that an index that lags behind shows nothing wrong.

The order: rows that have all the words in their title or number come first, then those that have them elsewhere; in
each, the latest entered first, units from the top of the tree down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from guantong.accounts.acting import Acting
from guantong.search import index, synonyms
from guantong.search.excerpts import TITLE as TITLE_SHOWN
from guantong.search.excerpts import Pieces, excerpt_of, marked
from guantong.search.folding import compact
from guantong.search.index import Place, Wanted
from guantong.search.sources import KINDS
from guantong.search.sources.kind import Kind, Rows
from guantong.search.words import ANYWHERE, TITLE, Term, scope_words, terms_of

MOST = 100  # of one kind; whoever needs more asks more narrowly
SHOWN = 5  # of one kind where all kinds are shown
WIDER = (1_000, 10_000)  # candidates, where the scope let through too few


@dataclass(frozen=True)
class Hit:
    """One row that was found, in pieces with the words marked."""

    title: Pieces
    excerpt: Pieces
    address: str
    remarks: list[str]


@dataclass(frozen=True)
class Group:
    """The hits of a kind. ``count`` is how many were found, at most ``MOST``; ``more`` says that there are others."""

    kind: Kind
    count: int
    more: bool
    hits: list[Hit] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """What came of a question."""

    terms: list[Term]
    groups: list[Group]

    @property
    def total(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def other_wordings(self) -> list[str]:
        """What was looked for besides."""
        return [each for term in self.terms for each in term.others]


def kinds_of(acting: Acting) -> list[Kind]:
    """The kinds whose pages the office may open."""
    return [kind for kind in KINDS if acting.may(kind.policy)]


def find(question: str, *, acting: Acting, only: Kind | None = None) -> Found:
    """Look for all the terms of a question: a few hits of each kind, or all of one."""
    terms = synonyms.widened(asked, synonyms.groups()) if (asked := terms_of(question)) else []
    kinds = kinds_of(acting)
    if not terms or acting.office is None or not acting.scope_path:
        return Found(terms, [])
    refs = _candidates(terms, acting, kinds, MOST + 1)
    groups = [
        _group(kind, refs.get(kind.number, []), terms, acting, only=only)
        for kind in kinds
        if refs.get(kind.number)
    ]
    return Found(terms, [group for group in groups if group.count])


def _candidates(
    terms: Sequence[Term], acting: Acting, kinds: Sequence[Kind], most: int
) -> dict[int, list[int]]:
    assert acting.office is not None
    scope = scope_words([acting.office.scope_id, acting.office.unit_id], [acting.office.pk])
    asked = [term.alternatives() for term in terms]
    wanted = [Wanted(asked, mark, scope) for mark in (TITLE, ANYWHERE)]
    return index.found(wanted, [Place(kind.number, kind.newest_first, most) for kind in kinds])


def _group(kind: Kind, refs: list[int], terms: Sequence[Term], acting: Acting, *, only: Kind | None) -> Group:
    visible = kind.visible(acting)
    seen = _seen(visible, refs)
    for most in WIDER:
        if len(seen) > SHOWN or len(refs) <= MOST:
            break
        refs = _candidates(terms, acting, [kind], most)[kind.number]
        seen = _seen(visible, refs)
    count, more = min(len(seen), MOST), len(refs) > MOST and len(seen) >= MOST
    if only is not None and only.number != kind.number:
        return Group(kind, count, more)
    wanted = seen[: MOST if only else SHOWN]
    rows = kind.with_words(visible.filter(pk__in=wanted)).in_bulk()
    hits = [hit for ref in wanted if ref in rows and (hit := _hit(kind, rows[ref], terms))]
    lost = len(wanted) - len(hits)
    return Group(kind, count - lost, more, hits)


def _seen(visible: Rows, refs: list[int]) -> list[int]:
    """Those of the candidates that the room shows to the office, in their order."""
    shown = set(visible.filter(pk__in=refs).order_by().values_list("pk", flat=True))
    return [ref for ref in refs if ref in shown]


def _hit(kind: Kind, row: Any, terms: Sequence[Term]) -> Hit | None:
    """The row as it is shown; None where it no longer says what the index knew."""
    said = kind.said(row)
    everything = compact(f"{said.title}\n{said.text}")
    if not all(term.stands_in(everything) for term in terms):
        return None
    title, _, below = said.title.partition("\n")
    return Hit(
        title=marked(title, terms) or [(str(row), False)],
        excerpt=excerpt_of("\n".join([below, said.text, title[TITLE_SHOWN:]]), terms),
        address=kind.address(row),
        remarks=[each for each in kind.remarks(row) if each],
    )
