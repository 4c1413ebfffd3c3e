"""Small packages and snapshots written down by hand, scored without a database."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from guantong.assessment.scoring_run import Line, Scored, score_snapshot
from guantong.mechanisms.package import Package, read_package_file

PACKAGES = Path(__file__).parent / "packages"
GRADES = [
    {"id": "excellent", "min": 90},
    {"id": "good", "min": 80},
    {"id": "pass", "min": 60},
    {"id": "fail", "min": 0},
]


def package_of(indicators: list[dict[str, Any]], **card: Any) -> Package:
    """A package with one card for member units, over the blocks that scores are made by."""
    made = [{"of": "unit", "title": each["id"], **each} for each in indicators]
    items = card.pop("items", [{"use": each["id"], "weight": 100} for each in indicators])
    whole = {"id": "SC", "of": {"kind": "member_unit"}, "items": items, "grades": GRADES, **card}
    source = {
        "format": "mechanism/1",
        "id": "t",
        "version": 1,
        "name": "t",
        "indicators": made,
        "scorecards": [whole],
    }
    return Package.from_canonical(json.dumps(source))


def real(name: str) -> Package:
    """A package of real rules under tests, which must pass every lint."""
    reading = read_package_file(PACKAGES / f"{name}.yaml")
    assert reading.findings == []
    assert reading.package is not None
    return reading.package


def path_of(unit: int) -> str:
    return f"00001{unit:05}"


def data_of(
    number: int = 1, *, card: str = "SC", subkinds: dict[int, str] | None = None, **tables: Any
) -> dict[str, Any]:
    """A snapshot of so many units, ``u1`` to ``u{number}``, on one card; the tables given take the place of none."""
    units = range(1, number + 1)
    empty: dict[str, Any] = {name: [] for name in (
        "offices", "obligations", "duty_lists", "successions", "marks", "facts", "findings", "adjustments", "vetoes",
    )}  # fmt: skip
    return {
        "format": "guantong-data/1", "cycle": {"unit": "1", "year": 2026}, "as_of": "2026-12-31", "seen_on": "2026-12-31",
        "units": [[unit, f"u{unit}", f"单位{unit}", (subkinds or {}).get(unit, ""), path_of(unit)] for unit in units],
        "subjects": {card: [[unit, None] for unit in units]}, "coverage": {}, **empty, **tables,
    }  # fmt: skip


def tasks(
    unit: int, in_time: int, late: int = 0, *, pillar: str = "", first: int = 0, due: str = "2026-06-01"
) -> list[list[Any]]:
    """Tasks of a unit, done in time or not at all."""
    return [
        [first + unit * 1000 + at, "task", path_of(unit), unit, pillar, "r", *(
            ("fulfilled", due, due, due) if at < in_time else ("open", due, None, None)), False]
        for at in range(in_time + late)
    ]  # fmt: skip


def facts(unit: int, side: str, **kinds: int) -> list[list[Any]]:
    return [
        [unit * 1000 + at, unit, side, kind]
        for at, kind in enumerate(k for k, n in kinds.items() for _ in range(n))
    ]


def mark(
    unit: int, indicator: str, value: object, scale: object = 10, part: str = "", ref: int = 1
) -> list[Any]:
    return [ref, unit, indicator, part, str(value), str(scale)]


def scores(package: Package, data: dict[str, Any]) -> dict[str, Scored]:
    """By unit code."""
    return {each.subject.code: each for each in score_snapshot(package, data)}


def line(scored: Scored, indicator: str) -> Line:
    return next(each for each in scored.lines if each.indicator.id == indicator)


def total(scored: Scored) -> Decimal | None:
    return scored.card.total
