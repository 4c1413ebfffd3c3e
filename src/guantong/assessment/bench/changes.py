"""Who changes grade or place between the run and a trial, and how alike the two orders are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt

from guantong.assessment.bench.places import Standing
from guantong.assessment.bench.totals import NOBODY
from guantong.assessment.bench.trial import Trial


@dataclass(frozen=True, slots=True)
class Change:
    """One entrant before and after. Totals in hundredths, None where there is none; ranks None where not ranked."""

    key: int
    group: str
    total: tuple[int | None, int | None]
    rank: tuple[int | None, int | None]
    level: tuple[int, int]
    band: tuple[int, int]

    @property
    def changes_grade(self) -> bool:
        return self.level[0] != self.level[1]

    @property
    def changes_band(self) -> bool:
        return self.band[0] != self.band[1]

    @property
    def moved(self) -> int | None:
        """Places gained (above 0) or lost."""
        before, after = self.rank
        return None if before is None or after is None else before - after

    @property
    def changes(self) -> bool:
        return any(a != b for a, b in (self.total, self.rank, self.level, self.band))


@dataclass(frozen=True)
class Changes:
    """All changes of a trial. ``tau`` is Kendall's tau-b of the two orders within groups; None where not ranked."""

    rows: tuple[Change, ...]
    tau: float | None

    @property
    def regraded(self) -> int:
        return sum(each.changes_grade for each in self.rows)

    @property
    def rebanded(self) -> int:
        return sum(each.changes_band for each in self.rows)

    @property
    def moving(self) -> int:
        return sum(bool(each.moved) for each in self.rows)

    @property
    def farthest(self) -> int:
        """The largest number of places anybody moves."""
        return max((abs(each.moved) for each in self.rows if each.moved is not None), default=0)


def compare(trial: Trial, amounts: Sequence[int]) -> Changes:
    """What these weights change. With the card's own weights nothing does: that is what the run says."""
    before = trial.before
    after, bands = before, trial.bands_before
    if tuple(amounts) != trial.card.amounts:
        after = trial.stand(amounts)
        bands = trial.bands(after, amounts)
    rows = tuple(_change(trial, before, after, bands, at) for at in range(len(trial.card.entrants)))
    pairs = [
        [(before.ranks[at], after.ranks[at]) for at in members if before.ranks[at] and after.ranks[at]]
        for members in trial.card.groups.values()
    ]
    return Changes(rows, kendall(pairs))


def _change(trial: Trial, before: Standing, after: Standing, bands: Sequence[int], at: int) -> Change:
    entrant = trial.card.entrants[at]
    totals = before.totals[at], after.totals[at]
    return Change(
        entrant.key,
        entrant.group,
        (_known(totals[0]), _known(totals[1])),
        (before.ranks[at] or None, after.ranks[at] or None),
        (before.levels[at], after.levels[at]),
        (trial.bands_before[at], bands[at]),
    )


def _known(total: int) -> int | None:
    return None if total == NOBODY else total


def kendall(groups: Iterable[Sequence[tuple[int, int]]]) -> float | None:
    """Kendall's tau-b over the pairs within each group together: 1 the same order, -1 the reverse.

    None where nothing can be compared: fewer than two, or all equal on one side.
    """
    agreement, pairs, left, right = 0, 0, 0, 0
    for each in groups:
        size = len(each)
        pairs += size * (size - 1) // 2
        left += _tied(x for x, _ in each)
        right += _tied(y for _, y in each)
        agreement += _agreement(each)
    root = sqrt((pairs - left) * (pairs - right))
    return agreement / root if root else None


def _tied(values: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(values).values())


def _agreement(pairs: Sequence[tuple[int, int]]) -> int:
    """Concordant less discordant pairs; those equal on either side count for neither."""
    seen: list[int] = []
    found = 0
    for _x, same in groupby(sorted(pairs), key=lambda pair: pair[0]):
        values = [y for _, y in same]
        for y in values:
            found += bisect_left(seen, y) - (len(seen) - bisect_right(seen, y))
        for y in values:
            insort(seen, y)
    return found
