"""Reading runs and scores, within the scope of the office acted for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.assessment.models import ConfirmedFact, Mark, Run, Score, ScoreLine
from guantong.duties.models import DutyList
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit


def latest_run(cycle: Cycle) -> Run | None:
    return Run.objects.filter(cycle=cycle).order_by("-computed_at", "-pk").first()


def scores_visible_to(acting: Actor) -> QuerySet[Score]:
    """Scores of the visible subtree."""
    scores = Score.objects.select_related("unit", "office", "run__cycle__stored", "run__cycle__unit")
    if not isinstance(acting, Acting):
        return scores
    if not acting.scope_path:
        return scores.none()
    return scores.filter(unit__path__gte=acting.scope_path, unit__path__lt=acting.scope_path + "~")


def lines_visible_to(acting: Actor) -> QuerySet[ScoreLine]:
    visible = scores_visible_to(acting).order_by().values("pk")
    return ScoreLine.objects.filter(score__in=visible).select_related(
        "score__unit", "score__office", "score__run__cycle__stored", "score__run__cycle__unit"
    )


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
        rows = Obligation.objects.filter(pk__in=refs).select_related("unit", "office")
    elif family == "duty_lists":
        rows = DutyList.objects.filter(pk__in=refs).select_related("unit", "signature")
    elif family == "coverage":
        rows = Unit.objects.filter(pk__in=refs)
    elif family == "marks":
        rows = Mark.objects.filter(pk__in=refs).select_related("marked_by")
    else:
        rows = ConfirmedFact.objects.filter(pk__in=refs)
    return rows
