"""What a published result leads to: who gets what, what goes into next year's lists, reports and circulars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from guantong.accounts.acting import Actor
from guantong.assessment.models import Publication, Run, Score, ScoreLine
from guantong.assessment.queries import lines_visible_to, scores_visible_to
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package, Scorecard
from guantong.mechanisms.queries import cycles_visible_to
from guantong.organisation.models import Unit

WEAK = Decimal("0.6")  # a line below this share of its weight is proposed for next year's list


def publications_visible_to(acting: Actor) -> QuerySet[Publication]:
    """Published results of the cycles that concern the office, newest first."""
    return (
        Publication.objects.filter(run__cycle__in=cycles_visible_to(acting).order_by())
        .select_related("run__cycle__stored", "run__cycle__unit", "corrects", "approval__asked_by")
        .order_by("-published_at", "-pk")
    )


def versions_of(publication: Publication) -> list[Publication]:
    """The chain a publication belongs to, first version first. Each later one says why it corrects the one before."""
    known = {
        each.pk: each
        for each in Publication.objects.filter(run__cycle=publication.run.cycle_id).select_related(
            "run", "approval__asked_by", "approval__decided_by"
        )
    }
    after = {each.corrects_id: each for each in known.values() if each.corrects_id}
    first = known[publication.pk]
    while first.corrects_id:
        first = known[first.corrects_id]
    chain = [first]
    while chain[-1].pk in after:
        chain.append(after[chain[-1].pk])
    return chain


@dataclass
class Consequence:
    """What follows for one scored unit, each thing with the score or the line it rests on."""

    score: Score
    lines: Sequence[ScoreLine]
    rewards: Sequence[dict[str, Any]] = ()
    weak: list[ScoreLine] = field(default_factory=list)
    standing: str = ""  # "good" or "needs_work", for the circular


def consequences(
    publication: Publication, acting: Actor, *, share: Decimal = WEAK, unit: Unit | None = None
) -> list[Consequence]:
    """One for each visible unit's own score. Three queries, whatever the number."""
    scores = scores_visible_to(acting).filter(run=publication.run_id, office=None)
    if unit:
        scores = scores.filter(unit=unit)
    scores = scores.prefetch_related(Prefetch("lines", ScoreLine.objects.order_by("position")))
    package = publication.run.cycle.package
    cards = {card.id: card for card in package.scorecards}
    return [
        _consequence(score, cards[score.scorecard], package, share=share)
        for score in scores.order_by("scorecard", "unit__path")
        if score.scorecard in cards
    ]


def _consequence(score: Score, card: Scorecard, package: Package, *, share: Decimal) -> Consequence:
    lines = list(score.lines.all())
    return Consequence(
        score=score,
        lines=lines,
        rewards=[each for each in rewards_of(package, card.id) if each["when"]["grade"] == score.grade],
        weak=[each for each in lines if is_weak(each, share)],
        standing=_standing(score, card),
    )


def is_weak(line: ScoreLine, share: Decimal) -> bool:
    """Measured, with a weight, and below the share of it. No data, not applicable and excused are not weak."""
    return bool(line.points is not None and line.weight and line.points < line.weight * share)


def _standing(score: Score, card: Scorecard) -> str:
    grades = sorted(card.grades, key=lambda each: each.min)
    if not grades or not score.grade:
        return ""
    if score.grade == grades[-1].id:
        return "good"
    return "needs_work" if score.grade == grades[0].id else ""


def rewards_of(package: Package, scorecard: str) -> list[dict[str, Any]]:
    """The rewards of a card as its package writes them."""
    for row in package.source.get("scorecards", []):
        if row["id"] == scorecard:
            return list(row.get("rewards") or [])
    return []


def published_lines(acting: Actor, refs: Iterable[str]) -> QuerySet[ScoreLine]:
    """The lines ticked for next year's list: visible ones, of published results alone."""
    wanted = [int(each) for each in refs if each.isdecimal() and len(each) < 18]
    return (
        lines_visible_to(acting)
        .filter(pk__in=wanted, score__run__publication__isnull=False, score__office=None)
        .order_by("score__unit__path", "position")
    )


def history_of(unit: Unit, acting: Actor) -> list[Score]:
    """The unit's published results, newest first; one that was corrected says so."""
    scores = scores_visible_to(acting).filter(unit=unit, office=None, run__publication__isnull=False)
    return list(
        scores.select_related("run__publication__corrected_by").order_by(
            "-run__as_of", "-run__publication__published_at", "scorecard"
        )
    )


def newest_publication(acting: Actor, cycle: Cycle) -> Publication | None:
    return publications_visible_to(acting).filter(run__cycle=cycle).first()


def say_the_same(one: Run, other: Run) -> bool:
    """Whether two runs give everybody the same, whatever else they read: then there is nothing to correct."""
    return _said_by(one) == _said_by(other)


def _said_by(run: Run) -> list[list[tuple[Any, ...]]]:
    who = ("scorecard", "unit", "office")
    scores = Score.objects.filter(run=run).order_by(*who)
    lines = ScoreLine.objects.filter(score__run=run).order_by(
        *(f"score__{each}" for each in who), "indicator"
    )
    return [
        list(scores.values_list(*who, "total", "grade", "rank", "group", "band")),
        list(
            lines.values_list(*(f"score__{each}" for each in who), "indicator", "status", "points", "formula")
        ),
    ]
