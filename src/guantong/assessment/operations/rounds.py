"""The year's round: opened with a prefilled run, moved on stage by stage, each step on its day and by its office."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Approval
from guantong.assessment import round_queries, round_rules, rules
from guantong.assessment.models import OVER, Adjustment, Round, RoundStage
from guantong.assessment.operations.runs import ask_publication, run_scores
from guantong.assessment.round_notices import (
    close_results,
    close_self_score,
    tell_results,
    tell_round_opened,
)
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle


@transaction.atomic
def open_round(
    *,
    cycle: Cycle,
    as_of: dt.date,
    self_by: dt.date,
    review_by: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Round:
    """Compute the prefilled run and ask every unit for its self-assessment until a day.

    What reviews and appeals of an earlier round set no longer counts: the new round reads the rows afresh.
    """
    today = clock.today(now)
    if not rules.may_run(actor, cycle):
        raise Refusal(_("年度考核由考核或统筹协调单位启动。"))
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    under_way = Round.objects.filter(cycle=cycle).exclude(stage__in=OVER).first()
    if under_way:
        raise Refusal(
            _("截至 %(day)s 的考核还没有公布，公布或者取消后才能启动下一轮。") % {"day": under_way.as_of}
        )
    _refuse_days(as_of=as_of, self_by=self_by, review_by=review_by, today=today)
    earlier = _retired(cycle)
    round = Round.objects.create(
        cycle=cycle,
        as_of=as_of,
        self_by=self_by,
        review_by=review_by,
        opened_by=actor.office if isinstance(actor, Acting) else None,
        opened_at=now,
        prefilled=run_scores(cycle=cycle, as_of=as_of, actor=actor, now=now),
    )
    audit.record(
        "assessment.round_opened",
        target=round,
        actor=actor,
        at=now,
        payload={"as_of": as_of, "self_by": self_by, "review_by": review_by},
        states=earlier,
    )
    tell_round_opened(round, today=today)
    return round


def _retired(cycle: Cycle) -> list[Adjustment]:
    """What was set for the cycle so far, put out of force."""
    earlier = list(Adjustment.objects.filter(cycle=cycle, replaced=False))
    for each in earlier:
        each.replaced = True
    Adjustment.objects.bulk_update(earlier, ["replaced"], batch_size=500)
    return earlier


def _refuse_days(*, as_of: dt.date, self_by: dt.date, review_by: dt.date, today: dt.date) -> None:
    if as_of > today:
        raise Refusal(_("计分截至日 %(day)s 还没有到。") % {"day": as_of})
    if self_by < today:
        raise Refusal(_("自评截止日 %(day)s 已经过去。") % {"day": self_by})
    if review_by <= self_by:
        raise Refusal(_("复核须在自评截止日 %(day)s 之后完成。") % {"day": self_by})


@transaction.atomic
def move_on(*, round: Round, from_stage: str, actor: Actor, now: dt.datetime) -> Round:
    """Take the round to its next stage, along the one table. Asked a second time, nothing happens."""
    round = locked(round)
    if not rules.may_run(actor, round.cycle):
        raise Refusal(_("考核进程由考核或统筹协调单位推进。"))
    refuse_cancelled(round)
    if round.stage != from_stage:
        return round
    today = clock.today(now)
    if waiting := round_queries.waiting_for(round, today=today):
        raise Refusal(waiting)
    if round.stage == RoundStage.SELF:
        close_self_score(round, today=today)
        return _move(round, actor=actor, now=now)
    if round.stage == RoundStage.REVIEW:
        return _notify(round, actor=actor, now=now, today=today)
    if round.stage == RoundStage.PRELIMINARY:
        final = run_scores(cycle=round.cycle, as_of=round.as_of, actor=actor, now=now)
        close_results(round, today=today)
        return _move(round, actor=actor, now=now, final=final)
    raise Refusal(_("考核结果由两人批准公布，请在定稿后提出公布申请。"))


def _notify(round: Round, *, actor: Actor, now: dt.datetime, today: dt.date) -> Round:
    """The preliminary result is computed, every unit is told, and its appeal window begins to run."""
    round = _move(
        round,
        actor=actor,
        now=now,
        preliminary=run_scores(cycle=round.cycle, as_of=round.as_of, actor=actor, now=now),
        notified_on=today,
        appeal_until=round_rules.appeal_window(round.cycle, from_day=today),
    )
    tell_results(round, today=today)
    return round


def _move(round: Round, *, actor: Actor, now: dt.datetime, **fields: Any) -> Round:
    before = round.stage
    round.stage = round_rules.NEXT[before]
    for name, value in fields.items():
        setattr(round, name, value)
    round.save(update_fields=["stage", *fields])
    audit.record(
        "assessment.round_moved",
        target=round,
        actor=actor,
        at=now,
        payload={"from": before, "to": round.stage, **{name: plain(value) for name, value in fields.items()}},
    )
    return round


def plain(value: object) -> object:
    """A row by its number; a day as it is."""
    return value.pk if isinstance(value, models.Model) else value


def locked(round: Round) -> Round:
    """The row as it is now, held until the transaction ends."""
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("cycle__unit", "cycle__stored", "prefilled", "preliminary", "final")
        .get(pk=round.pk)
    )


def refuse_cancelled(round: Round) -> None:
    """A cancelled round is kept as it stood, and takes nothing more."""
    if round.stage == RoundStage.CANCELLED:
        raise Refusal(_("这一轮考核已经取消。"))


@transaction.atomic
def ask_round_publication(*, round: Round, reason: str, actor: Actor, now: dt.datetime) -> Approval:
    """Ask that the final result be published; it happens when another person agrees."""
    round = locked(round)
    refuse_cancelled(round)
    if round.stage == RoundStage.PUBLISHED:
        raise Refusal(_("这一轮考核结果已经公布。"))
    if round.stage != RoundStage.FINAL or round.final is None:
        raise Refusal(
            round_queries.waiting_for(round, today=clock.today(now))
            or _("这一轮考核还没有定稿，定稿后才能申请公布。")
        )
    return ask_publication(run=round.final, reason=reason, actor=actor, now=now)


def publish_round(round: Round, *, actor: Actor, now: dt.datetime) -> Round:
    """The final result was published by two persons: the round is over."""
    return _move(round, actor=actor, now=now)
