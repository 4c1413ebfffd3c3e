"""The index of words, one interface over two databases: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Both hold the same words, made in Python (`search.words`), under one number for each row: the kind above, the row's own
key below. Whatever stands in the index was put there by `put` and goes by `take_out`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from guantong.search.index import postgresql, sqlite
from guantong.search.index.wanted import Wanted
from guantong.search.words import Entry

__all__ = ["Wanted", "found", "known", "put", "refs_between", "settle", "take_out"]

ROOM = 1 << 40  # keys of one kind


@dataclass(frozen=True)
class Place:
    """Where to look: a kind by its number, whether the newest comes first, how many at most."""

    kind: int
    newest_first: bool
    most: int


def _backend() -> sqlite.Backend | postgresql.Backend:
    return postgresql.Backend() if connection.vendor == "postgresql" else sqlite.Backend()


def put(kind: int, entries: Iterable[Entry]) -> None:
    """Add rows that are not in the index; take them out first where they may be."""
    _backend().put([(kind * ROOM + each.ref, sorted(each.words())) for each in entries])


def take_out(kind: int, refs: Iterable[int]) -> None:
    """Forget rows, whether they were there or not."""
    _backend().take_out([kind * ROOM + each for each in refs])


def refs_between(kind: int, after: int, upto: int | None) -> list[int]:
    """The keys of a kind that are in the index, above ``after`` and not above ``upto``."""
    last = kind * ROOM + upto if upto is not None else (kind + 1) * ROOM - 1
    return [each - kind * ROOM for each in _backend().between(kind * ROOM + after + 1, last)]


def known(kind: int) -> dict[int, frozenset[str]]:
    """The words of every row of a kind as they are now."""
    rows = _backend().words_between(kind * ROOM, (kind + 1) * ROOM - 1)
    return {number - kind * ROOM: frozenset(words) for number, words in rows}


def found(wanted: Sequence[Wanted], places: Iterable[Place]) -> dict[int, list[int]]:
    """The keys by kind, those of the first wording first, in the order that each place asks for."""
    asked = [(each, place) for place in places for each in wanted]
    if not asked:
        return {}
    sql, given = _backend().statement(
        [
            (rank, each, place.kind * ROOM, (place.kind + 1) * ROOM - 1, place.newest_first, place.most)
            for rank, (each, place) in enumerate(asked)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows = cursor.fetchall()
    by_rank: dict[int, list[int]] = {}
    for rank, number in rows:
        by_rank.setdefault(rank, []).append(number)
    kinds: dict[int, list[int]] = {}
    for rank, (_wanted, place) in enumerate(asked):
        numbers = sorted(by_rank.get(rank, ()), reverse=place.newest_first)
        kept = [*kinds.get(place.kind, ()), *(number - place.kind * ROOM for number in numbers)]
        kinds[place.kind] = list(dict.fromkeys(kept))[: place.most]
    return kinds


def settle() -> None:
    """After many changes: merge what was added piece by piece, and let the database count anew."""
    _backend().settle()
