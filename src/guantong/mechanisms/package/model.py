"""A package as the engine reads it: frozen, typed, and equal to its canonical JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from guantong.kernel.bilingual import Text
from guantong.mechanisms.package.vocabulary import NOT_YET_USED

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the mechanism; ``map`` is the level of the division tree."""

    id: str
    name: Text
    map: str


@dataclass(frozen=True, slots=True)
class UnitKind:
    id: str
    name: Text
    levels: tuple[str, ...] = ()
    assessed: bool = False
    facility: bool = False
    subkinds: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pillar:
    id: str
    name: Text
    items: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    id: str
    name: Text
    pillars: tuple[Pillar, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a seat is: at units of a kind, or at an asset; ``levels`` empty means every level."""

    kind: str | None
    asset: str | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    id: str
    name: Text
    places: tuple[Place, ...] = ()
    level: str | None = None
    seats_min: int | None = None
    seats_max: int | None = None
    full_time: bool = False


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: ``count`` times ``per`` period (once for ``each`` of something), or ``upon`` an event.

    ``due`` is "MM-DD", ``due_day`` a day of the period's last month, ``months`` a season (1-12).
    """

    count: int | None = None
    per: str | None = None
    each: str | None = None
    due: str | None = None
    due_day: int | None = None
    months: tuple[int, ...] = ()
    upon: str | None = None
    due_workdays: int | None = None


@dataclass(frozen=True, slots=True)
class DutyTemplate:
    """``minutes`` is what one record takes."""

    id: str
    pillar: str
    who: str
    what: Text
    cadence: Cadence
    evidence: tuple[str, ...] = ()
    gate: Plain | None = None
    scope_level: str | None = None
    pairing: str | None = None
    reception: str | None = None
    when: Plain | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """ "Each X needs at least ``min`` Y", and who owns a gap."""

    id: str
    of_level: str | None = None
    of_kind: str | None = None
    of_asset: str | None = None
    exclude_codes: str | None = None
    needs_office: str | None = None
    needs_facility: str | None = None
    needs_field: str | None = None
    min: int | None = None
    full_time: bool = False
    gap_owner_office: str | None = None
    gap_owner_level: str | None = None
    gap_due_days: int | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A window of the year, "MM-DD" to "MM-DD"; it crosses the year end where ``ends`` comes first."""

    id: str
    name: Text
    starts: str
    ends: str
    does: tuple[str, ...] = ()
    exit: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    id: str
    of: str
    title: Text
    measure: Plain
    scoring: str | Plain
    missing: str | None = None
    direction: str | None = None
    bonus: bool = False
    penalty: bool = False
    human: bool = False
    parts: tuple[Plain, ...] = ()
    for_offices: tuple[str, ...] = ()
    target: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator on a scorecard; bonus and penalty items have no weight.

    ``cap`` limits the item's points on this card; ``scorer`` is the kind of unit whose offices mark it.
    """

    use: str
    weight: Decimal | None = None
    cap: Decimal | None = None
    scorer: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Units that may be compared with each other: by code, or by subkind."""

    id: str
    name: Text
    units: tuple[str, ...] = ()
    subkinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatterKind:
    """A node template: how long to sign for a matter, to do it, who reviews, whether it is verified.

    ``sign_within`` and ``due`` are (number, whether working days); ``report_days`` is how often progress is asked.
    """

    id: str
    name: Text
    sign_within: tuple[int, bool]
    due: tuple[int, bool]
    origins: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ("issuer",)
    verify: bool = False
    report_days: int | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    id: str
    min: Decimal
    share_max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reward:
    """What a grade on a card may lead to; ``slots`` is for how many, (least, most), empty where the package says none.

    People give it: the program only lists it.
    """

    id: str
    name: Text
    grade: str
    slots: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    id: str
    of: Plain
    items: tuple[Item, ...] = ()
    scale: Decimal = Decimal(100)
    missing_items: str | None = None
    vetoes: tuple[Plain, ...] = ()
    grades: tuple[Grade, ...] = ()
    tie_break: tuple[str, ...] = ()
    ranked: bool = False
    bonus_cap: Decimal | None = None
    min_n: int = 3
    groups: tuple[Group, ...] = ()
    rewards: tuple[Reward, ...] = ()


@dataclass(frozen=True)
class Package:
    """A mechanism. Blocks without types here are plain data, as written."""

    identifier: str
    version: int
    name: Text
    levels: tuple[Level, ...] = ()
    unit_kinds: tuple[UnitKind, ...] = ()
    tiers: tuple[Tier, ...] = ()
    offices: tuple[Seat, ...] = ()
    duties: tuple[DutyTemplate, ...] = ()
    task_lists: tuple[Plain, ...] = ()
    coverage: tuple[CoverageRule, ...] = ()
    phases: tuple[Phase, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    scorecards: tuple[Scorecard, ...] = ()
    documents: tuple[Plain, ...] = ()
    pairing: tuple[Plain, ...] = ()
    reception: tuple[Plain, ...] = ()
    campaigns: tuple[Plain, ...] = ()
    assets: tuple[Plain, ...] = ()
    supervision: Plain = field(default_factory=dict)
    matters: tuple[MatterKind, ...] = ()
    accountability: Plain = field(default_factory=dict)
    privacy: Plain = field(default_factory=dict)
    burden: Plain = field(default_factory=dict)
    appeal: Plain = field(default_factory=dict)
    patrol: Plain = field(default_factory=dict)
    problems: Plain = field(default_factory=dict)
    demands: Plain = field(default_factory=dict)
    study: Plain = field(default_factory=dict)
    not_yet_used: tuple[str, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)

    @property
    def waiting_blocks(self) -> list[str]:
        """What is kept and waits for behaviour, as people read it."""
        return [str(NOT_YET_USED[block]) for block in self.not_yet_used]

    def kept_days(self, what: str, *said: int | None, default: int) -> int:
        """Days that data are kept: of what the privacy block and other blocks say of them, the shorter."""
        every = [*said, (self.privacy.get("retention_days") or {}).get(what)]
        return min((int(days) for days in every if days is not None), default=default)

    def canonical_json(self) -> str:
        """The same text for the same meaning, whatever the order of keys and the comments in the file."""
        return json.dumps(self.source, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    @classmethod
    def from_canonical(cls, text: str) -> Package:
        """The package of a canonical text that was valid when it was frozen."""
        from guantong.mechanisms.package.building import build

        return build(json.loads(text))

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Any]]:
        return {
            "pillar": {pillar.id: pillar for tier in self.tiers for pillar in tier.pillars},
            "seat": {seat.id: seat for seat in self.offices},
            "indicator": {indicator.id: indicator for indicator in self.indicators},
            "matter": {kind.id: kind for kind in self.matters},
            "card": {card.id: card for card in self.scorecards},
        }

    def pillar(self, identifier: str) -> Pillar:
        """KeyError where there is none."""
        found: Pillar = self._by_id["pillar"][identifier]
        return found

    def seat(self, identifier: str) -> Seat:
        """KeyError where there is none."""
        found: Seat = self._by_id["seat"][identifier]
        return found

    def matter_kind(self, identifier: str) -> MatterKind:
        """KeyError where there is none."""
        found: MatterKind = self._by_id["matter"][identifier]
        return found

    def scorecard(self, identifier: str) -> Scorecard:
        """KeyError where there is none."""
        found: Scorecard = self._by_id["card"][identifier]
        return found

    def indicator(self, identifier: str) -> Indicator:
        """KeyError where there is none."""
        found: Indicator = self._by_id["indicator"][identifier]
        return found
