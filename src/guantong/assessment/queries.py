"""Reading runs and scores, within the scope of the office acted for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.assessment.models import (
    ConfirmedFact,
    Mark,
    Round,
    RoundChange,
    Run,
    Score,
    ScoreLine,
)
from guantong.duties.models import DutyList
from guantong.mechanisms.models import Cycle, StoredPackage, package_by_digest
from guantong.mechanisms.package import Package
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.supervision.models import Finding


def latest_run(cycle: Cycle) -> Run | None:
    return Run.objects.filter(cycle=cycle).order_by("-computed_at", "-pk").first()


def published_run(cycle: Cycle) -> Run | None:
    """The newest published run."""
    return (
        Run.objects.filter(cycle=cycle, publication__isnull=False)
        .order_by("-publication__published_at")
        .first()
    )


def run_shown_to(acting: Actor, cycle: Cycle) -> Run | None:
    """The newest run for whoever assesses the whole cycle; the newest published one for everybody else."""
    if acting.may("assessment.read") and acting.sees(cycle.unit.path):
        return latest_run(cycle)
    return published_run(cycle)


def package_of(run: Run) -> Package:
    """The package the run was computed by, which may be an older version than the cycle's now."""
    if run.cycle.stored.digest == run.rules_digest:
        return run.cycle.package
    return package_by_digest(StoredPackage.objects.get(digest=run.rules_digest))


def judged_scores(run: Run) -> QuerySet[Score]:
    """Scores of those who are assessed: every unit, and the offices of cards that give grades.

    A card of offices without grades shows facts for a duty report, and nobody speaks to it in a round.
    """
    graded = [card.id for card in package_of(run).scorecards if card.grades]
    return Score.objects.filter(Q(office=None) | Q(scorecard__in=graded), run=run)


def cancelled_round_of(run: Run) -> Round | None:
    """The round, cancelled since, during which the run was computed: what it decided of points is in the run."""
    rounds = Round.objects.filter(cycle=run.cycle_id, changes__what=RoundChange.What.CANCELLED)
    return rounds.filter(opened_at__lte=run.computed_at, changes__changed_at__gte=run.computed_at).first()


def scores_visible_to(acting: Actor) -> QuerySet[Score]:
    """Scores of the visible subtree: all of them for whoever assesses the whole cycle, else published ones.

    A rank or a grade depends on everybody in the group, so before publication it would tell a district
    something of another.
    """
    scores = Score.objects.select_related("unit", "office", "run__cycle__stored", "run__cycle__unit")
    if not isinstance(acting, Acting):
        return scores
    if not acting.scope_path:
        return scores.none()
    path = acting.scope_path
    inside = scores.filter(unit__path__gte=path, unit__path__lt=path + "~")
    published = Q(run__publication__isnull=False)
    if acting.may("assessment.read"):
        published |= Q(run__cycle__unit__path__gte=path, run__cycle__unit__path__lt=path + "~")
    return inside.filter(published)


def lines_visible_to(acting: Actor) -> QuerySet[ScoreLine]:
    visible = scores_visible_to(acting).order_by().values("pk")
    return ScoreLine.objects.filter(score__in=visible).select_related(
        "score__unit", "score__office", "score__run__cycle__stored", "score__run__cycle__unit"
    )


def group_sizes(scores: Iterable[Score]) -> dict[tuple[int, str, str], int]:
    """(run, card, group) → how many of the group have a total, for the groups these scores are in.

    A number of others, and nothing else of them: it is why somebody has a rank or has none.
    """
    wanted = {each.run_id for each in scores}
    counted = (
        Score.objects.filter(run__in=wanted, total__isnull=False)
        .order_by()
        .values_list("run", "scorecard", "group")
        .annotate(n=Count("pk"))
    )
    return {(run, card, group): n for run, card, group, n in counted}


def statuses_of(scores: Iterable[Score]) -> dict[int, set[str]]:
    """Score → the statuses of its weighted lines: why it has no total."""
    found: dict[int, set[str]] = {}
    lines = ScoreLine.objects.filter(score__in=list(scores), weight__isnull=False).order_by()
    for score, status in lines.values_list("score", "status").distinct():
        found.setdefault(score, set()).add(status)
    return found


def rows_behind(line: ScoreLine, *, counted: bool | None = None) -> dict[str, QuerySet[Any]]:
    """The rows a line's number was made from, by family; ``counted`` keeps one side of it."""
    found: dict[str, list[int]] = {}
    provenance = line.provenance.all()
    if counted is not None:
        provenance = provenance.filter(counted=counted)
    for family, ref in provenance.values_list("source", "object_ref"):
        found.setdefault(family, []).append(ref)
    return {family: _rows(family, refs) for family, refs in sorted(found.items())}


def _rows(family: str, refs: Sequence[int]) -> QuerySet[Any]:
    rows: QuerySet[Any]
    if family in {"tasks", "duties"}:
        rows = Obligation.objects.filter(pk__in=refs).select_related("unit", "office", "matter_part")
    elif family == "duty_lists":
        rows = DutyList.objects.filter(pk__in=refs).select_related("unit", "signature")
    elif family == "coverage":
        rows = Unit.objects.filter(pk__in=refs)
    elif family == "marks":
        rows = Mark.objects.filter(pk__in=refs).select_related("marked_by")
    elif family == "findings":
        rows = Finding.objects.filter(pk__in=refs).select_related("unit")
    else:
        rows = ConfirmedFact.objects.filter(pk__in=refs)
    return rows
