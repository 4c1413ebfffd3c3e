"""A unit disputes one line of its preliminary result; somebody else decides, with reasons, by a working day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.assessment import round_rules
from guantong.assessment.models import Adjustment, Appeal, Round, RoundStage, ScoreLine
from guantong.assessment.operations.adjustments import adjust
from guantong.assessment.operations.rounds import locked, refuse_cancelled
from guantong.assessment.round_notices import ask_for_answers, close_appeal
from guantong.assessment.round_queries import unit_lines
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.decimals import plain
from guantong.kernel.refusals import Refusal

LONGEST = 2000


@transaction.atomic
def appeal_line(*, round: Round, line: ScoreLine, reason: str, actor: Actor, now: dt.datetime) -> Appeal:
    """Dispute a line of one's own preliminary result. The same line twice is the first appeal."""
    round, unit, today = locked(round), line.score.unit, clock.today(now)
    if not round_rules.answers_for(actor, unit):
        raise Refusal(_("申诉由本单位主要负责人或经办人提出。"))
    _refuse_appeal_now(round, today=today)
    if not (round.preliminary and unit_lines(round, round.preliminary, unit).filter(pk=line.pk).exists()):
        raise Refusal(_("只能对本轮初步结果中的项目提出申诉。"))
    earlier = Appeal.objects.filter(line=line).first()
    if earlier:
        return earlier
    if not reason.strip():
        raise Refusal(_("请写明申诉理由和依据。"))
    appeal = Appeal.objects.create(
        round=round,
        line=line,
        unit=unit,
        reason=reason.strip()[:LONGEST],
        appealed_by=actor.office if isinstance(actor, Acting) else None,
        appealer=actor.person if isinstance(actor, Acting) else None,
        appealed_at=now,
        answer_by=round_rules.answer_day(round.cycle, from_day=today),
    )
    audit.record(
        "assessment.appealed",
        target=appeal,
        actor=actor,
        at=now,
        payload={"unit": unit.code, "indicator": line.indicator, "answer_by": appeal.answer_by},
    )
    ask_for_answers(appeal, today=today)
    return appeal


def _refuse_appeal_now(round: Round, *, today: dt.date) -> None:
    refuse_cancelled(round)
    if round.stage in (RoundStage.SELF, RoundStage.REVIEW):
        raise Refusal(_("初步结果还没有告知（复核到 %(day)s），告知后才能申诉。") % {"day": round.review_by})
    if round.stage != RoundStage.PRELIMINARY or (round.appeal_until and today > round.appeal_until):
        raise Refusal(_("申诉期已于 %(day)s 截止。") % {"day": round.appeal_until})


@transaction.atomic
def decide_appeal(
    *,
    appeal: Appeal,
    upheld: bool,
    points: Decimal | None,
    decision: str,
    actor: Actor,
    now: dt.datetime,
) -> Appeal:
    """Uphold the appeal and set new points, or keep the line; either way with reasons. Past its day still owed."""
    round = locked(appeal.round)
    appeal = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("line__score__unit", "line__score__office", "unit", "round", "appealed_by")
        .get(pk=appeal.pk)
    )
    refuse_cancelled(round)
    if appeal.upheld is not None:
        raise Refusal(_("这项申诉已于 %(day)s 答复。") % {"day": appeal.decided_on})
    if not round_rules.may_decide(actor, appeal):
        raise Refusal(_("申诉须由另一位复核人决定，本单位的人以及复核过、评过这一项的人不能决定。"))
    if not decision.strip():
        raise Refusal(_("请写明答复理由。"))
    if upheld:
        _refuse_points(appeal, points, round)
    today = clock.today(now)
    _write_decision(appeal, upheld, decision, actor=actor, now=now)
    changed: list[Adjustment] = []
    if upheld and points is not None:
        changed = adjust(
            cycle=round.cycle,
            line=appeal.line,
            points=points,
            reason=appeal.decision,
            source="appeal",
            source_ref=appeal.pk,
            now=now,
        )
    audit.record(
        "assessment.appeal_decided",
        target=appeal,
        actor=actor,
        at=now,
        payload={"upheld": upheld, "points": None if points is None or not upheld else plain(points)},
        states=changed,
    )
    close_appeal(appeal, today=today)
    return appeal


def _write_decision(appeal: Appeal, upheld: bool, decision: str, *, actor: Actor, now: dt.datetime) -> None:
    appeal.upheld, appeal.decision = upheld, decision.strip()[:LONGEST]
    appeal.decided_at, appeal.decided_on = now, clock.today(now)
    appeal.decided_by = actor.office if isinstance(actor, Acting) else None
    appeal.decider = actor.person if isinstance(actor, Acting) else None
    appeal.save()


def _refuse_points(appeal: Appeal, points: Decimal | None, round: Round) -> None:
    if points is None:
        raise Refusal(_("支持申诉时请填写改定的分值。"))
    if points == appeal.line.points:
        raise Refusal(_("改定的分值与初步结果相同；不改分请选择“维持原分”。"))
    limits = round_rules.limits_of(appeal.line, round.cycle)
    if not limits.hold(points):
        raise Refusal(
            _("“%(title)s”的分值须在 %(low)s 至 %(high)s 之间。")
            % {"title": appeal.line.title, "low": plain(limits.low), "high": plain(limits.high)}
        )
