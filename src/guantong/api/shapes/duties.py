"""Duty lists with their items, and what was said about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from guantong.api.shapes.common import OfficeRef, UnitRef

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
class FullDutyList(DutyList):
    """A list with its items."""

    items: list[DutyItem]
