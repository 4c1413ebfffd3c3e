"""``score``, ``mark`` and ``confirm-fact``."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.accounts.models import Office
from guantong.assessment import operations
from guantong.assessment.exporting import export_run, write_zip
from guantong.assessment.models import Run, Score, ScoreLine, Side
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.decimals import plain
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import cycle_by_id, unit_by_code
from guantong.obligations.commands import day


def _score_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cycle", required=True, metavar="ID")
    parser.add_argument("--as-of", type=day, metavar="YYYY-MM-DD", help="today by default")


def score(given: Arguments, report: Report) -> dict[str, Any]:
    """Compute every scorecard and keep the run."""
    cycle = cycle_by_id(given.cycle)
    now = clock.now()
    run = operations.run_scores(cycle=cycle, as_of=given.as_of or clock.today(now), actor=Console(), now=now)
    answer = run_as_json(run)
    for each in answer["scores"]:
        total = each["total"] if each["total"] is not None else _("暂无数据")
        report.say(
            f"{each['scorecard']}\t{each['rank'] or '—'}\t{each['name']}\t{total}\t{each['grade'] or '—'}"
        )
    return answer


def run_as_json(run: Run) -> dict[str, Any]:
    """A kept run as the object of ``--json``: decimals as text, absent numbers as null."""
    scores = (
        run.scores.select_related("unit", "office")
        .prefetch_related("lines")
        .order_by("scorecard", "rank", "pk")
    )
    return {
        "cycle": run.cycle_id,
        "run": run.pk,
        "as_of": run.as_of,
        "program": run.program,
        "rules_digest": run.rules_digest,
        "data_digest": run.data_digest,
        "result_digest": run.result_digest,
        "scores": [_score_as_json(each) for each in scores],
    }


def _score_as_json(score: Score) -> dict[str, Any]:
    return {
        "id": score.pk,
        "scorecard": score.scorecard,
        "unit": score.unit.code,
        "name": score.office.title if score.office else score.unit.name,
        "total": _two_places(score.total),
        "grade": score.grade or None,
        "rank": score.rank,
        "group": score.group,
        "low": _two_places(score.low),
        "high": _two_places(score.high),
        "band": score.band,
        "steps": score.steps,
        "lines": [_line_as_json(each) for each in score.lines.all()],
    }


def _line_as_json(line: ScoreLine) -> dict[str, Any]:
    return {
        "indicator": line.indicator,
        "title": line.title_zh,
        "status": line.status,
        **{name: _as_text(getattr(line, name)) for name in ("weight", "numerator", "denominator", "points")},
        "formula": line.formula,
    }


def _two_places(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _as_text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="RUN.zip")
    parser.add_argument("--run", dest="wanted", type=int, metavar="ID", help="the latest run by default")


def export(given: Arguments, report: Report) -> dict[str, Any]:
    """Write a run with its rules, its data and the program by which anybody computes it again."""
    runs = Run.objects.order_by("-computed_at", "-pk")
    run = (runs.filter(pk=given.wanted) if given.wanted else runs).first()
    if run is None:
        raise Refusal(
            _("没有第 %(run)s 次计分。") % {"run": given.wanted} if given.wanted else _("还没有计过分。")
        )
    path = Path(given.file)
    try:
        write_zip(path, export_run(run))
    except OSError as error:
        raise Refusal(_("文件写不了：%(why)s") % {"why": error}) from error
    report.say(_("已导出到 %(path)s，解压后运行 python3 -I recompute.py 即可重算。") % {"path": path})
    report.say(run.result_digest)
    return {
        "run": run.pk,
        "file": str(path),
        "rules_digest": run.rules_digest,
        "data_digest": run.data_digest,
        "result_digest": run.result_digest,
    }


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"not a number: {text}") from error


def _mark_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cycle", required=True, metavar="ID")
    parser.add_argument("--unit", required=True, metavar="CODE")
    parser.add_argument("--indicator", required=True)
    parser.add_argument("--value", required=True, type=_number)
    parser.add_argument("--part", default="", help="one part of the indicator, marked on its own weight")
    parser.add_argument(
        "--seat", metavar="SEAT", help="a scored office of the unit; without it the unit itself"
    )
    parser.add_argument("--reason", required=True)


def _office(given: Arguments) -> Office | None:
    """The scored office named by its seat; refused where the unit has none or more than one."""
    if not given.seat:
        return None
    found = list(Office.objects.filter(unit__code=given.unit, seat=given.seat, closed_on=None)[:2])
    if len(found) != 1:
        raise Refusal(
            _("单位 %(unit)s 没有唯一的“%(seat)s”岗位。") % {"unit": given.unit, "seat": given.seat}
        )
    return found[0]


def mark(given: Arguments, report: Report) -> dict[str, Any]:
    """Give a person's mark for an indicator that only a person can judge."""
    given_mark = operations.give_mark(
        cycle=cycle_by_id(given.cycle),
        unit=unit_by_code(given.unit),
        indicator=given.indicator,
        value=given.value,
        reason=given.reason,
        part=given.part,
        office=_office(given),
        actor=Console(),
        now=clock.now(),
    )
    report.say(_("评分已保存，下次计分时生效。"))
    return {"mark": given_mark.pk, "value": plain(given_mark.value), "scale": plain(given_mark.scale)}


def _fact_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cycle", required=True, metavar="ID")
    parser.add_argument("--unit", required=True, metavar="CODE")
    parser.add_argument("--side", required=True, choices=Side.values)
    parser.add_argument("--kind", required=True)
    parser.add_argument("--what", required=True)
    parser.add_argument("--basis", required=True)
    parser.add_argument(
        "--seat", metavar="SEAT", help="a scored office of the unit; without it the unit itself"
    )


def fact(given: Arguments, report: Report) -> dict[str, Any]:
    """Confirm a recognition or a finding with its basis."""
    if not given.what.strip():
        raise Refusal(_("请写明事项。"))
    confirmed = operations.confirm_fact(
        cycle=cycle_by_id(given.cycle),
        unit=unit_by_code(given.unit),
        side=given.side,
        kind=given.kind,
        text=given.what,
        basis=given.basis,
        office=_office(given),
        actor=Console(),
        now=clock.now(),
    )
    report.say(_("事项已确认，下次计分时生效。"))
    return {"fact": confirmed.pk}


COMMANDS = [
    Command("score", "compute the scorecards of a cycle", score, _score_arguments),
    Command(
        "export-run", "write a run with all that is needed to compute it again", export, _export_arguments
    ),
    Command("mark", "give a mark for a human indicator", mark, _mark_arguments),
    Command("confirm-fact", "confirm a recognition or a finding", fact, _fact_arguments),
]
