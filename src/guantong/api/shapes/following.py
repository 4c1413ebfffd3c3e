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
ClockKind = Literal["notify", "close", "ask_review", "review", "ask_second", "second_review"]


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
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class MatterPart:
    """What one unit has to do in a matter; it is reported by a record and a claim of ``obligation``."""

    id: int
    matter: int
    unit: UnitRef
    office: OfficeRef
    part: Part
    parent: int | None
    wording: str
    due_on: dt.date
    target: Decimal | None
    target_unit: str
    sign_by: dt.date | None
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
class Dispute:
    """The unit says that it is another's business; ``upheld`` is null while it waits for an answer."""

    id: int
    reason: str
    raised_at: dt.datetime
    due_on: dt.date
    upheld: bool | None
    decision: str


@dataclass(frozen=True, slots=True)
class Handling:
    """A unit's part in the case."""

    id: int
    unit: UnitRef
    part: Part
    assigned_on: dt.date
    released_on: dt.date | None
    obligation: int | None
    disputes: list[Dispute]


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One period of the case; running while it was neither met nor dropped."""

    kind: ClockKind
    starts_on: dt.date
    due_on: dt.date
    extended_days: int
    met_on: dt.date | None
    dropped_on: dt.date | None


@dataclass(frozen=True, slots=True)
class CaseReview:
    """The applicant asks for the answer to be looked at again; why, stands on the page alone."""

    id: int
    second: bool
    asked_at: dt.datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class Closure:
    """How the case ended; ``drawn`` for a call-back, and whether that was made."""

    id: int
    one_sided: bool
    outcome: CaseOutcome
    closed_at: dt.datetime
    drawn: bool
    called_back: bool


@dataclass(frozen=True, slots=True)
class FullCase(Case):
    """A case with who handles it, which leader carries it, how its clocks stand and what waits to be answered."""

    host: OfficeRef | None
    against: UnitRef | None
    paused: bool
    handlings: list[Handling]
    clocks: list[CaseClock]
    reviews: list[CaseReview]
    closures: list[Closure]
