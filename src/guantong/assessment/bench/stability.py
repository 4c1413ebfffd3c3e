"""How firmly a ranking stands: the same card under many drawn weights.

A draw multiplies every weight by a number drawn evenly from 1 ± spread and brings the sum back to what it was. The
seed gives the same draws to everybody (``random.Random``, one ``random()`` a weight, in the order of the card).
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from guantong.assessment.bench.trial import Trial

SPREADS = (10, 25)  # percent of a weight
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Steadiness:
    """One entrant over all draws: how often each level (0 no grade, 1 the lowest, …), and the places.

    ``kept`` is how often the grade of the run came out. Places are None where nobody is ranked; ``low`` and
    ``high`` hold the middle nine tenths of them.
    """

    key: int
    levels: tuple[int, ...]
    kept: int
    median: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Stability:
    draws: int
    spread: int
    seed: int
    entrants: tuple[Steadiness, ...]


def draw_amounts(amounts: Sequence[int], *, spread: int, chooser: random.Random) -> list[int]:
    """One draw of weights around these, of the same sum; what rounding leaves over goes to the largest."""
    drawn = [each * (1 + spread / 100 * (2 * chooser.random() - 1)) for each in amounts]
    whole, total = sum(amounts), sum(drawn)
    found = [int(each / total * whole) for each in drawn] if total else list(amounts)
    if found:
        found[found.index(max(found))] += whole - sum(found)
    return found


def draw(trial: Trial, *, spread: int, seed: int, draws: int = DRAWS) -> Stability:
    """Draw the weights so many times and count where everybody came out."""
    chooser = random.Random(seed)  # noqa: S311 - repeatable by anybody, secret to nobody
    levels, ranks = [], []
    for _number in range(draws):
        stood = trial.stand(draw_amounts(trial.card.amounts, spread=spread, chooser=chooser))
        levels.append(bytes(stood.levels))
        ranks.append(array("L", stood.ranks))
    known = range(len(trial.places.bands) + 1)
    return Stability(
        draws,
        spread,
        seed,
        tuple(
            _steadiness(entrant.key, trial.before.levels[at], mine, places, known)
            for at, (entrant, mine, places) in enumerate(
                zip(trial.card.entrants, zip(*levels, strict=True), zip(*ranks, strict=True), strict=True)
            )
        ),
    )


def _steadiness(
    key: int, before: int, levels: tuple[int, ...], ranks: tuple[int, ...], known: range
) -> Steadiness:
    counts = tuple(levels.count(each) for each in known)
    places = sorted(ranks)
    if not places or not places[0]:
        return Steadiness(key, counts, counts[before], None, None, None)
    return Steadiness(key, counts, counts[before], _at(places, 0.5), _at(places, 0.05), _at(places, 0.95))


def _at(ordered: Sequence[int], part: float) -> int:
    """The smallest place that at least this part of the draws is not behind."""
    return ordered[max(ceil(part * len(ordered)) - 1, 0)]
