"""How values are spread: least, quartiles, median, most – not the mean alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Value = Decimal | int


@dataclass(frozen=True, slots=True)
class Spread:
    """Five numbers and the mean of ``n`` values; ``missing`` units had none."""

    n: int
    missing: int
    least: Decimal
    low: Decimal
    middle: Decimal
    high: Decimal
    most: Decimal
    mean: Decimal


def spread(values: Sequence[Value | None]) -> Spread | None:
    """None where no unit has a value. Quartiles lie between neighbours in proportion, as spreadsheets compute them."""
    known = sorted(Decimal(each) for each in values if each is not None)
    if not known:
        return None
    return Spread(
        n=len(known),
        missing=len(values) - len(known),
        least=known[0],
        low=_at(known, Decimal("0.25")),
        middle=_at(known, Decimal("0.5")),
        high=_at(known, Decimal("0.75")),
        most=known[-1],
        mean=sum(known, Decimal(0)) / len(known),
    )


def _at(known: Sequence[Decimal], share: Decimal) -> Decimal:
    place = share * (len(known) - 1)
    below = int(place)
    if below + 1 >= len(known):
        return known[-1]
    return known[below] + (known[below + 1] - known[below]) * (place - below)


@dataclass(frozen=True, slots=True)
class Box:
    """A box on a line from 0 to ``top``: positions and widths in per cent, as text."""

    least: str
    low: str
    middle: str
    high: str
    most: str
    whisker: str
    width: str


def box(found: Spread, top: Decimal) -> Box:
    """Where the five numbers lie."""

    def place(value: Decimal) -> str:
        return _text(value * 100 / top if top else Decimal(0))

    return Box(
        least=place(found.least),
        low=place(found.low),
        middle=place(found.middle),
        high=place(found.high),
        most=place(found.most),
        whisker=place(found.most - found.least),
        width=place(found.high - found.low),
    )


def _text(value: Decimal) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
