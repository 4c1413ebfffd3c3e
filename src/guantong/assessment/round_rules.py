"""May this office state, review, appeal or decide; how many points a line can have; what a stage leads to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from guantong.accounts.acting import Acting, Actor
from guantong.assessment.models import Appeal, Mark, Round, RoundStage, ScoreLine, SelfScore
from guantong.calendars.queries import calendar_for
from guantong.kernel.decimals import exact
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Claim
from guantong.organisation.models import Unit
from guantong.supervision.rules.findings import people_behind

# The one table along which a round moves. It may be cancelled from any stage of it, and then moves no more.
NEXT: Mapping[str, str] = {
    RoundStage.SELF: RoundStage.REVIEW,
    RoundStage.REVIEW: RoundStage.PRELIMINARY,
    RoundStage.PRELIMINARY: RoundStage.FINAL,
    RoundStage.FINAL: RoundStage.PUBLISHED,
}
# The window that is open at a stage, and those that have not opened yet, by the day that ends them.
OPEN_WINDOW: Mapping[str, str] = {
    RoundStage.SELF: "self_by",
    RoundStage.REVIEW: "review_by",
    RoundStage.PRELIMINARY: "appeal_until",
}
COMING_WINDOWS: Mapping[str, tuple[str, ...]] = {RoundStage.SELF: ("review_by",)}
WINDOW_WORKDAYS, ANSWER_WORKDAYS = 5, 10  # where the package says nothing


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the most points a line can have."""

    low: Decimal
    high: Decimal

    def hold(self, points: Decimal) -> bool:
        return self.low <= points <= self.high


def limits_of(line: ScoreLine, cycle: Cycle) -> Limits:
    """From 0 to the weight; a bonus up to its cap, a penalty down from 0. No more than the scale either way."""
    if line.weight is not None:
        return Limits(Decimal(0), line.weight)
    card = next((each for each in cycle.package.scorecards if each.id == line.score.scorecard), None)
    item = next((each for each in card.items if each.use == line.indicator), None) if card else None
    if card is None or item is None:  # the package was changed meanwhile
        return Limits(Decimal(0), Decimal(0))
    indicator = cycle.package.indicator(line.indicator)
    if indicator.penalty:
        return Limits(-card.scale, Decimal(0))
    own = indicator.scoring.get("cap") if isinstance(indicator.scoring, Mapping) else None
    caps = [item.cap, card.bonus_cap, None if own is None else exact(own), card.scale]
    return Limits(Decimal(0), min(each for each in caps if each is not None))


def answers_for(actor: Actor, unit: Unit) -> bool:
    """The unit itself: its head or a clerk."""
    if not actor.may("assessment.answer"):
        return False
    return not isinstance(actor, Acting) or bool(actor.office and actor.office.unit_id == unit.pk)


def stands_apart(actor: Actor, unit: Unit) -> bool:
    """An office that reviews assessments over the unit, and is neither in it nor below it."""
    if not actor.may("assessment.review") or not actor.sees(unit.path):
        return False
    return not isinstance(actor, Acting) or not (
        actor.office and actor.office.unit.path.startswith(unit.path)
    )


def units_worked_on(actor: Actor, cycle: Cycle) -> frozenset[int]:
    """Units a matter of which somebody behind the act claimed or reviewed."""
    if not isinstance(actor, Acting):
        return frozenset()
    people = actor.behind
    claims = Claim.objects.filter(obligation__cycle=cycle)
    worked = Q(claimant__in=people) | Q(claimed_in_place_of__in=people)
    found = set(claims.filter(worked).values_list("obligation__unit_id", flat=True))
    found |= set(claims.filter(reviews__reviewer__in=people).values_list("obligation__unit_id", flat=True))
    return frozenset(found)


def may_review(
    actor: Actor, stated: SelfScore, *, worked_on: Collection[int], authors: Collection[int]
) -> bool:
    """Another office than the unit's, another person than who stated, nobody who claimed or reviewed its matters.

    ``authors`` are :func:`authors_of` the self-score, ``worked_on`` the actor's :func:`units_worked_on`.
    """
    if not stands_apart(actor, stated.unit) or actor.shares_a_person_with(*authors):
        return False
    return stated.unit_id not in worked_on


def authors_of(stated: SelfScore) -> set[int]:
    """Who stated it, and whom they stood in for."""
    return people_behind(stated.stater_id, stated.stated_by, stated.stated_at)


def may_decide(actor: Actor, appeal: Appeal) -> bool:
    """Another reviewer: not of the unit, not who appealed, nor who reviewed or marked the line that is disputed."""
    if not stands_apart(actor, appeal.unit):
        return False
    return not actor.shares_a_person_with(*judges_of(appeal))


def judges_of(appeal: Appeal) -> set[int]:
    """Who appealed, and the persons who set the points that the appeal disputes."""
    score = appeal.line.score
    same = {
        "line__indicator": appeal.line.indicator,
        "line__score__scorecard": score.scorecard,
        "line__score__office": score.office_id,
    }
    people = people_behind(appeal.appealer_id, appeal.appealed_by, appeal.appealed_at)
    for said in SelfScore.objects.filter(
        round=appeal.round_id, unit=appeal.unit_id, reviewed_at__isnull=False, **same
    ).select_related("reviewed_by"):
        people |= people_behind(said.reviewer_id, said.reviewed_by, said.reviewed_at or said.stated_at)
    for mark in Mark.objects.filter(
        cycle=appeal.round.cycle_id,
        unit=appeal.unit_id,
        office=score.office_id,
        indicator=appeal.line.indicator,
        replaced=False,
    ).select_related("marked_by"):
        people |= people_behind(mark.marker_id, mark.marked_by, mark.marked_at)
    return people


def appeal_window(cycle: Cycle, *, from_day: dt.date) -> dt.date:
    """The last day of an appeal: so many working days after the unit was told."""
    number = int(cycle.package.appeal.get("window_workdays", WINDOW_WORKDAYS))
    return calendar_for(cycle.year, cycle.unit_id).add_workdays(from_day, number)


def answer_day(cycle: Cycle, *, from_day: dt.date) -> dt.date:
    """The day by which an appeal is answered."""
    number = int(cycle.package.appeal.get("answer_workdays", ANSWER_WORKDAYS))
    return calendar_for(cycle.year, cycle.unit_id).add_workdays(from_day, number)


def may_take_part(actor: Actor, round: Round) -> bool:
    """Whether the round as a whole – everybody's lines – is for this office to see."""
    return actor.may("assessment.read") and actor.sees(round.cycle.unit.path)
