"""Computing a run, giving marks, confirming facts."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

import guantong
from guantong.accounts.acting import Acting, Actor
from guantong.accounts.approvals import ask_approval
from guantong.accounts.models import Approval
from guantong.assessment import rules
from guantong.assessment.models import (
    ConfirmedFact,
    Mark,
    Provenance,
    Publication,
    Run,
    Score,
    ScoreLine,
    Side,
)
from guantong.assessment.scoring_run import Scored, score_cycle
from guantong.audit import operations as audit
from guantong.kernel.decimals import round_half_up
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit

PUBLISH = "assessment.publish"


def canonical_result(scored: Sequence[Scored]) -> str:
    """The result as bytes that the same rules and data always give again."""
    return json.dumps(
        [each.as_json() for each in scored], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def run_scores(*, cycle: Cycle, as_of: dt.date, actor: Actor, now: dt.datetime) -> Run:
    """Compute every scorecard as of a day and keep the result with the rows each number came from."""
    if not rules.may_run(actor, cycle):
        raise Refusal(_("计分由考核或统筹协调单位进行。"))
    if as_of < cycle.starts_on:
        raise Refusal(_("计分日期 %(day)s 早于周期开始。") % {"day": as_of})
    with transaction.atomic():
        with translation.override("zh-hans"):  # formulas are kept; the same run gives the same bytes
            scored = score_cycle(cycle, as_of=as_of)
        if not scored:
            raise Refusal(_("这个周期里没有评分表适用的单位，请先导入成员单位并开设周期。"))
        run = Run.objects.create(
            cycle=cycle,
            as_of=as_of,
            computed_at=now,
            program=guantong.__version__,
            rules_digest=cycle.stored.digest,
            result_digest=hashlib.sha256(canonical_result(scored).encode()).hexdigest(),
        )
        stored = _store(run, scored)
        audit.record(
            "assessment.computed",
            target=run,
            actor=actor,
            at=now,
            payload={"as_of": as_of, "rules": run.rules_digest, "result": run.result_digest},
            states=stored,
        )
    return run


FOUR_PLACES, SIX_PLACES = Decimal("0.0001"), Decimal("0.000001")


def _kept(value: Decimal | None, places: Decimal) -> Decimal | None:
    """As many decimals as the column keeps, so that the row is the same before and after storing."""
    return None if value is None else round_half_up(value, places)


def _store(run: Run, scored: Sequence[Scored]) -> list[Score | ScoreLine]:
    scores = Score.objects.bulk_create(
        (
            Score(
                run=run,
                scorecard=each.scorecard,
                unit=each.subject.unit,
                office=each.subject.office,
                total=each.card.total,
                grade=each.grade or "",
                rank=each.rank,
                steps=list(each.card.steps),
            )
            for each in scored
        ),
        batch_size=1000,
    )
    lines = [
        ScoreLine(
            score=score,
            position=position,
            indicator=line.indicator.id,
            title_zh=line.indicator.title.zh,
            title_en=line.indicator.title.en,
            status=line.reading.measured.status,
            weight=line.weight,
            numerator=_kept(line.reading.measured.num, FOUR_PLACES),
            denominator=_kept(line.reading.measured.den, FOUR_PLACES),
            points=_kept(line.points, SIX_PLACES),
            formula=line.formula[:500],
        )
        for score, each in zip(scores, scored, strict=True)
        for position, line in enumerate(each.lines)
    ]
    ScoreLine.objects.bulk_create(lines, batch_size=1000)
    traced = [line.reading.traced for each in scored for line in each.lines]
    Provenance.objects.bulk_create(
        (
            Provenance(line=line, source=family.partition(":")[0], object_ref=ref, counted=counted)
            for line, rows in zip(lines, traced, strict=True)
            for family, ref, counted in rows
        ),
        batch_size=5000,
    )
    return [*scores, *lines]


def ask_publication(*, run: Run, reason: str, actor: Actor, now: dt.datetime) -> Approval:
    """Ask that a run be published. It happens when another person agrees."""
    if hasattr(run, "publication"):
        raise Refusal(_("这次结果已经公布。"))
    return ask_approval(
        kind=PUBLISH,
        object_ref=run.pk,
        scope=run.cycle.unit,
        reason=reason,
        actor=actor,
        now=now,
        wanted={"result": run.result_digest},
    )


def publish(approval: Approval, now: dt.datetime) -> None:
    """What the second person's consent does: the run becomes the published snapshot, as it was asked for."""
    run = Run.objects.select_related("cycle__unit").get(pk=approval.object_ref)
    if run.result_digest != approval.wanted.get("result"):
        raise Refusal(_("结果与申请公布时不同，不能公布。"))
    made = Publication.objects.create(run=run, approval=approval, published_at=now, digest=run.result_digest)
    audit.record(
        "assessment.published",
        target=made,
        actor=Acting(approval.decider, approval.decided_by),
        at=now,
        payload={"run": run.pk, "digest": run.result_digest},
    )


@transaction.atomic
def give_mark(
    *,
    cycle: Cycle,
    unit: Unit,
    indicator: str,
    value: Decimal,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Mark:
    """A person's mark for an indicator that is theirs to judge; a new one replaces, never overwrites."""
    scale = rules.mark_scale(cycle, indicator)
    if scale is None:
        raise Refusal(_("“%(id)s”不是人工评分指标。") % {"id": indicator})
    if not rules.may_mark(actor, cycle, unit):
        raise Refusal(_("本单位不能给自己评分，须由考核或统筹协调单位评分。"))
    if rules.worked_or_reviewed(actor, cycle, unit):
        raise Refusal(_("申报过或审核过该单位事项的人不能给该单位评分，请由其他人评分。"))
    if not Decimal(0) <= value <= scale:
        raise Refusal(_("分值须在 0 至 %(scale)s 之间。") % {"scale": scale})
    if not reason.strip():
        raise Refusal(_("请写明评分理由。"))
    earlier = list(Mark.objects.filter(cycle=cycle, unit=unit, indicator=indicator, replaced=False))
    for each in earlier:
        each.replaced = True
        each.save(update_fields=["replaced"])
    mark = Mark.objects.create(
        cycle=cycle,
        unit=unit,
        indicator=indicator,
        value=value,
        scale=scale,
        reason=reason.strip(),
        marked_by=actor.office if isinstance(actor, Acting) else None,
        marker=actor.person if isinstance(actor, Acting) else None,
        marked_at=now,
    )
    audit.record(
        "assessment.marked",
        target=mark,
        actor=actor,
        at=now,
        payload={"unit": unit.code, "indicator": indicator, "value": value, "reason": reason.strip()},
        states=earlier,
    )
    return mark


@transaction.atomic
def confirm_fact(
    *,
    cycle: Cycle,
    unit: Unit,
    side: str,
    kind: str,
    basis: str,
    text: str,
    actor: Actor,
    now: dt.datetime,
) -> ConfirmedFact:
    """Confirm a recognition or a finding with its basis; scores read it from the next run on."""
    if side not in Side.values or kind not in rules.fact_kinds(cycle, side):
        raise Refusal(_("机制包里没有这一类加扣分事项。"))
    if not rules.may_mark(actor, cycle, unit):
        raise Refusal(_("加扣分事项由考核或统筹协调单位确认，不能由本单位确认。"))
    if not basis.strip() or not text.strip():
        raise Refusal(_("请写明事项和依据（文号、通报或核查记录）。"))
    fact = ConfirmedFact.objects.create(
        cycle=cycle,
        unit=unit,
        side=side,
        kind=kind,
        basis=basis.strip(),
        text=text.strip(),
        confirmed_by=actor.office if isinstance(actor, Acting) else None,
        confirmed_at=now,
    )
    audit.record(
        "assessment.fact_confirmed",
        target=fact,
        actor=actor,
        at=now,
        payload={"unit": unit.code, "side": side, "kind": kind, "basis": basis.strip()},
    )
    return fact
