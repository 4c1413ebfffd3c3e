"""Scores with their arithmetic and their rows; the board."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from guantong.api.shapes.common import OfficeRef, UnitRef

LineStatus = Literal["measured", "no_data", "not_applicable", "excused"]


@dataclass(frozen=True, slots=True)
class Score:
    """``total`` is null where nothing could be measured: not 0."""

    id: int
    cycle: int
    run: int
    as_of: dt.date
    published: bool
    scorecard: str
    unit: UnitRef
    office: OfficeRef | None
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    group: str
    rank: int | None
    band: int | None
    grade: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    id: int
    indicator: str
    title: str
    title_en: str
    status: LineStatus
    weight: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    points: Decimal | None
    formula: str


@dataclass(frozen=True, slots=True)
class FullScore(Score):
    """A score with its lines; the digests name the rules, the rows read and the result."""

    lines: list[ScoreLine]
    rules_digest: str
    data_digest: str
    result_digest: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A row that a line's number was made from; ``counted`` says that it is in the numerator."""

    id: int
    source: str
    object: int
    counted: bool


@dataclass(frozen=True, slots=True)
class BoardCell:
    """``percent`` is done of done and overdue; null where nothing was due."""

    pillar: str
    name: str
    name_en: str
    lights: dict[str, int]
    done: int
    waiting: int
    overdue: int
    percent: Decimal | None
    trend: list[float | None]


@dataclass(frozen=True, slots=True)
class BoardTier:
    name: str
    name_en: str
    cells: list[BoardCell]


@dataclass(frozen=True, slots=True)
class Board:
    cycle: int
    unit: UnitRef
    tiers: list[BoardTier]
    counted_at: dt.datetime | None
