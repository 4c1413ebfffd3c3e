"""Meetings with their agenda and what was decided. Who came is counted, not listed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from guantong.api.shapes.common import OfficeRef, UnitRef

MeetingKind = Literal["deployment", "deliberation", "hearing", "study", "symposium", "field_visit"]
MeetingStage = Literal["planned", "called", "held", "cancelled"]
LineKind = Literal["decision", "problem", "demand"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """``asked`` and ``present`` are numbers of offices; ``outside`` of guests who hold none, null where uncounted."""

    id: int
    cycle: int
    kind: MeetingKind
    unit: UnitRef
    title: str
    pillar: str
    chair: OfficeRef | None
    called_by: OfficeRef
    day: dt.date
    starts_at: dt.time | None
    ends_at: dt.time | None
    place: str
    stage: MeetingStage
    reason: str
    asked: int
    present: int
    outside: int | None
    record: int | None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    title: str
    reporter: OfficeRef | None
    minutes: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class MinuteLine:
    """Decided, found or asked; ``task`` or ``case`` is what it became, where the office may open that."""

    id: int
    kind: LineKind
    wording: str
    lead: UnitRef | None
    cooperating: list[UnitRef]
    due_on: dt.date | None
    task: int | None
    case: int | None


@dataclass(frozen=True, slots=True)
class FullMeeting(Meeting):
    """A meeting with its agenda, its minutes and their lines."""

    minutes: str
    agenda: list[AgendaItem]
    lines: list[MinuteLine]
