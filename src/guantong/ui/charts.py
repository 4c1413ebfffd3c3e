"""Coordinates for the SVG charts: numbers in, positions out. All positions are percentages as text.

``None`` among the values means "no data": a gap in a line, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10, pi

Number = int | float | Decimal
DONUT_RADIUS = 42.0


def _text(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


@dataclass(frozen=True, slots=True)
class Point:
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Line:
    """One polyline per unbroken run of values; ``areas`` are the same runs closed along the bottom."""

    lines: list[str]
    areas: list[str]
    points: list[Point | None]

    @property
    def last(self) -> Point | None:
        return next((point for point in reversed(self.points) if point), None)


def line(values: Sequence[Number | None], *, low: float, high: float) -> Line:
    """A line through equally spaced values, ``low`` at the bottom and ``high`` at the top of the box."""
    step = 100 / (len(values) - 1) if len(values) > 1 else 0.0
    extent = (high - low) or 1.0
    points: list[Point | None] = []
    runs: list[list[Point]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            points.append(None)
            runs.append([])
            continue
        x = step * index if len(values) > 1 else 100.0
        point = Point(_text(x), _text(100 - (float(value) - low) / extent * 100))
        points.append(point)
        runs[-1].append(point)
    runs = [run for run in runs if run]
    lines = [" ".join(f"{point.x},{point.y}" for point in run) for run in runs]
    areas = [f"{run[0].x},100 {text} {run[-1].x},100" for run, text in zip(runs, lines, strict=True)]
    return Line(lines, areas, points)


def sparkline(values: Sequence[Number | None]) -> Line:
    """A small trend scaled to its own smallest and largest value."""
    known = [float(value) for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if low == high:
        low, high = low - 1, high + 1
    margin = (high - low) * 0.12
    return line(values, low=low - margin, high=high + margin)


def scale(values: Iterable[Number], *, steps: int = 4) -> list[float]:
    """Round axis marks from 0 (or below, if a value is) to at least the largest value."""
    known = [float(value) for value in values] or [0.0]
    low, high = min(0.0, *known), max(0.0, *known)
    rough = ((high - low) or 1.0) / steps
    power = 10.0 ** floor(log10(rough))
    size = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999999)
    first, last = floor(low / size), ceil(high / size - 1e-9)
    return [round(index * size, 10) for index in range(first, max(last, first + 1) + 1)]


@dataclass(frozen=True, slots=True)
class Series:
    number: int
    label: str
    values: list[Number | None]
    line: Line


@dataclass(frozen=True, slots=True)
class Mark:
    at: str
    label: str
    anchor: str = "middle"
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class LineChart:
    series: list[Series]
    x_marks: list[Mark]
    y_marks: list[Mark]
    rows: list[tuple[str, list[Number | None]]]


def line_chart(series: Sequence[tuple[str, Sequence[Number | None]]], labels: Sequence[str]) -> LineChart:
    """Up to five lines over the same labels; every series as long as ``labels``."""
    marks = scale([value for _, values in series for value in values if value is not None])
    low, high = marks[0], marks[-1]
    drawn = [
        Series(number, str(label), list(values), line(values, low=low, high=high))
        for number, (label, values) in enumerate(series, start=1)
    ]
    last = len(labels) - 1
    every = ceil(len(labels) / 6) or 1
    x_marks = [
        Mark(
            _text(100 * index / last if last else 100),
            str(label),
            anchor="start" if index == 0 and last else "end" if index == last else "middle",
            is_minor=index % every != 0 and index != last,
        )
        for index, label in enumerate(labels)
    ]
    y_marks = [Mark(_text(100 - (mark - low) / (high - low) * 100), f"{mark:g}") for mark in marks]
    rows = [(str(label), [values[index] for _, values in series]) for index, label in enumerate(labels)]
    return LineChart(drawn, x_marks, y_marks, rows)


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: Number | None
    text: str
    width: str
    url: str = ""
    is_marked: bool = False


def bars(rows: Sequence[dict[str, object]], *, high: Number | None = None) -> list[Bar]:
    """Horizontal bars from ``{"label", "value", "text"?, "url"?, "marked"?}``; ``high`` is a full bar."""
    known = [float(str(row["value"])) for row in rows if row.get("value") is not None]
    full = float(high) if high is not None else max(known, default=0.0)
    drawn = []
    for row in rows:
        value = row.get("value")
        share = min(1.0, max(0.0, float(str(value)) / full)) if value is not None and full > 0 else 0.0
        drawn.append(
            Bar(
                label=str(row["label"]),
                value=value,  # type: ignore[arg-type]
                text=str(row["text"] if row.get("text") is not None else "—" if value is None else value),
                width=_text(100 * share),
                url=str(row.get("url") or ""),
                is_marked=bool(row.get("marked")),
            )
        )
    return drawn


@dataclass(frozen=True, slots=True)
class Slice:
    label: str
    count: Number
    percent: str
    dash: str
    offset: str
    tone: str
    url: str = ""


def donut(rows: Sequence[dict[str, object]]) -> list[Slice]:
    """Slices of a ring from ``{"label", "value", "light"?, "url"?}``, clockwise from the top.

    ``dash`` and ``offset`` are lengths along a circle of radius 42.
    """
    around = 2 * pi * DONUT_RADIUS
    total = sum(float(str(row["value"])) for row in rows)
    slices, start = [], 0.0
    for number, row in enumerate(rows, start=1):
        share = float(str(row["value"])) / total if total > 0 else 0.0
        slices.append(
            Slice(
                label=str(row["label"]),
                count=row["value"],  # type: ignore[arg-type]
                percent=f"{100 * share:.1f}",
                dash=f"{_text(around * share)} {_text(around)}",
                offset=_text(-around * start),
                tone=str(row.get("light") or (number - 1) % 5 + 1),
                url=str(row.get("url") or ""),
            )
        )
        start += share
    return slices
