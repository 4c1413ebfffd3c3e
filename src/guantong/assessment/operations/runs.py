"""Computing a run, and publishing it by two persons."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import guantong
from guantong.accounts.acting import Acting, Actor
from guantong.accounts.approvals import ask_approval
from guantong.accounts.models import Approval
from guantong.assessment import queries, results, rules, storing
from guantong.assessment.models import Provenance, Publication, Run, RunData, Score, ScoreLine
from guantong.assessment.results import FOUR_PLACES, SIX_PLACES, kept
from guantong.assessment.scoring_run import Line, Scored, score_snapshot
from guantong.assessment.snapshot import canonical, digest, packed, snapshot_of
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle

PUBLISH = "assessment.publish"


def run_scores(*, cycle: Cycle, as_of: dt.date, actor: Actor, now: dt.datetime) -> Run:
    """Compute every scorecard as of a day from one snapshot, and keep it with the result and its provenance."""
    if not rules.may_run(actor, cycle):
        raise Refusal(_("计分由考核或统筹协调单位进行。"))
    if as_of < cycle.starts_on:
        raise Refusal(_("计分日期 %(day)s 早于周期开始。") % {"day": as_of})
    with uncollected(), transaction.atomic():
        snapshot = snapshot_of(cycle, as_of=as_of, seen_on=clock.today(now))
        scored = score_snapshot(cycle.package, snapshot)
        if not scored:
            raise Refusal(_("这个周期里没有评分表适用的单位，请先导入成员单位并开设周期。"))
        run = Run(
            cycle=cycle,
            as_of=as_of,
            computed_at=now,
            program=guantong.__version__,
            rules_digest=cycle.stored.digest,
            data_digest=digest(canonical(snapshot)),
        )
        run.result_digest = digest(canonical_result(run, scored))
        run.save(force_insert=True)
        RunData.objects.create(run=run, content=packed(snapshot))
        scores, lines = _store(run, scored)
        audit.record(
            "assessment.computed",
            target=run,
            actor=actor,
            at=now,
            payload={
                "as_of": as_of,
                "rules": run.rules_digest,
                "data": run.data_digest,
                "result": run.result_digest,
            },
            states=scores,
            together=lines,
        )
    return run


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for cyclic garbage meanwhile: half a million small objects are made, none of them in a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def canonical_result(run: Run, scored: Sequence[Scored]) -> bytes:
    """The result as bytes that the same rules, data and program always give again."""
    return results.result_bytes(
        results.computed(scored),
        program=run.program,
        as_of=run.as_of.isoformat(),
        rules=run.rules_digest,
        data=run.data_digest,
    )


LINE_COLUMNS = (
    "id", "score_id", "position", "indicator", "title_zh", "title_en", "status", "weight", "numerator",
    "denominator", "points", "formula",
)  # fmt: skip


def _store(run: Run, scored: Sequence[Scored]) -> tuple[list[Score], list[ScoreLine]]:
    scores = Score.objects.bulk_create((_score(run, each) for each in scored), batch_size=1000)
    numbers = iter(storing.next_keys(ScoreLine, sum(len(each.lines) for each in scored)))
    lines = [
        _line(next(numbers), score, position, line)
        for score, each in zip(scores, scored, strict=True)
        for position, line in enumerate(each.lines)
    ]
    storing.insert(
        ScoreLine, LINE_COLUMNS, ([getattr(line, name) for name in LINE_COLUMNS] for line in lines)
    )
    storing.insert(Provenance, ("line_id", "source", "object_ref", "counted"), _edges(lines, scored))
    return scores, lines


def _score(run: Run, each: Scored) -> Score:
    return Score(
        run=run,
        scorecard=each.scorecard,
        unit_id=each.subject.unit,
        office_id=each.subject.office,
        total=each.card.total,
        grade=each.grade or "",
        rank=each.rank,
        group=each.group,
        low=each.low,
        high=each.high,
        band=each.band,
        steps=list(each.steps),
    )


def _line(key: int, score: Score, position: int, line: Line) -> ScoreLine:
    return ScoreLine(
        id=key,
        score_id=score.pk,
        position=position,
        indicator=line.indicator.id,
        title_zh=line.indicator.title.zh,
        title_en=line.indicator.title.en,
        status=line.status,
        weight=kept(line.weight, FOUR_PLACES),
        numerator=kept(line.reading.measured.num, FOUR_PLACES),
        denominator=kept(line.reading.measured.den, FOUR_PLACES),
        points=kept(line.points, SIX_PLACES),
        formula=line.formula,
    )


def _edges(lines: Sequence[ScoreLine], scored: Sequence[Scored]) -> Iterator[tuple[Any, ...]]:
    readings = itertools.chain.from_iterable(each.lines for each in scored)
    for line, read in zip(lines, readings, strict=True):
        for family, ref, counted in read.reading.traced:
            yield line.pk, family.partition(":")[0], ref, counted


def ask_publication(*, run: Run, reason: str, actor: Actor, now: dt.datetime) -> Approval:
    """Ask that a run be published. It happens when another person agrees."""
    if hasattr(run, "publication"):
        raise Refusal(_("这次结果已经公布。"))
    refuse_of_cancelled_round(run)
    return ask_approval(
        kind=PUBLISH,
        object_ref=run.pk,
        scope=run.cycle.unit,
        reason=reason,
        actor=actor,
        now=now,
        wanted={"result": run.result_digest},
    )


def refuse_of_cancelled_round(run: Run) -> None:
    if cancelled := queries.cancelled_round_of(run):
        raise Refusal(
            _("这次结果是在截至 %(day)s、后来取消的考核中计算的，不能公布，请重新计分。")
            % {"day": cancelled.as_of}
        )


def publish(approval: Approval, now: dt.datetime) -> None:
    """What the second person's consent does: the run becomes the published snapshot, as it was asked for."""
    run = Run.objects.select_related("cycle__unit").get(pk=approval.object_ref)
    if run.result_digest != approval.wanted.get("result"):
        raise Refusal(_("结果与申请公布时不同，不能公布。"))
    refuse_of_cancelled_round(run)
    made = Publication.objects.create(run=run, approval=approval, published_at=now, digest=run.result_digest)
    audit.record(
        "assessment.published",
        target=made,
        actor=Acting(approval.decider, approval.decided_by),
        at=now,
        payload={"run": run.pk, "digest": run.result_digest},
    )
