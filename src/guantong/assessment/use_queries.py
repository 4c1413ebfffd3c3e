"""What a published result leads to: who gets what, what goes into next year's lists, reports and circulars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from guantong.accounts.acting import Actor
from guantong.assessment.models import Publication, Run, Score, ScoreLine
from guantong.assessment.queries import (
    judged_scores,
    lines_visible_to,
    package_of,
    scores_visible_to,
)
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Reward, Scorecard
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
    rewards: Sequence[Reward] = ()
    weak: list[ScoreLine] = field(default_factory=list)
    standing: str = ""  # "good" or "needs_work", for the circular
    before: Score | None = None  # how it stood in the result that this one is held against
    moved: int = 0  # 1 where the grade is better than before, -1 where it is worse


def previous_of(publication: Publication, acting: Actor) -> Publication | None:
    """What a result is held against: the one it corrects, or the newest earlier one of the same mechanism and unit."""
    if publication.corrects:
        return publication.corrects
    cycle = publication.run.cycle
    return (
        publications_visible_to(acting)
        .filter(
            run__cycle__unit=cycle.unit_id,
            run__cycle__stored__identifier=cycle.stored.identifier,
            run__as_of__lt=publication.run.as_of,
            corrected_by__isnull=True,
        )
        .order_by("-run__as_of", "-published_at")
        .first()
    )


def consequences(
    publication: Publication,
    acting: Actor,
    *,
    share: Decimal = WEAK,
    unit: Unit | None = None,
    previous: Publication | None = None,
) -> list[Consequence]:
    """One for each visible score of a unit or an assessed office. Few queries, whatever the number."""
    judged = judged_scores(publication.run).order_by().values("pk")
    scores = scores_visible_to(acting).filter(pk__in=judged)
    if unit:
        scores = scores.filter(unit=unit)
    scores = scores.prefetch_related(Prefetch("lines", ScoreLine.objects.order_by("position")))
    cards = {card.id: card for card in package_of(publication.run).scorecards}
    earlier = scores_visible_to(acting).filter(run=previous.run_id) if previous else Score.objects.none()
    before = {(each.scorecard, each.unit_id, each.office_id): each for each in earlier}
    return [
        _consequence(
            score,
            cards[score.scorecard],
            share=share,
            before=before.get((score.scorecard, score.unit_id, score.office_id)),
        )
        for score in scores.order_by("scorecard", "unit__path", "office__number", "pk")
        if score.scorecard in cards
    ]


def _consequence(score: Score, card: Scorecard, *, share: Decimal, before: Score | None) -> Consequence:
    lines = list(score.lines.all())
    return Consequence(
        score=score,
        lines=lines,
        rewards=[each for each in card.rewards if each.grade == score.grade],
        weak=[each for each in lines if is_weak(each, share)],
        standing=_standing(score, card),
        before=before,
        moved=_moved(score, before, card),
    )


def _moved(score: Score, before: Score | None, card: Scorecard) -> int:
    """Whether the grade went up or down; 0 where either is missing or the card no longer knows it."""
    order = [each.id for each in sorted(card.grades, key=lambda each: each.min)]
    if before is None or score.grade not in order or before.grade not in order:
        return 0
    now, then = order.index(score.grade), order.index(before.grade)
    return (now > then) - (now < then)


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


def published_lines(acting: Actor, refs: Iterable[str]) -> QuerySet[ScoreLine]:
    """The lines ticked for next year's list: visible ones, of published results alone."""
    wanted = [int(each) for each in refs if each.isdecimal() and len(each) < 18]
    return (
        lines_visible_to(acting)
        .filter(Q(score__office=None) | Q(score__grade__gt=""))  # a card without grades judges nobody
        .filter(pk__in=wanted, score__run__publication__isnull=False)
        .order_by("score__unit__path", "score__office__number", "score", "position")
    )


def history_of(unit: Unit, acting: Actor) -> list[Score]:
    """Published results of the unit and its assessed offices, newest first; one that was corrected says so."""
    scores = scores_visible_to(acting).filter(
        Q(office=None) | Q(grade__gt=""), unit=unit, run__publication__isnull=False
    )
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
