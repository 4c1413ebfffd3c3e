"""Duty lists with their items, and what was said about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from guantong.api.shapes.common import Id, OfficeRef, UnitRef
from guantong.api.shapes.terms import Text

ListState = Literal["consulted", "issued", "signed"]


@dataclass(frozen=True, slots=True)
class DutyList:
    id: int
    cycle: int
    unit: UnitRef
    state: ListState
    sign_by: dt.date
    issued_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class DutyItem:
    id: int
    office: OfficeRef
    about: int | None
    duty: str
    pillar: str
    text: str
    text_en: str
    evidence: list[str]
    times: int
    minutes: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Objection:
    """``upheld`` is null while it waits for an answer."""

    id: int
    item: int
    reason: str
    raised_by: OfficeRef | None
    raised_at: dt.datetime
    upheld: bool | None
    answer: str
    answered_by: OfficeRef | None
    answered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FullDutyList(DutyList):
    """A list with its items, what was said about them, and who signed it for which office."""

    items: list[DutyItem]
    objections: list[Objection]
    signed_on: dt.date | None
    signed_by: OfficeRef | None


@dataclass(frozen=True, slots=True)
class NewObjection:
    """Why an item is not the unit's to do, or not like this."""

    item: Id
    reason: Annotated[str, Text(1, 500)]


@dataclass(frozen=True, slots=True)
class NewObjectionAnswer:
    """``upheld`` takes the item back; else it stays."""

    objection: Id
    upheld: bool
    answer: Annotated[str, Text(1, 500)]
