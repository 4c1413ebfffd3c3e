"""A stretch of time as a band: phases as segments, month ticks, today's mark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

DONE, CURRENT, AHEAD = "done", "current", "ahead"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase as its owner describes it. ``waits_for`` says what still holds it, in words."""

    name: str
    begins_on: dt.date
    ends_on: dt.date
    waits_for: str = ""
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    phase: Phase
    state: str
    x: str
    width: str
    middle: str
    has_room: bool


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    label_x: str
    month: int
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Band:
    begins_on: dt.date
    ends_on: dt.date
    today: dt.date
    segments: list[Segment]
    ticks: list[Tick]
    today_x: str
    today_anchor: str

    @property
    def holds_today(self) -> bool:
        return self.begins_on <= self.today <= self.ends_on


def band(*, begins_on: dt.date, ends_on: dt.date, today: dt.date, phases: Iterable[Phase]) -> Band:
    """Positions, in percent, of phases and months between two days, both inside the band.

    Raises ValueError if the band ends before it begins.
    """
    if ends_on < begins_on:
        raise ValueError("a band cannot end before it begins")
    days = (ends_on - begins_on).days + 1

    def at(day: dt.date) -> float:
        return min(100.0, max(0.0, 100 * (day - begins_on).days / days))

    segments = []
    for phase in phases:
        x, end = at(phase.begins_on), at(phase.ends_on + dt.timedelta(days=1))
        width = max(0.0, end - x)
        state = phase.state or state_on(phase, today)
        segments.append(
            Segment(phase, state, f"{x:.2f}", f"{width:.2f}", f"{x + width / 2:.2f}", has_room=width >= 17)
        )
    today_x = at(today)
    anchor = "start" if today_x < 12 else "end" if today_x > 88 else "middle"
    return Band(
        begins_on, ends_on, today, segments, _ticks(begins_on, ends_on, days), f"{today_x:.2f}", anchor
    )


def state_on(phase: Phase, today: dt.date) -> str:
    """By dates alone, for phases whose owner keeps no state."""
    if today > phase.ends_on:
        return DONE
    return CURRENT if today >= phase.begins_on else AHEAD


def _ticks(begins_on: dt.date, ends_on: dt.date, days: int) -> list[Tick]:
    """One per month that begins inside the band; on phones only every third is labelled."""
    ticks: list[Tick] = []
    day = begins_on if begins_on.day == 1 else _next_month(begins_on)
    while day <= ends_on:
        x = 100 * (day - begins_on).days / days
        length = min((_next_month(day) - day).days, (ends_on - day).days + 1)
        ticks.append(Tick(f"{x:.2f}", f"{x + 50 * length / days:.2f}", day.month, len(ticks) % 3 != 0))
        day = _next_month(day)
    return ticks


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
