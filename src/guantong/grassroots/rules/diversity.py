"""How varied something is: Shannon's entropy over the kinds, divided by the most it could be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Diversity:
    """``counts`` by kind, the kinds nobody had among them; ``of`` activities were looked at, ``least`` are needed.

    ``share`` goes from 0 (one kind alone) to 1 (every kind as often); None where it cannot be told.
    """

    counts: tuple[tuple[str, int], ...]
    of: int
    least: int
    share: float | None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(self.share * 100)

    @property
    def is_too_few(self) -> bool:
        return self.of < self.least

    @property
    def kinds(self) -> int:
        """How many kinds there were."""
        return sum(1 for _kind, n in self.counts if n)


def normalised_entropy(counts: Iterable[int]) -> float | None:
    """−Σ p·ln p ÷ ln K over K kinds, those without any among them. None without anything, or with one kind to have."""
    numbers = list(counts)
    total = sum(numbers)
    if total == 0 or len(numbers) < 2:
        return None
    entropy = -sum(n / total * log(n / total) for n in numbers if n)
    return min(1.0, max(0.0, entropy / log(len(numbers))))


def diversity(rows: Iterable[Sequence[str]], *, kinds: Sequence[str], least: int) -> Diversity:
    """Of what each activity had: one kind or several, or none (then it says nothing about kinds)."""
    counts: dict[str, int] = dict.fromkeys(kinds, 0)
    of = 0
    for row in rows:
        known = {kind for kind in row if kind in counts}
        of += bool(known)
        for kind in known:
            counts[kind] += 1
    return Diversity(tuple(counts.items()), of, least, _share(counts, of, least))


def _share(counts: Mapping[str, int], of: int, least: int) -> float | None:
    return normalised_entropy(counts.values()) if of >= least else None
