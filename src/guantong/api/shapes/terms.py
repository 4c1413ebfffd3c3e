"""What a shape says of a value besides its type. Known to server and client alike; no Django here."""

from __future__ import annotations

from dataclasses import dataclass

BIGGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Text:
    """A text of so many characters."""

    least: int = 0
    most: int = 500


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number within bounds."""

    least: int = 0
    most: int = BIGGEST


@dataclass(frozen=True, slots=True)
class Several:
    """A list of so many things at most."""

    most: int = 100


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of at least 0 with so many digits before and behind the point, written as text: "12.50"."""

    whole: int = 12
    places: int = 2

    @property
    def pattern(self) -> str:
        return rf"^[0-9]{{1,{self.whole}}}(\.[0-9]{{1,{self.places}}})?$"
