"""Scores with their lines and the rows behind each; the board of a unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.accounts.queries import units_visible_to
from guantong.api.contract.acts import Call, Many, One, Read
from guantong.api.contract.problems import not_found
from guantong.api.resources.common import BUSINESS, office_or_none, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.results import Board, BoardCell, BoardTier, FullScore, Score, ScoreLine, ScoreRow
from guantong.api.shapes.terms import BIGGEST
from guantong.assessment import models
from guantong.assessment.queries import lines_visible_to, scores_visible_to
from guantong.mechanisms.queries import cycles_visible_to
from guantong.reporting import board as boards


def _listed(call: Call) -> QuerySet[models.Score]:
    found, wanted = _scores(call), call.query
    if wanted.cycle is not None:
        found = found.filter(run__cycle=wanted.cycle)
    for name in ("unit", "run", "scorecard"):
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found


def _scores(call: Call) -> QuerySet[models.Score]:
    return scores_visible_to(call.acting).select_related("run__publication")


def score(row: models.Score) -> Score:
    return Score(
        id=row.pk, cycle=row.run.cycle_id, run=row.run_id, as_of=row.run.as_of,
        published=hasattr(row.run, "publication"), scorecard=row.scorecard, unit=unit_ref(row.unit),
        office=office_or_none(row.office), total=row.total, low=row.low, high=row.high, group=row.group,
        rank=row.rank, band=row.band, grade=row.grade,
    )  # fmt: skip


def _line(row: models.ScoreLine) -> ScoreLine:
    return ScoreLine(
        id=row.pk, indicator=row.indicator, title=row.title_zh, title_en=row.title_en, status=cast(Any, row.status),
        weight=row.weight, numerator=row.numerator, denominator=row.denominator, points=row.points,
        formula=row.formula,
    )  # fmt: skip


def _full(row: models.Score, call: Call) -> FullScore:
    return widened(
        FullScore,
        score(row),
        lines=[_line(each) for each in row.lines.all()],
        rules_digest=row.run.rules_digest,
        data_digest=row.run.data_digest,
        result_digest=row.run.result_digest,
    )


def _rows(call: Call) -> QuerySet[models.Provenance]:
    line = (
        lines_visible_to(call.acting).filter(pk=call.refs["pk"]).first()
        if call.refs["pk"] <= BIGGEST
        else None
    )
    if line is None:
        raise not_found()
    rows = line.provenance.all()
    return rows if call.query.counted is None else rows.filter(counted=call.query.counted)


def _row(row: models.Provenance) -> ScoreRow:
    return ScoreRow(id=row.pk, source=row.source, object=row.object_ref, counted=row.counted)


def _board(call: Call) -> Board:
    if max(call.refs.values()) > BIGGEST:
        raise not_found()
    cycle = cycles_visible_to(call.acting).select_related("recount").filter(pk=call.refs["cycle"]).first()
    unit = units_visible_to(call.acting).filter(pk=call.refs["unit"]).first()
    if cycle is None or unit is None:
        raise not_found()
    shown = boards.board(cycle, unit, on=call.today)
    return Board(
        cycle=cycle.pk,
        unit=unit_ref(unit),
        tiers=[
            BoardTier(name=tier.name.zh, name_en=tier.name.en, cells=[_cell(each) for each in tier.cells])
            for tier in shown.tiers
        ],
        counted_at=shown.counted_at,
    )


def _cell(cell: boards.Cell) -> BoardCell:
    percent = cell.tally.percent
    return BoardCell(
        pillar=cell.pillar, name=cell.name.zh, name_en=cell.name.en, lights=cell.tally.light_counts,
        done=cell.tally.done, waiting=cell.tally.waiting, overdue=cell.tally.overdue,
        percent=Decimal(percent) if percent is not None else None, trend=list(cell.trend),
    )  # fmt: skip


SCORES = Many(
    name="listScores", summary=_("得分"), function=BUSINESS, answers=Page[Score], query=asked.Scores,
    found=_listed, show=score,
)  # fmt: skip
SCORE = One(
    name="getScore", summary=_("一个得分，逐项列出算式"), function=BUSINESS, answers=FullScore, found=_scores,
    show=_full,
)  # fmt: skip
SCORE_ROWS = Many(
    name="listScoreRows", summary=_("一项得分的依据，逐条"), function=BUSINESS, answers=Page[ScoreRow],
    query=asked.Rows, found=_rows, show=_row,
)  # fmt: skip
BOARD = Read(name="getBoard", summary=_("一个单位的看板"), function=BUSINESS, answers=Board, told=_board)
