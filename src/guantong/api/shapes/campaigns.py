"""Improvement campaigns: the same measures on the first day and on the last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from guantong.api.shapes.common import UnitRef


@dataclass(frozen=True, slots=True)
class Campaign:
    """``ended_on`` is null while it runs; ``units`` is how many it is for."""

    id: int
    cycle: int
    campaign: str
    name: str
    name_en: str
    starts_on: dt.date
    ends_on: dt.date
    ended_on: dt.date | None
    units: int


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """One unit, treated or beside; null where it had no value on that day."""

    unit: UnitRef
    treated: bool
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Spread:
    """``n`` values; ``missing`` units had none."""

    n: int
    missing: int
    least: Decimal
    low: Decimal
    middle: Decimal
    high: Decimal
    most: Decimal
    mean: Decimal


@dataclass(frozen=True, slots=True)
class CampaignGroup:
    """The treated units or those beside them; without spreads where they are too few to be told together."""

    treated: bool
    units: int
    before: Spread | None
    after: Spread | None


@dataclass(frozen=True, slots=True)
class CampaignMeasure:
    """One criterion in the units in sight; not ``measured`` where the program cannot."""

    criterion: str
    measured: bool
    first: dt.date
    last: dt.date
    groups: list[CampaignGroup]


@dataclass(frozen=True, slots=True)
class FullCampaignMeasure(CampaignMeasure):
    """With every unit."""

    lines: list[CampaignLine]


@dataclass(frozen=True, slots=True)
class FullCampaign(Campaign):
    """A campaign with its measures before and after."""

    measures: list[CampaignMeasure]
