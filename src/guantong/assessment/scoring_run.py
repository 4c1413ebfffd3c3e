"""Scoring a whole cycle from its snapshot: every scorecard, every subject, in the stated order of operations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import localcontext
from typing import Any

from django.utils import translation

from guantong.assessment.groups import place
from guantong.assessment.ledger import Ledger
from guantong.assessment.measures import Measures, Subject
from guantong.assessment.scored import CardReadings, Line, Scored
from guantong.assessment.scoring import PRECISION
from guantong.assessment.sheets import Sheet
from guantong.assessment.snapshot import Snapshot, snapshot_of
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package

__all__ = [
    "CardReadings",
    "Line",
    "Scored",
    "by_scorecard",
    "read_snapshot",
    "score_cycle",
    "score_readings",
    "score_snapshot",
]


def score_cycle(cycle: Cycle, *, as_of: dt.date) -> list[Scored]:
    """Score every card of the package for everybody it is for, from the rows as they stand. Writes nothing."""
    return score_snapshot(cycle.package, snapshot_of(cycle, as_of=as_of))


def score_snapshot(package: Package, snapshot: Snapshot) -> list[Scored]:
    """The scores that follow from rules and a snapshot (`snapshot.py`): no database, no clock, always the same.

    Formulas and steps are in Chinese whoever asks: they are part of the result.
    """
    return score_readings(package, read_snapshot(package, snapshot), snapshot)


def read_snapshot(package: Package, snapshot: Snapshot) -> list[CardReadings]:
    """What the indicators measure on a snapshot, before any weight or scoring: the part a what-if need not redo."""
    with translation.override("zh-hans"), localcontext() as context:
        context.prec = PRECISION
        return _read(package, snapshot)


def _read(package: Package, snapshot: Snapshot) -> list[CardReadings]:
    units = {each[0]: each for each in snapshot["units"]}
    titles = dict(snapshot["offices"])
    cards = [
        (card, [_subject(units, titles, *each) for each in snapshot["subjects"].get(card.id, [])])
        for card in package.scorecards
    ]
    measures = Measures(Ledger(package, snapshot), [each for _card, them in cards for each in them])
    indicators = {each.id: each for each in package.indicators}
    return [
        CardReadings(
            card,
            subjects,
            [
                {item.use: measures.read(indicators[item.use], subject) for item in card.items}
                for subject in subjects
            ],
        )
        for card, subjects in cards
    ]


def _subject(
    units: Mapping[int, Sequence[Any]], titles: Mapping[int, str], unit: int, office: int | None
) -> Subject:
    _pk, code, name, subkind, path = units[unit]
    return Subject(unit, code, name, subkind, path, office, None if office is None else titles[office])


def score_readings(
    package: Package, cards: Sequence[CardReadings], decided: Mapping[str, Any]
) -> list[Scored]:
    """Points, totals, grades and places of what was read. ``decided`` holds ``adjustments`` and ``vetoes``.

    The cards' own weights and scoring count, so a what-if hands in `CardReadings` with a changed card.
    """
    scored: list[Scored] = []
    with translation.override("zh-hans"), localcontext() as context:
        context.prec = PRECISION
        for each in cards:
            sheet = Sheet(package, each, decided)
            results = [sheet.score(number) for number in range(len(each.subjects))]
            place(each.card, results)
            scored += results
    return scored


def by_scorecard(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    """The scores, card by card."""
    found: dict[str, list[Scored]] = {}
    for each in scored:
        found.setdefault(each.scorecard, []).append(each)
    return found
