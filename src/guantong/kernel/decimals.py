"""Decimal arithmetic for scores: exact until the end, then rounded half up, once."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

TWO_PLACES = Decimal("0.01")


def exact(value: object) -> Decimal:
    """A decimal from a number in a package or a form; floats go through their shortest text."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def round_half_up(value: Decimal, places: Decimal = TWO_PLACES) -> Decimal:
    with localcontext() as context:
        context.prec = 50
        return value.quantize(places, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """The number without exponent and without trailing zeros: ``36``, ``97.5``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
