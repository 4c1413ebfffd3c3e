"""From a record up to every figure it feeds (X3): obligations, board cells, score lines."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from guantong.assessment.models import ScoreLine
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit


@dataclass(frozen=True)
class BoardFigure:
    """A cell of a board that counts the obligation: the unit's own board or one above it."""

    cycle: Cycle
    unit: Unit
    pillar: str
    name: str


def board_figures(obligations: list[Obligation], *, visible_path: str) -> list[BoardFigure]:
    """The board cells that count these obligations, within what the reader may see; widest first."""
    figures: dict[tuple[int, int, str], BoardFigure] = {}
    paths = {path for each in obligations for path in [each.unit_path, *each.unit.ancestor_paths()]}
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=paths)}
    for each in obligations:
        top = each.cycle.unit.path
        for path in [*each.unit.ancestor_paths(), each.unit_path]:
            if path.startswith(top) and path.startswith(visible_path) and path in units:
                unit = units[path]
                name = str(each.cycle.package.pillar(each.pillar).name)
                key = (each.cycle_id, unit.pk, each.pillar)
                figures[key] = BoardFigure(each.cycle, unit, each.pillar, name)
    return sorted(figures.values(), key=lambda each: (len(each.unit.path), each.pillar))


def score_lines_fed(obligations: list[Obligation], *, visible: QuerySet[ScoreLine]) -> list[ScoreLine]:
    """Of the visible lines, those of the latest run of each cycle whose numbers include these obligations."""
    ids = [each.pk for each in obligations]
    lines = (
        visible.filter(provenance__source__in=["tasks", "duties"], provenance__object_ref__in=ids)
        .select_related("score__unit", "score__office", "score__run")
        .distinct()
        .order_by("-score__run", "score", "position")
    )
    latest: dict[int, int] = {}
    for line in lines:
        run = line.score.run
        latest[run.cycle_id] = max(latest.get(run.cycle_id, 0), run.pk)
    return [line for line in lines if line.score.run_id == latest[line.score.run.cycle_id]]
