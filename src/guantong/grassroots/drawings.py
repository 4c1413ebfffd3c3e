"""Coordinates for two SVG drawings: areas filled by size, and a year of days as a strip. Percentages as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from guantong.grassroots.queries.vacancies import Line
from guantong.grassroots.sweeps import Span, common, joined, without

WIDE, HIGH = 100.0, 50.0  # the drawing is about twice as wide as high
BANDS = ((100, "full"), (95, "near"), (80, "some"), (0, "few"))


def _text(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


@dataclass(frozen=True, slots=True)
class Tile:
    """One area: where it lies, what it says, how well covered it is."""

    x: str
    y: str
    width: str
    height: str
    label: str
    detail: str
    tone: str
    url: str


def tone_of(met: int, units: int) -> str:
    """How well covered: ``full``, ``near`` (95 % and more), ``some`` (80 %), ``few``."""
    share = met * 100 // units if units else 100
    return next(tone for least, tone in BANDS if share >= least)


def treemap(rows: Sequence[dict[str, object]]) -> list[Tile]:
    """Areas from ``{"label", "units", "met", "url"}``, the largest first, as square as can be (squarified)."""
    ordered = sorted(
        (row for row in rows if int(str(row["units"])) > 0), key=lambda row: -int(str(row["units"]))
    )
    total = sum(int(str(row["units"])) for row in ordered)
    sizes = [int(str(row["units"])) * WIDE * HIGH / total for row in ordered]
    tiles = []
    for row, (x, y, width, height) in zip(ordered, _squarified(sizes), strict=True):
        met, units = int(str(row["met"])), int(str(row["units"]))
        tiles.append(
            Tile(
                _text(x), _text(y * WIDE / HIGH), _text(width), _text(height * WIDE / HIGH), str(row["label"]),
                f"{met}/{units}", tone_of(met, units), str(row.get("url") or ""),
            )
        )  # fmt: skip
    return tiles


def _squarified(sizes: Sequence[float]) -> list[tuple[float, float, float, float]]:
    """Rectangles of these areas, in falling order, that fill the box: rows along its shorter side."""
    placed: list[tuple[float, float, float, float]] = []
    x, y, width, height = 0.0, 0.0, WIDE, HIGH
    rest = list(sizes)
    while rest:
        side = min(width, height)
        row = [rest.pop(0)]
        while rest and _worst([*row, rest[0]], side) <= _worst(row, side):
            row.append(rest.pop(0))
        thick = sum(row) / side if side else 0.0
        along = 0.0
        for size in row:
            long = size / thick if thick else 0.0
            if width >= height:
                placed.append((x, y + along, thick, long))
            else:
                placed.append((x + along, y, long, thick))
            along += long
        if width >= height:
            x, width = x + thick, max(0.0, width - thick)
        else:
            y, height = y + thick, max(0.0, height - thick)
    return placed


def _worst(row: Sequence[float], side: float) -> float:
    """The longest side to shortest side ratio in a row laid along ``side``."""
    thick = sum(row) / side if side else 0.0
    if not thick:
        return float("inf")
    return max(max(size / thick / thick, thick * thick / size) for size in row)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in one state: ``held``, ``acting``, ``short`` or ``none`` (not asked)."""

    state: str
    starts_on: dt.date
    ends_on: dt.date
    x: str
    width: str

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True)
class Strip:
    """A period of one unit, day by day; ``stretches`` lie in order, what is to come is left empty."""

    stretches: list[Stretch] = field(default_factory=list)

    @property
    def short(self) -> list[Stretch]:
        return [each for each in self.stretches if each.state == "short"]


def strip(line: Line, *, starts_on: dt.date, ends_on: dt.date) -> Strip:
    """The stretches of a line over the period from ``starts_on`` to ``ends_on``, both included."""
    first, whole = starts_on.toordinal(), (ends_on - starts_on).days + 1
    short = joined((start, end) for start, end, _missing in line.short)
    regular = joined((start, end) for _seat, start, end, acting in line.held if not acting)
    covered = without(line.needed, short)
    by_state: dict[str, list[Span]] = {
        "short": short,
        "held": common(covered, regular),
        "acting": without(covered, regular),
    }
    found = sorted((start, end, state) for state, spans in by_state.items() for start, end in spans)
    return Strip(
        [
            Stretch(
                state, dt.date.fromordinal(start), dt.date.fromordinal(end - 1), _text((start - first) * 100 / whole),
                _text((end - start) * 100 / whole),
            )
            for start, end, state in found
        ]
    )  # fmt: skip


def months(starts_on: dt.date, ends_on: dt.date) -> list[tuple[str, int]]:
    """(where a month begins, in per cent of the period; its number)."""
    whole = (ends_on - starts_on).days + 1
    firsts = [starts_on.replace(month=month, day=1) for month in range(starts_on.month, 13)]
    return [
        (_text((day - starts_on).days * 100 / whole), day.month)
        for day in firsts
        if starts_on <= day <= ends_on
    ]


def place_of(day: dt.date, *, starts_on: dt.date, ends_on: dt.date) -> str:
    """Where the end of a day lies in the period, in per cent."""
    whole = (ends_on - starts_on).days + 1
    return _text(min(whole, max(0, (day - starts_on).days + 1)) * 100 / whole)
