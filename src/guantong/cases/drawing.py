"""The draw of the cases that are called back: the rule of every public draw (docs/decisions/0009), over two lists.

Every number of a list is ranked by SHA-256(seed + "\\n" + number) in hexadecimal, equal ones by the number; the first N
are drawn. ``guantong verify-draw LIST.csv SEED N`` repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from guantong.kernel.draws import rank


def drawn(numbers: Iterable[str], seed: str, n: int) -> list[str]:
    """The numbers drawn, in the order drawn."""
    return sorted(numbers, key=lambda each: rank(seed, each))[:n]


def size(share: Decimal, of: int) -> int:
    """How many are drawn: the share, rounded up, so that a small list is not left out."""
    return min(of, int((share * of).to_integral_value(rounding=ROUND_CEILING)))


def as_csv(numbers: Iterable[str]) -> str:
    return "".join(f"{each}\n" for each in ["id", *numbers])


def numbers_of(content: str) -> list[str]:
    return content.split()[1:]
