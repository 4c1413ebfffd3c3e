"""How many to draw, and what the checks of those drawn say of the whole list: exact, on a finite population.

All probabilities are hypergeometric (drawing without putting back), in whole numbers, so nothing is rounded on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import lru_cache
from math import comb


def false_in(population: int, share: Decimal) -> int:
    """How many items that share of the list is: rounded up, at least one."""
    return max(1, int((population * share).to_integral_value(rounding=ROUND_CEILING)))


def discovery_size(population: int, *, share: Decimal, confidence: Decimal) -> int:
    """The fewest to draw so that at least one false item is found with this confidence.

    ``share`` is the share of false items from which they must not be missed. 59 of a long list for 0.05 and 0.95;
    fewer of a short one.
    """
    false = false_in(population, share)
    missed, number = Fraction(1), 0
    while missed > 1 - Fraction(confidence) and number < population:
        missed *= Fraction(max(population - false - number, 0), population - number)
        number += 1
    return number


def at_most(found: int, *, false: int, drawn: int, population: int) -> Fraction:
    """The probability to find so many false items or fewer, were ``false`` of the population false."""
    if 2 * found >= drawn:  # the other end is the shorter way
        rest = drawn - found - 1
        return 1 - at_most(rest, false=population - false, drawn=drawn, population=population)
    true, ways = population - false, 0
    least = max(0, drawn - true)
    ways_of_k = comb(false, least) * comb(true, drawn - least)
    for k in range(least, found + 1):
        ways += ways_of_k
        ways_of_k = ways_of_k * (false - k) * (drawn - k) // ((k + 1) * (true - drawn + k + 1))
    return Fraction(ways, _ways(population, drawn))


@lru_cache(maxsize=4)
def _ways(population: int, drawn: int) -> int:
    return comb(population, drawn)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the draw says of the whole list. ``low``, ``high`` and ``ceiling`` count items of the population."""

    population: int
    drawn: int
    false: int
    unclear: int
    low: int
    high: int
    ceiling: int
    confidence: Decimal

    @property
    def share(self) -> Decimal | None:
        """Share of false among those that could be verified; None where none could."""
        clear = self.drawn - self.unclear
        return _percent(self.false, clear) if clear else None

    @property
    def low_share(self) -> Decimal:
        return _percent(self.low, self.population)

    @property
    def high_share(self) -> Decimal:
        return _percent(self.high, self.population)

    @property
    def ceiling_share(self) -> Decimal:
        return _percent(self.ceiling, self.population)


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"))


def estimate(*, population: int, drawn: int, false: int, unclear: int, confidence: Decimal) -> Estimate:
    """The exact interval (Clopper and Pearson's, on a finite population) for the false items of the list.

    Those that could not be verified count as true for the lower end and as false for the upper one. Either end is
    passed with at most half of the doubt; ``ceiling`` puts the whole of it on the upper end, as the size was chosen.
    """
    doubt, least, most = 1 - Fraction(confidence), false, false + unclear
    return Estimate(
        population=population,
        drawn=drawn,
        false=false,
        unclear=unclear,
        low=population - _highest(drawn - least, drawn=drawn, population=population, doubt=doubt / 2),
        high=_highest(most, drawn=drawn, population=population, doubt=doubt / 2),
        ceiling=_highest(most, drawn=drawn, population=population, doubt=doubt),
        confidence=confidence,
    )


def _highest(found: int, *, drawn: int, population: int, doubt: Fraction) -> int:
    """The most false items with which finding so few is still likelier than the doubt."""
    fits, fails = found, population - (drawn - found) + 1
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if at_most(found, false=middle, drawn=drawn, population=population) > doubt:
            fits = middle
        else:
            fails = middle
    return fits
