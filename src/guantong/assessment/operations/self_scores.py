"""What a unit says of its own lines, and the answer of another office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.assessment import round_queries, round_rules
from guantong.assessment.models import Adjustment, Round, RoundStage, ScoreLine, SelfScore
from guantong.assessment.operations.adjustments import adjust
from guantong.assessment.operations.rounds import locked, refuse_cancelled
from guantong.assessment.round_notices import close_self_score
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.decimals import plain
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit


@transaction.atomic
def agree_with_lines(
    *,
    round: Round,
    unit: Unit,
    lines: Iterable[ScoreLine] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> list[SelfScore]:
    """The unit finds its prefilled points right: those of the lines, or of every line it has not spoken of yet."""
    round = locked(round)
    refuse_statement(round, unit, actor=actor, today=clock.today(now))
    spoken = {each.line_id: each for each in SelfScore.objects.filter(round=round, unit=unit)}
    prefilled = round_queries.prefilled_lines(round, unit)
    wanted = (
        [each for each in prefilled if each.pk not in spoken]
        if lines is None
        else [each for each in prefilled if each.pk in {line.pk for line in lines}]
    )
    if lines is None and not prefilled:
        raise Refusal(_("本单位在这一轮考核中没有可以自评的项目。"))
    said = [
        _say(round, unit, line, line.points, "", spoken.get(line.pk), actor=actor, now=now)
        for line in wanted
        if line.points is not None
    ]
    if said:
        _record("assessment.self_agreed", round, unit, said, actor=actor, now=now)
    return said


@transaction.atomic
def state_points(
    *, round: Round, line: ScoreLine, points: Decimal, note: str, actor: Actor, now: dt.datetime
) -> SelfScore:
    """The unit states other points than the prefilled ones, and why."""
    round = locked(round)
    unit = line.score.unit
    refuse_statement(round, unit, actor=actor, today=clock.today(now))
    if not round_queries.unit_lines(round, round.prefilled, unit).filter(pk=line.pk).exists():
        raise Refusal(_("这一项不在本轮自评范围内。"))
    if line.points is None:
        raise Refusal(
            _("“%(title)s”%(status)s，不计入得分，没有可以自评的分值。")
            % {"title": line.title, "status": line.get_status_display()}
        )
    limits = round_rules.limits_of(line, round.cycle)
    if not limits.hold(points):
        raise Refusal(
            _("“%(title)s”的自评分须在 %(low)s 至 %(high)s 之间。")
            % {"title": line.title, "low": plain(limits.low), "high": plain(limits.high)}
        )
    if points != line.points and not note.strip():
        raise Refusal(_("自评分与预填分不同，请写明理由。"))
    earlier = SelfScore.objects.filter(round=round, line=line).first()
    said = _say(round, unit, line, points, note.strip(), earlier, actor=actor, now=now)
    _record("assessment.self_stated", round, unit, [said], actor=actor, now=now)
    return said


def refuse_statement(round: Round, unit: Unit, *, actor: Actor, today: dt.date) -> None:
    if not round_rules.answers_for(actor, unit):
        raise Refusal(_("自评由本单位主要负责人或经办人填报。"))
    refuse_cancelled(round)
    if round.stage != RoundStage.SELF or today > round.self_by:
        raise Refusal(_("自评已于 %(day)s 截止。") % {"day": round.self_by})


def _say(
    round: Round,
    unit: Unit,
    line: ScoreLine,
    points: Decimal,
    note: str,
    said: SelfScore | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> SelfScore:
    said = said or SelfScore(round=round, line=line, unit=unit)
    said.points, said.note, said.stated_at = points, note, now
    said.stated_by = actor.office if isinstance(actor, Acting) else None
    said.stater = actor.person if isinstance(actor, Acting) else None
    said.save()
    return said


def _record(
    verb: str, round: Round, unit: Unit, said: Sequence[SelfScore], *, actor: Actor, now: dt.datetime
) -> None:
    lines = {each.line.indicator: plain(each.points) for each in said}
    audit.record(
        verb, target=round, actor=actor, at=now, payload={"unit": unit.code, "points": lines}, states=said
    )
    if not round_queries.unstated_lines(round, unit).exists():
        close_self_score(round, unit, today=clock.today(now))


@transaction.atomic
def review_self_score(
    *, stated: SelfScore, points: Decimal | None, reason: str, actor: Actor, now: dt.datetime
) -> SelfScore:
    """Another office agrees with what the unit stated (``points`` is None), or sets points with a reason."""
    round = locked(stated.round)
    stated = (
        SelfScore.objects.select_for_update(of=("self",))
        .select_related("line__score__office", "unit", "stated_by")
        .get(pk=stated.pk)
    )
    _refuse_review(round)
    if stated.reviewed_at is not None:
        raise Refusal(_("这一项自评已经复核过了。"))
    if not _may_review(actor, stated.unit, [stated], round):
        raise Refusal(
            _("自评须由其他单位复核，本单位的人、填报自评的人以及办理或审核过该单位事项的人不能复核。")
        )
    decided = stated.points if points is None else points
    if decided != stated.points and not reason.strip():
        raise Refusal(_("改动单位的自评分，请写明理由，单位会看到。"))
    limits = round_rules.limits_of(stated.line, round.cycle)
    if decided != stated.line.points and not limits.hold(decided):
        raise Refusal(
            _("“%(title)s”的分值须在 %(low)s 至 %(high)s 之间。")
            % {"title": stated.line.title, "low": plain(limits.low), "high": plain(limits.high)}
        )
    changed = _answer(round, stated, decided, reason.strip(), actor=actor, now=now)
    audit.record(
        "assessment.self_reviewed",
        target=stated,
        actor=actor,
        at=now,
        payload={"unit": stated.unit.code, "indicator": stated.line.indicator, "points": plain(decided)},
        states=changed,
    )
    return stated


@transaction.atomic
def review_agreed(*, round: Round, unit: Unit, actor: Actor, now: dt.datetime) -> list[SelfScore]:
    """Agree at once with every line on which the unit agreed with the prefilled points."""
    round = locked(round)
    _refuse_review(round)
    waiting = round_queries.agreed_and_unreviewed(round, unit)
    if not _may_review(actor, unit, waiting, round):
        raise Refusal(
            _("自评须由其他单位复核，本单位的人、填报自评的人以及办理或审核过该单位事项的人不能复核。")
        )
    for each in waiting:
        _answer(round, each, each.points, "", actor=actor, now=now)
    if waiting:
        audit.record(
            "assessment.self_reviewed",
            target=round,
            actor=actor,
            at=now,
            payload={"unit": unit.code, "indicators": [each.line.indicator for each in waiting]},
            states=waiting,
        )
    return waiting


def _may_review(actor: Actor, unit: Unit, stated: Iterable[SelfScore], round: Round) -> bool:
    worked_on = round_rules.units_worked_on(actor, round.cycle)
    return round_rules.stands_apart(actor, unit) and all(
        round_rules.may_review(actor, each, worked_on=worked_on, authors=round_rules.authors_of(each))
        for each in stated
    )


def _refuse_review(round: Round) -> None:
    """Not before the unit has had its days, not after it was told; a review past its day is late, not void."""
    refuse_cancelled(round)
    if round.stage == RoundStage.SELF:
        raise Refusal(_("自评到 %(day)s 截止，转入复核后才能复核。") % {"day": round.self_by})
    if round.stage != RoundStage.REVIEW:
        raise Refusal(_("初步结果已于 %(day)s 告知，复核已经结束。") % {"day": round.notified_on})


def _answer(
    round: Round, stated: SelfScore, decided: Decimal, reason: str, *, actor: Actor, now: dt.datetime
) -> list[Adjustment]:
    stated.agreed = decided == stated.points
    stated.reviewed_points, stated.review_reason, stated.reviewed_at = decided, reason, now
    stated.reviewed_by = actor.office if isinstance(actor, Acting) else None
    stated.reviewer = actor.person if isinstance(actor, Acting) else None
    stated.save()
    if decided == stated.line.points:
        return []
    return adjust(
        cycle=round.cycle,
        line=stated.line,
        points=decided,
        reason=reason or stated.note,
        source="self_score",
        source_ref=stated.pk,
        now=now,
    )
