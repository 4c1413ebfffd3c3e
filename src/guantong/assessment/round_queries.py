"""Reading the year's round, within the scope of the office acted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.assessment.models import Appeal, Round, RoundStage, Run, Score, ScoreLine, SelfScore, Veto
from guantong.assessment.queries import judged_scores
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import cycles_visible_to
from guantong.organisation.models import Unit


def rounds_visible_to(acting: Actor) -> QuerySet[Round]:
    return Round.objects.filter(cycle__in=cycles_visible_to(acting).order_by()).select_related(
        "cycle__unit", "cycle__stored", "prefilled", "preliminary", "final"
    )


def latest_round(acting: Actor, cycle: Cycle) -> Round | None:
    return rounds_visible_to(acting).filter(cycle=cycle).order_by("-pk").first()


def shown_run(round: Round) -> Run:
    """The run whose points count at this stage."""
    return round.final or round.preliminary or round.prefilled


def prefilled_lines(round: Round, unit: Unit) -> list[ScoreLine]:
    """The unit's own lines as they were prefilled, every card."""
    return list(unit_lines(round, round.prefilled, unit))


def judged(round: Round, run: Run) -> QuerySet[Score]:
    """Scores of those the round assesses: units, and offices whose cards give grades."""
    run.cycle = round.cycle  # the same row, read once
    return judged_scores(run)


def unit_lines(round: Round, run: Run, unit: Unit) -> QuerySet[ScoreLine]:
    """The lines of the unit and of its assessed offices, for which the unit speaks."""
    return (
        ScoreLine.objects.filter(score__in=judged(round, run).filter(unit=unit).order_by().values("pk"))
        .select_related("score__unit", "score__office")
        .order_by(F("score__office").asc(nulls_first=True), "score__scorecard", "position")
    )


def unstated_lines(round: Round, unit: Unit | None = None) -> QuerySet[ScoreLine]:
    """Prefilled lines with points of which nobody of the unit has spoken yet."""
    lines = ScoreLine.objects.filter(
        score__in=judged(round, round.prefilled).order_by().values("pk"), points__isnull=False
    ).exclude(pk__in=SelfScore.objects.filter(round=round).values("line"))
    return lines.filter(score__unit=unit) if unit else lines


def lines_answered_by(acting: Actor) -> QuerySet[ScoreLine]:
    """Lines of the acting office's own unit in rounds: what a unit sees of itself and its offices beforehand."""
    lines = ScoreLine.objects.select_related(
        "score__unit", "score__office", "score__run__cycle__stored", "score__run__cycle__unit"
    )
    if not acting.may("assessment.answer"):
        return lines.none()
    runs = Q()
    for name in ("prefilled", "preliminary", "final"):
        runs |= Q(pk__in=Round.objects.values(name))
    if isinstance(acting, Acting):
        assert acting.office is not None
        lines = lines.filter(score__unit=acting.office.unit_id)
        runs &= Q(pk__in=Score.objects.filter(unit=acting.office.unit_id).values("run"))
    of_rounds = ScoreLine.objects.none().values("score")
    for run in Run.objects.filter(runs).select_related("cycle__stored"):
        of_rounds |= ScoreLine.objects.filter(score__in=judged_scores(run)).values("score")
    return lines.filter(score__in=of_rounds)


def self_scores_reviewable_by(acting: Actor) -> QuerySet[SelfScore]:
    """Self-scores of the visible subtree, for whoever reviews assessments."""
    found = SelfScore.objects.select_related("round__cycle__unit", "line__score__office", "unit")
    return _reviewable(found, acting)


def appeals_reviewable_by(acting: Actor) -> QuerySet[Appeal]:
    found = Appeal.objects.select_related(
        "round__cycle__stored", "line__score__office", "unit", "appealed_by"
    )
    return _reviewable(found, acting)


def _reviewable(found: QuerySet[Any], acting: Actor) -> QuerySet[Any]:
    if not acting.may("assessment.review"):
        return found.none()
    if not isinstance(acting, Acting):
        return found
    path = acting.scope_path
    return found.filter(unit__path__gte=path, unit__path__lt=path + "~") if path else found.none()


def agreed_and_unreviewed(round: Round, unit: Unit) -> list[SelfScore]:
    waiting = SelfScore.objects.filter(
        round=round, unit=unit, reviewed_at__isnull=True, points=F("line__points")
    )
    return list(waiting.select_related("line__score__office", "unit", "stated_by").order_by("line__position"))


def waiting_for(round: Round, *, today: dt.date) -> str:
    """What the next stage still waits for, as a sentence that names the day; empty when it can be taken."""
    if round.stage == RoundStage.SELF and today <= round.self_by:
        left = unstated_lines(round).values("score__unit").distinct().count()
        if left:
            return _("自评到 %(day)s 截止，还有 %(n)s 个单位没有填完，之后才能转入复核。") % {
                "day": round.self_by,
                "n": left,
            }
    if round.stage == RoundStage.REVIEW:
        left = SelfScore.objects.filter(round=round, reviewed_at__isnull=True).count()
        if left:
            return _("还有 %(n)s 项自评没有复核（应于 %(day)s 前完成），复核完才能告知初步结果。") % {
                "day": round.review_by,
                "n": left,
            }
    if round.stage == RoundStage.PRELIMINARY:
        return _waiting_for_appeals(round, today=today)
    return ""


def _waiting_for_appeals(round: Round, *, today: dt.date) -> str:
    if round.appeal_until and today <= round.appeal_until:
        return _("申诉期到 %(day)s 截止，之后才能定稿。") % {"day": round.appeal_until}
    still_open = Appeal.objects.filter(round=round, upheld__isnull=True).aggregate(
        n=Count("pk"), day=Min("answer_by")
    )
    if still_open["n"]:
        return _("还有 %(n)s 项申诉没有答复（最早应于 %(day)s 前答复），答复完才能定稿。") % still_open
    window = Veto.objects.filter(
        cycle=round.cycle_id, lifted_at__isnull=True, appeal_until__gte=today
    ).aggregate(day=Max("appeal_until"))["day"]
    if window:
        return _("否决事项的申诉期到 %(day)s 截止，之后才能定稿。") % {"day": window}
    return ""


@dataclass
class UnitProgress:
    """How far one unit has come in a round."""

    unit: Unit
    asked: int = 0
    stated: int = 0
    differing: int = 0
    reviewed: int = 0
    appeals: int = 0
    undecided: int = 0

    @property
    def is_stated(self) -> bool:
        return self.stated >= self.asked

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed >= self.stated


def progress_of(round: Round, acting: Actor) -> list[UnitProgress]:
    """Every assessed unit of the visible subtree, in the order of the tree."""
    scores = judged(round, round.prefilled)
    if isinstance(acting, Acting):
        path = acting.scope_path
        scores = scores.filter(unit__path__gte=path, unit__path__lt=path + "~")
    asked = _by_unit(
        scores.values("unit").annotate(asked=Count("lines", filter=Q(lines__points__isnull=False)))
    )
    said = _by_unit(
        SelfScore.objects.filter(round=round)
        .values("unit")
        .annotate(
            stated=Count("pk"),
            differing=Count("pk", filter=~Q(points=F("line__points"))),
            reviewed=Count("pk", filter=Q(reviewed_at__isnull=False)),
        )
    )
    disputed = _by_unit(
        Appeal.objects.filter(round=round)
        .values("unit")
        .annotate(appeals=Count("pk"), undecided=Count("pk", filter=Q(upheld__isnull=True)))
    )
    return [
        UnitProgress(unit, **{**asked[unit.pk], **said.get(unit.pk, {}), **disputed.get(unit.pk, {})})
        for unit in Unit.objects.filter(pk__in=asked).order_by("path")
    ]


def _by_unit(rows: QuerySet[Any, Mapping[str, Any]]) -> dict[int, dict[str, int]]:
    return {
        row["unit"]: {key: value for key, value in row.items() if key != "unit"} for row in rows.order_by()
    }
