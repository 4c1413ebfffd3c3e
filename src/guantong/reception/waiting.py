"""Who is next on a waiting list: by the day since which somebody waits, equal days by a published seed.

The seed of a day is the root of the first checkpoint of the log that is signed after that day has ended: nobody who
joined the list on that day could know it, nor choose among seeds. Whoever waits is ranked by
SHA-256(seed + "\\n" + number of the booking), the rule of `guantong verify-draw` (docs/decisions/0009).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from guantong.kernel.draws import rank


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on the list: the number of their booking, and the day since which they wait."""

    number: int
    since: dt.date


def days_tied(waiting: Iterable[Waiting]) -> list[dt.date]:
    """The days since which more than one waits."""
    days = [each.since for each in waiting]
    return sorted({day for day in days if days.count(day) > 1})


def in_line(waiting: Iterable[Waiting], seeds: Mapping[dt.date, str]) -> list[Waiting]:
    """The list in order, as far as it is decided: it ends before the first tie whose seed is not there yet."""
    found: list[Waiting] = []
    for day, group in groupby(sorted(waiting, key=lambda each: each.since), key=lambda each: each.since):
        tied = list(group)
        if len(tied) > 1:
            if not seeds.get(day):
                break
            tied.sort(key=lambda each: rank(seeds[day], each.number))
        found += tied
    return found
