"""Obligations, and the records that fulfil them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Literal

from guantong.api.shapes.common import Id, OfficeRef, UnitRef
from guantong.api.shapes.terms import Several, Text

Light = Literal["none", "green", "blue", "yellow", "red", "grey"]
State = Literal["open", "claimed", "returned", "fulfilled", "suspended", "excused", "cancelled"]
Source = Literal[
    "duty", "task", "gap", "matter", "report", "case", "pairing", "meeting", "publicity", "request"
]
Part = Literal["sole", "lead", "cooperating", "implementing"]
Verdict = Literal["accepted", "returned"]
Reviewer = Literal["own_head", "issuer", "leader"]
RecordKind = Literal[
    "study", "meeting", "hearing", "visit", "reception", "progress", "service", "activity", "document",
    "duty_report", "patrol", "case", "publicity",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Obligation:
    """One office owes one thing by one date."""

    id: int
    cycle: int
    unit: UnitRef
    office: OfficeRef
    pillar: str
    source: Source
    rule: str
    title: str
    title_en: str
    period: str
    period_en: str
    part: Part
    evidence: list[str]
    minutes: int
    starts_on: dt.date
    due_on: dt.date | None
    original_due_on: dt.date | None
    state: State
    returns: int
    claimed_on: dt.date | None
    settled_on: dt.date | None
    light: Light


@dataclass(frozen=True, slots=True)
class Review:
    step: int
    verdict: Verdict
    reason: str
    reviewed_by: OfficeRef | None
    reviewed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Claim:
    id: int
    record: int | None
    nothing_new: bool
    claimed_by: OfficeRef
    claimed_at: dt.datetime
    reviews: list[Review]


@dataclass(frozen=True, slots=True)
class Extension:
    """More time asked for; ``granted`` is null while it waits for an answer."""

    id: int
    asked_until: dt.date
    reason: str
    asked_by: OfficeRef
    asked_at: dt.datetime
    granted: bool | None
    decision: str
    decided_by: OfficeRef | None


@dataclass(frozen=True, slots=True)
class Suspension:
    """The clock stands still, or the obligation is excused."""

    id: int
    excused: bool
    reason: str
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class FullObligation(Obligation):
    """An obligation with who reviews it step by step, its claims, the newest first, and how its clock was moved."""

    review_steps: list[Reviewer]
    claims: list[Claim]
    extensions: list[Extension]
    suspensions: list[Suspension]


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """A claim that waits for this office's answer, and what it is about."""

    id: int
    obligation: Obligation
    record: int | None
    nothing_new: bool
    claimed_by: OfficeRef
    claimed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A record that fulfils the obligation, or that there is nothing new: one of the two."""

    record: Id | None = None
    nothing_new: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A reference in words, or a file: then with its size, type and digest. Its content is at ``file/`` below it."""

    id: int
    record: int
    reference: str
    file_name: str
    size: int | None
    media_type: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Record:
    id: int
    kind: RecordKind
    happened_on: dt.date
    place: str
    summary: str
    unit: UnitRef
    entered_by: OfficeRef
    entered_at: dt.datetime


@dataclass(frozen=True, slots=True)
class FullRecord(Record):
    """A record with its evidence, those who took part, and the obligations claimed with it."""

    participants: list[OfficeRef]
    evidence: list[Evidence]
    obligations: list[int]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What was done; it may claim obligations of the office's own unit at once."""

    kind: RecordKind
    happened_on: dt.date
    summary: Annotated[str, Text(1, 2000)]
    place: Annotated[str, Text(most=200)] = ""
    references: Annotated[list[Annotated[str, Text(1, 300)]], Several(20)] = field(default_factory=list)
    participants: Annotated[list[Id], Several(50)] = field(default_factory=list)
    obligations: Annotated[list[Id], Several(50)] = field(default_factory=list)
