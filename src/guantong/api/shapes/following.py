"""Matters under supervision, and cases without what is sealed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from guantong.api.shapes.common import OfficeRef, UnitRef
from guantong.api.shapes.work import Light, Part

Origin = Literal["instruction", "meeting", "paper", "proposal", "demand", "task", "check"]
MatterStage = Literal[
    "draft", "registered", "assigned", "under_way", "completed", "verified", "closed", "suspended", "merged",
    "cancelled",
]  # fmt: skip
PartStage = Literal[
    "planned", "assigned", "refused", "under_way", "reported", "returned", "completed", "closed", "withdrawn"
]
CaseKind = Literal["question", "suggestion", "difficulty", "complaint"]
CaseChannel = Literal["web", "phone", "window", "reception", "visit", "home"]
CaseStage = Literal[
    "registered", "accepted", "handling", "answered", "closed", "refused", "referred", "withdrawn"
]
CaseOutcome = Literal["", "solved", "partly", "explained"]


@dataclass(frozen=True, slots=True)
class Matter:
    id: int
    cycle: int
    number: int | None
    kind: str
    title: str
    detail: str
    origin: Origin
    basis: str
    pillar: str
    issued_by: OfficeRef
    due_on: dt.date
    first_due_on: dt.date
    stage: MatterStage
    closed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class MatterPart:
    id: int
    unit: UnitRef
    office: OfficeRef
    part: Part
    parent: int | None
    wording: str
    due_on: dt.date
    target: Decimal | None
    target_unit: str
    signed_on: dt.date | None
    stage: PartStage
    light: Light
    obligation: int | None


@dataclass(frozen=True, slots=True)
class FullMatter(Matter):
    """A matter with those of its parts that the office may see."""

    parts: list[MatterPart]


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the offices know it: no name, no contact, no word of the applicant."""

    id: int
    cycle: int
    reference: str
    kind: CaseKind
    channel: CaseChannel
    title: str
    unit: UnitRef
    anonymous: bool
    stage: CaseStage
    received_on: dt.date
    accepted_on: dt.date | None
    closed_on: dt.date | None
    due_on: dt.date | None
    outcome: CaseOutcome
    reopened: int


@dataclass(frozen=True, slots=True)
class Handling:
    unit: UnitRef
    part: Part
    assigned_on: dt.date
    released_on: dt.date | None
    obligation: int | None


@dataclass(frozen=True, slots=True)
class FullCase(Case):
    """A case with who handles it and which leader carries it."""

    host: OfficeRef | None
    handlings: list[Handling]
