"""What may stand after ``?``: the page wanted, and the filters of each list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from guantong.api.shapes.common import Id
from guantong.api.shapes.duties import ListState
from guantong.api.shapes.following import CaseKind, CaseStage, MatterStage
from guantong.api.shapes.grassroots import ActivityStage, DemandStage
from guantong.api.shapes.matters import FindingStage
from guantong.api.shapes.meetings import MeetingKind, MeetingStage
from guantong.api.shapes.partners import OrganisationKind
from guantong.api.shapes.tasks import TaskForm
from guantong.api.shapes.terms import Number, Text
from guantong.api.shapes.work import Light, RecordKind, Source, State


@dataclass(frozen=True, slots=True)
class Nothing:
    """No parameters."""


@dataclass(frozen=True, slots=True)
class Some:
    """How many at once, and after which."""

    limit: Annotated[int, Number(1, 100)] = 50
    cursor: Annotated[str, Text(1, 300)] | None = None


@dataclass(frozen=True, slots=True)
class Units(Some):
    below: Id | None = None
    level: Annotated[str, Text(1, 20)] | None = None
    kind: Annotated[str, Text(1, 40)] | None = None
    code: Annotated[str, Text(1, 40)] | None = None


@dataclass(frozen=True, slots=True)
class OfUnit(Some):
    unit: Id | None = None


@dataclass(frozen=True, slots=True)
class OfCycle(Some):
    cycle: Id | None = None


@dataclass(frozen=True, slots=True)
class DutyLists(OfCycle):
    unit: Id | None = None
    state: ListState | None = None


@dataclass(frozen=True, slots=True)
class Obligations(OfCycle):
    """``unit`` means the unit and all below it; ``mine`` what the office itself owes."""

    unit: Id | None = None
    light: Light | None = None
    state: State | None = None
    source: Source | None = None
    pillar: Annotated[str, Text(1, 60)] | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Records(OfUnit):
    kind: RecordKind | None = None
    happened_from: dt.date | None = None
    happened_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Tasks(OfCycle):
    form: TaskForm | None = None
    pillar: Annotated[str, Text(1, 60)] | None = None


@dataclass(frozen=True, slots=True)
class Matters(OfCycle):
    stage: MatterStage | None = None
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class Cases(OfCycle):
    stage: CaseStage | None = None
    kind: CaseKind | None = None


@dataclass(frozen=True, slots=True)
class Scores(OfCycle):
    unit: Id | None = None
    run: Id | None = None
    scorecard: Annotated[str, Text(1, 60)] | None = None


@dataclass(frozen=True, slots=True)
class Rows(Some):
    counted: bool | None = None


@dataclass(frozen=True, slots=True)
class Activities(OfCycle):
    home: Id | None = None
    stage: ActivityStage | None = None


@dataclass(frozen=True, slots=True)
class Demands(OfCycle):
    stage: DemandStage | None = None


@dataclass(frozen=True, slots=True)
class Findings(OfCycle):
    unit: Id | None = None
    stage: FindingStage | None = None


@dataclass(frozen=True, slots=True)
class Meetings(OfCycle):
    kind: MeetingKind | None = None
    stage: MeetingStage | None = None
    day_from: dt.date | None = None
    day_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Rooms(Some):
    home: Id | None = None


@dataclass(frozen=True, slots=True)
class Bookings(Some):
    """``room`` and days; those that were cancelled stand among them."""

    room: Id | None = None
    day_from: dt.date | None = None
    day_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Partners(Some):
    kind: OrganisationKind | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """Which criterion of the campaign; its first where none is named."""

    criterion: Annotated[str, Text(1, 60)] | None = None
