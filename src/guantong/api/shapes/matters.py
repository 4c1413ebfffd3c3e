"""What is sent about matters under supervision, and findings with the unit's reply."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from guantong.api.shapes.common import Id, OfficeRef, UnitRef
from guantong.api.shapes.following import Origin
from guantong.api.shapes.terms import Amount, Number, Several, Text

FindingStage = Literal["drafted", "notified", "replied", "ruled", "rechecking", "final"]
LadderStep = Literal["", "remind", "talk", "circular", "refer"]


@dataclass(frozen=True, slots=True)
class NewMatter:
    """A draft; ``kind`` is one of the package's. One unit leads, others work with it."""

    kind: Annotated[str, Text(1, 60)]
    title: Annotated[str, Text(1, 300)]
    origin: Origin
    basis: Annotated[str, Text(1, 300)]
    lead: Id
    cooperating: Annotated[list[Id], Several(100)] = field(default_factory=list)
    detail: Annotated[str, Text(most=4000)] = ""
    due_on: dt.date | None = None
    report_days: Annotated[int, Number(1, 366)] | None = None
    target: Annotated[Decimal, Amount()] | None = None
    target_unit: Annotated[str, Text(most=40)] = ""


@dataclass(frozen=True, slots=True)
class NewDispatch:
    """By when the units sign for it."""

    sign_by: dt.date


@dataclass(frozen=True, slots=True)
class NewVerification:
    """How it was verified and what was seen."""

    result: Annotated[str, Text(1, 500)]


@dataclass(frozen=True, slots=True)
class NewReturn:
    """Which parts go back, why, and until when; the day is needed for parts that were accepted already."""

    parts: Annotated[list[Id], Several(100)]
    reason: Annotated[str, Text(1, 500)]
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NewMerger:
    """Into which matter of the year, by its number."""

    number: Annotated[int, Number(1, 2_000_000_000)]
    reason: Annotated[str, Text(1, 500)]


@dataclass(frozen=True, slots=True)
class NewRefusalAnswer:
    """Insist, or give the part to another unit."""

    reason: Annotated[str, Text(1, 500)]
    unit: Id | None = None


@dataclass(frozen=True, slots=True)
class NewPartSplit:
    """The unit's part passed on to units below it."""

    units: Annotated[list[Id], Several(100)]
    due_on: dt.date
    wording: Annotated[str, Text(most=300)] = ""
    target: Annotated[Decimal, Amount()] | None = None
    target_unit: Annotated[str, Text(most=40)] = ""
    report_days: Annotated[int, Number(1, 366)] | None = None
    reason: Annotated[str, Text(most=500)] = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at a unit. It counts for nothing before a ruling upholds it."""

    id: int
    cycle: int
    unit: UnitRef
    matter: int | None
    obligation: int | None
    kind: str
    text: str
    basis: str
    rule_cited: str
    stage: FindingStage
    found_at: dt.datetime
    reply_by: dt.date | None


@dataclass(frozen=True, slots=True)
class FindingReply:
    text: str
    replied_by: OfficeRef | None
    replied_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    upheld: bool
    reason: str
    measure: LadderStep
    ruled_on: dt.date


@dataclass(frozen=True, slots=True)
class Recheck:
    """``kept`` is null until it is decided."""

    reason: str
    decide_by: dt.date
    kept: bool | None
    decision: str


@dataclass(frozen=True, slots=True)
class FullFinding(Finding):
    """A finding with what was said to it. Notices, rulings and rechecks are decided on the page."""

    reply: FindingReply | None
    ruling: Ruling | None
    recheck: Recheck | None


@dataclass(frozen=True, slots=True)
class NewReply:
    """What the unit says to it."""

    text: Annotated[str, Text(1, 2000)]


@dataclass(frozen=True, slots=True)
class NewRecheck:
    """Why the ruling should be looked at again."""

    reason: Annotated[str, Text(1, 2000)]
