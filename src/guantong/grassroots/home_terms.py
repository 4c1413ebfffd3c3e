"""What a package says about homes, with defaults where it is silent."""

from __future__ import annotations

from guantong.grassroots.choices import HomeKind
from guantong.mechanisms.package import Package

HOME = "home"  # the unit kind of a home
LEAST = 3  # activities below which no diversity is told, where no scorecard says it


def least_told(package: Package) -> int:
    """The minimum number of the package: with fewer activities no diversity is told."""
    return max((card.min_n for card in package.scorecards), default=LEAST)


def pillars_of_homes(package: Package) -> list[str]:
    """The pillars of duties of seats at homes: what an activity can fulfil."""
    seats = {seat.id for seat in package.offices if any(place.kind == HOME for place in seat.places)}
    return sorted({duty.pillar for duty in package.duties if duty.who in seats})


def kind_label(subkind: str) -> str:
    """The kind of a home in words."""
    return str(HomeKind(subkind).label) if subkind in HomeKind.values else subkind
