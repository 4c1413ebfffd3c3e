"""Homes, activities, services and demands: counted, never listed by person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Annotated, Literal

from guantong.api.shapes.common import Id, OfficeRef, UnitRef
from guantong.api.shapes.terms import Number, Several, Text

HostKind = Literal["government", "community", "enterprise", "chamber", "school", "organisation", "volunteers"]
ContentKind = Literal["study", "consultation", "service", "culture", "training", "mediation", "charity"]
ResultKind = Literal["solved", "proposal", "project", "helped", "learnt", "practice"]
ActivityStage = Literal["planned", "held", "cancelled"]
DemandStage = Literal["raised", "taken_up", "case", "answered", "told", "dropped"]


@dataclass(frozen=True, slots=True)
class Home:
    id: int
    unit: UnitRef
    subkind: str
    address: str
    contents: list[str]
    hours_posted: bool
    rules_posted: bool
    standard: str


@dataclass(frozen=True, slots=True)
class Activity:
    """``signed_in`` is null where nobody counted."""

    id: int
    cycle: int
    home: int
    content: ContentKind
    title: str
    day: dt.date
    stage: ActivityStage
    reason: str
    host_kinds: list[str]
    results: list[str]
    capacity: int | None
    signed_up: int
    signed_in: int | None
    planned_by: OfficeRef
    record: int | None


@dataclass(frozen=True, slots=True)
class NewActivity:
    """An activity that was held, with its work record."""

    home: Id
    content: ContentKind
    title: Annotated[str, Text(1, 200)]
    day: dt.date
    signed_in: Annotated[int, Number(0, 100_000)] | None = None
    host_kinds: Annotated[list[HostKind], Several(10)] = field(default_factory=list)
    results: Annotated[list[ResultKind], Several(10)] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ServiceItem:
    id: int
    cycle: int
    name: str
    name_en: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Service:
    id: int
    cycle: int
    item: int
    record: int
    happened_on: dt.date
    people: int
    villages: list[UnitRef]
    home: int | None
    entered_by: OfficeRef


@dataclass(frozen=True, slots=True)
class NewService:
    """A service given in one or several villages; people are a number."""

    item: Id
    villages: Annotated[list[Id], Several(60)]
    people: Annotated[int, Number(1, 5000)]
    happened_on: dt.date
    summary: Annotated[str, Text(most=500)] = ""
    stars: Annotated[int, Number(1, 5)] | None = None
    home: Id | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    id: int
    cycle: int
    unit: UnitRef
    home: int | None
    wording: str
    raised_by: OfficeRef
    raised_at: dt.datetime
    at_office: OfficeRef
    stage: DemandStage
    answer: str
    answered_at: dt.datetime | None
    told_on: dt.date | None


@dataclass(frozen=True, slots=True)
class NewDemand:
    """What people ask for, in neutral words and without anybody's name."""

    unit: Id
    wording: Annotated[str, Text(1, 500)]
    home: Id | None = None
