"""The result of a run as bytes: the same rules, data and program give them again, and kept rows give them back.

``result.json`` holds ``format``, ``program``, ``as_of``, the digests of ``rules`` and ``data``, and ``scores`` in
the order of the package's cards and the tree. Numbers are text: totals to two places, weights and counts to four,
points to six; what was not measured is null, never 0.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count

from guantong.assessment.models import Provenance, Run, Score, ScoreLine
from guantong.assessment.scoring_run import Line, Scored
from guantong.assessment.snapshot import canonical, stored_snapshot
from guantong.kernel.decimals import plain, round_half_up

FORMAT = "guantong-result/1"
FOUR_PLACES, SIX_PLACES = Decimal("0.0001"), Decimal("0.000001")


@lru_cache(maxsize=65536)
def kept(value: Decimal | None, places: Decimal) -> Decimal | None:
    """As many decimals as the column keeps, so that a row is the same before and after storing."""
    return None if value is None else round_half_up(value, places) + 0  # no negative zero


def result_bytes(
    scores: Sequence[dict[str, Any]], *, program: str, as_of: str, rules: str, data: str
) -> bytes:
    """``result.json``."""
    return canonical(
        {"format": FORMAT, "program": program, "as_of": as_of, "rules": rules, "data": data, "scores": scores}
    )


def computed(scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """The ``scores`` of freshly computed ones."""
    return [_score(each) for each in scored]


def _score(each: Scored) -> dict[str, Any]:
    return {
        "scorecard": each.scorecard,
        "subject": [each.subject.unit, each.subject.office],
        "unit": each.subject.code,
        "unit_name": each.subject.name,
        "office": each.subject.title,
        "group": each.group,
        "total": _two(each.card.total),
        "low": _two(each.low),
        "high": _two(each.high),
        "grade": each.grade or "",
        "rank": each.rank,
        "band": each.band,
        "steps": list(each.steps),
        "lines": [_line(line) for line in each.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    measured = line.reading.measured
    return {
        "indicator": line.indicator.id,
        "title": line.indicator.title.zh,
        "status": line.status,
        "weight": _plain(line.weight, FOUR_PLACES),
        "numerator": _plain(measured.num, FOUR_PLACES),
        "denominator": _plain(measured.den, FOUR_PLACES),
        "points": _plain(line.points, SIX_PLACES),
        "formula": line.formula,
        "records": len(line.reading.traced),
    }


def kept_result(run: Run) -> bytes:
    """``result.json`` made of a run's kept rows alone: nothing is computed again, names are those of the time."""
    snapshot = stored_snapshot(run)
    units = {each[0]: each for each in snapshot["units"]}
    titles = dict(snapshot["offices"])
    lines = _kept_lines(run)
    scores = []
    for each in Score.objects.filter(run=run).order_by("pk"):
        unit = units[each.unit_id]
        scores.append(
            {
                "scorecard": each.scorecard,
                "subject": [each.unit_id, each.office_id],
                "unit": unit[1],
                "unit_name": unit[2],
                "office": titles[each.office_id] if each.office_id else None,
                "group": each.group,
                "total": _two(each.total),
                "low": _two(each.low),
                "high": _two(each.high),
                "grade": each.grade,
                "rank": each.rank,
                "band": each.band,
                "steps": each.steps,
                "lines": lines.get(each.pk, []),
            }
        )
    return result_bytes(
        scores,
        program=run.program,
        as_of=run.as_of.isoformat(),
        rules=run.rules_digest,
        data=run.data_digest,
    )


def _kept_lines(run: Run) -> dict[int, list[dict[str, Any]]]:
    behind = Provenance.objects.filter(line__score__run=run).order_by().values_list("line")
    records = dict(behind.annotate(n=Count("pk")))
    lines = ScoreLine.objects.filter(score__run=run).order_by("score", "position").iterator(2000)
    return {
        score: [
            {
                "indicator": line.indicator,
                "title": line.title_zh,
                "status": line.status,
                "weight": _plain(line.weight, FOUR_PLACES),
                "numerator": _plain(line.numerator, FOUR_PLACES),
                "denominator": _plain(line.denominator, FOUR_PLACES),
                "points": _plain(line.points, SIX_PLACES),
                "formula": line.formula,
                "records": records.get(line.pk, 0),
            }
            for line in them
        ]
        for score, them in itertools.groupby(lines, key=lambda line: line.score_id)
    }


def _two(value: Decimal | None) -> str | None:
    return None if value is None else format(round_half_up(value), "f")


@lru_cache(maxsize=65536)
def _plain(value: Decimal | None, places: Decimal) -> str | None:
    return None if value is None else plain(round_half_up(value, places) + 0)
