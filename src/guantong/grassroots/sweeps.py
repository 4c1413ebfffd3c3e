"""Days as spans: joining, cutting and counting them by sweeping over their ends, never day by day.

A day is its ordinal number (``date.toordinal()``), a span is (first day, day after the last), a seat is any key.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

Span = tuple[int, int]
Held = tuple[Hashable, int, int]
Shortfall = tuple[int, int, int]
"""First day, day after the last, how many seats are missing."""


def joined(spans: Iterable[Span]) -> list[Span]:
    """The days in any of the spans: sorted, apart from each other, none empty."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if kept and start <= kept[-1][1]:
            if end > kept[-1][1]:
                kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """The days of ``spans`` that are in none of ``taken``; both joined."""
    left: list[Span] = []
    at = 0
    for start, end in spans:
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        here = at
        while here < len(taken) and taken[here][0] < end:
            if taken[here][0] > start:
                left.append((start, taken[here][0]))
            start = max(start, taken[here][1])
            here += 1
        if start < end:
            left.append((start, end))
    return left


def common(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The days in both; both joined."""
    shared: list[Span] = []
    one = two = 0
    while one < len(spans) and two < len(others):
        start = max(spans[one][0], others[two][0])
        end = min(spans[one][1], others[two][1])
        if start < end:
            shared.append((start, end))
        if spans[one][1] < others[two][1]:
            one += 1
        else:
            two += 1
    return shared


def days_in(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def shortfalls(needed: Sequence[Span], held: Iterable[Held], *, needs: int) -> list[Shortfall]:
    """Where fewer than ``needs`` different seats are held on the days needed; one seat counts once a day."""
    if needs <= 0 or not needed:
        return []
    if needs == 1:
        return [(start, end, 1) for start, end in without(needed, joined((s, e) for _seat, s, e in held))]
    turns = _turns(held)
    short: list[Shortfall] = []
    for start, end in needed:
        short += _short(start, end, turns, needs)
    return short


def _turns(held: Iterable[Held]) -> list[tuple[int, int]]:
    """(day, how many seats more or fewer are held from then on), by day."""
    by_seat: dict[Hashable, list[Span]] = {}
    for seat, start, end in held:
        by_seat.setdefault(seat, []).append((start, end))
    turns: dict[int, int] = {}
    for spans in by_seat.values():
        for start, end in joined(spans):
            turns[start] = turns.get(start, 0) + 1
            turns[end] = turns.get(end, 0) - 1
    return sorted(turns.items())


def _short(start: int, end: int, turns: Sequence[tuple[int, int]], needs: int) -> list[Shortfall]:
    short: list[Shortfall] = []
    count, day = 0, start
    for turn, change in [*turns, (end, 0)]:
        until = min(turn, end)
        missing = needs - count
        if until > day:
            if missing > 0:
                if short and short[-1][1] == day and short[-1][2] == missing:
                    short[-1] = (short[-1][0], until, missing)
                else:
                    short.append((day, until, missing))
            day = until
        count += change
    return short


def seat_days(short: Iterable[Shortfall]) -> int:
    """Vacancy-days: one for each missing seat and day."""
    return sum((end - start) * missing for start, end, missing in short)


def short_since(short: Sequence[Shortfall], day: int) -> int | None:
    """Since when it has been short without a break up to and with ``day``; None where it is not short that day."""
    since: int | None = None
    for start, end, _missing in reversed(short):
        if since is None:
            if start <= day < end:
                since = start
        elif end == since:
            since = start
        else:
            break
    return since


def several(held: Iterable[Held]) -> list[Span]:
    """The days on which more than one seat is held: one person's seats in, the days of doubled hats out."""
    found: list[Span] = []
    count = 0
    begun = 0
    for day, change in _turns(held):
        if count < 2 <= count + change:
            begun = day
        elif count >= 2 > count + change:
            found.append((begun, day))
        count += change
    return found
