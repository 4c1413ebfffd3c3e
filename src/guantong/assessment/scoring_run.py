"""Scoring a whole cycle: every scorecard, every subject, in the stated order of operations. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guantong.accounts.models import Office
from guantong.assessment.algebra import (
    CardItem,
    CardScore,
    GradeBand,
    Placed,
    apply_share_limits,
    places,
    rank,
    score_card,
    score_item,
)
from guantong.assessment.ledger import Ledger
from guantong.assessment.measures import Measures, Reading, Subject
from guantong.kernel.decimals import plain
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Indicator, Scorecard
from guantong.organisation.models import Unit


@dataclass(frozen=True)
class Line:
    indicator: Indicator
    weight: Decimal | None
    reading: Reading
    points: Decimal | None
    formula: str


@dataclass
class Scored:
    """One subject on one scorecard. ``rank`` is set only where the card ranks, among those with a score."""

    scorecard: str
    subject: Subject
    card: CardScore
    lines: list[Line]
    grade: str | None = None
    rank: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "scorecard": self.scorecard,
            "unit": self.subject.unit.code,
            "unit_name": self.subject.unit.name,
            "office": self.subject.office.title if self.subject.office else None,
            "total": None if self.card.total is None else format(self.card.total, "f"),
            "grade": self.grade,
            "rank": self.rank,
            "steps": list(self.card.steps),
            "lines": [
                {
                    "indicator": line.indicator.id,
                    "title": line.indicator.title.zh,
                    "status": line.reading.measured.status,
                    "weight": None if line.weight is None else plain(line.weight),
                    "numerator": _number(line.reading.measured.num),
                    "denominator": _number(line.reading.measured.den),
                    "points": None if line.points is None else plain(line.points),
                    "formula": line.formula,
                    "records": len(line.reading.traced),
                }
                for line in self.lines
            ],
        }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def subjects_of(card: Scorecard, cycle: Cycle, *, on: dt.date) -> list[Subject]:
    """Who the card is for: units of a kind (and levels), or the holders' offices of a seat."""
    below = Unit.objects.below(cycle.unit).open_on(on)
    kind = card.of.get("kind")
    if kind:
        units = below.of_kind(str(kind)).order_by("path")
        levels = card.of.get("levels")
        return [Subject(unit) for unit in units if not levels or unit.level in levels]
    seats = card.of.get("offices") or [card.of.get("office")]
    offices = (
        Office.objects.filter(
            seat__in=[str(seat) for seat in seats],
            unit__path__gte=cycle.unit.path,
            unit__path__lt=cycle.unit.path + "~",
            closed_on=None,
        )
        .select_related("unit", "scope")
        .order_by("unit__path", "number")
    )
    return [Subject(office.unit, office) for office in offices]


def score_cycle(cycle: Cycle, *, as_of: dt.date) -> list[Scored]:
    """Score every card of the package for everybody it is for."""
    ledger = Ledger(cycle, as_of=as_of)
    cards = [(card, subjects_of(card, cycle, on=as_of)) for card in cycle.package.scorecards]
    measures = Measures(ledger, [subject for _card, subjects in cards for subject in subjects])
    scored: list[Scored] = []
    for card, subjects in cards:
        readings = [
            {item.use: measures.read(cycle.package.indicator(item.use), subject) for item in card.items}
            for subject in subjects
        ]
        placed = _places_by_measure(card, cycle, readings)
        results = [
            _score(card, subject, cycle, readings[at], {use: found.get(at) for use, found in placed.items()})
            for at, subject in enumerate(subjects)
        ]
        _place(card, results)
        scored += results
    return scored


def _places_by_measure(
    card: Scorecard, cycle: Cycle, readings: Sequence[Mapping[str, Reading]]
) -> dict[str, dict[int, int]]:
    """For each item scored by rank: the place of every subject (by its position) among the card's subjects."""
    found = {}
    for item in card.items:
        indicator = cycle.package.indicator(item.use)
        if isinstance(indicator.scoring, Mapping) and "rank" in indicator.scoring:
            measured = {at: each[item.use].measured for at, each in enumerate(readings)}
            found[item.use] = places(measured, direction=indicator.direction or "up")
    return found


def _score(
    card: Scorecard,
    subject: Subject,
    cycle: Cycle,
    readings: Mapping[str, Reading],
    placed: Mapping[str, int | None],
) -> Scored:
    lines, items = [], []
    for item in card.items:
        indicator = cycle.package.indicator(item.use)
        reading = readings[item.use]
        scored = score_item(
            indicator.scoring,
            reading.measured,
            weight=item.weight,
            missing=indicator.missing or "exclude",
            place=placed.get(item.use),
        )
        items.append(
            CardItem(
                id=indicator.id,
                weight=item.weight,
                bonus=indicator.bonus,
                penalty=indicator.penalty,
                score=scored,
            )
        )
        lines.append(Line(indicator, item.weight, reading, scored.points, str(scored.formula)))
    total = score_card(
        items,
        scale=card.scale,
        missing_items=card.missing_items or "rescale",
        grades=_bands(card),
    )
    return Scored(card.id, subject, total, lines, grade=total.grade)


def _bands(card: Scorecard) -> list[GradeBand]:
    return [GradeBand(each.id, each.min, each.share_max) for each in card.grades]


def _place(card: Scorecard, results: Sequence[Scored]) -> None:
    """Ranks and grade quotas among those who have a score; a card without grades is never ranked."""
    if not card.grades or not card.ranked:
        return
    placed = []
    for number, each in enumerate(results):
        if each.card.total is None:
            continue
        points = {line.indicator.id: line.points for line in each.lines}
        tie_break = tuple(points.get(key) or Decimal(-1) for key in card.tie_break)
        placed.append(Placed(key=number, total=each.card.total, grade=each.grade, tie_break=tie_break))
    for key, grade in apply_share_limits(placed, _bands(card)).items():
        results[key].grade = grade
    for key, position in rank(placed).items():
        results[key].rank = position


def by_scorecard(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    found: dict[str, list[Scored]] = defaultdict(list)
    for each in scored:
        found[each.scorecard].append(each)
    return found
