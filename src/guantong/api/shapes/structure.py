"""The token itself, units, offices and cycles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from guantong.api.shapes.common import OfficeRef, UnitRef


@dataclass(frozen=True, slots=True)
class Me:
    """What this token may do today, and until when."""

    office: OfficeRef
    unit: UnitRef
    functions: list[str]
    read_only: bool
    standing_in: bool
    expires_on: dt.date


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    code: str
    name: str
    name_en: str
    kind: str
    subkind: str
    level: str
    parent: int | None
    opened_on: dt.date | None
    closed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Office:
    """A seat in a unit; nothing about whoever holds it."""

    id: int
    unit: UnitRef
    seat: str
    number: int
    title: str
    title_en: str
    role: str
    opened_on: dt.date | None
    closed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Cycle:
    id: int
    unit: UnitRef
    year: int
    package: str
    version: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What the office is asked to do next."""

    id: int
    kind: str
    title: str
    missing: str
    minutes: int
    page: str
    due_on: dt.date | None
    since: dt.date
