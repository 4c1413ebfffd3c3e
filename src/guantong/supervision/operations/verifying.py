"""Verifying what was reported done, and sending it back: to one unit, or to all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import State, Verdict
from guantong.obligations.operations import review_claim
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations import waist
from guantong.supervision.operations.following import follow
from guantong.supervision.operations.steps import Act, held, parts_of, reason_given
from guantong.supervision.rules import matters as rules


@transaction.atomic
def verify_matter(*, matter: Matter, result: str, actor: Actor, now: dt.datetime) -> Matter:
    """Say that the reported result was looked at and holds, and how. By nobody who reported or reviewed it."""
    follow(matter=matter, now=now, actor=actor)
    act = Act(held(matter), actor, now)
    _refuse_unless_verifier(act)
    if not waist.kind_of(act.matter).verify:
        raise Refusal(_("这类事项不需要核查，办结后可以直接销号。"))
    result = reason_given(result, _("请写明怎样核查的、看到了什么。"))
    act.move(act.matter, "verify", reason=result)
    act.record("supervision.matter_verified", result=result)
    return act.matter


@transaction.atomic
def send_back(
    *,
    matter: Matter,
    parts: Sequence[MatterPart],
    reason: str,
    due_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> list[MatterPart]:
    """Return one unit's part, several or all, for a reason.

    A report still in review is returned at the waist. What was accepted already is owed anew by ``due_on``; the
    earlier obligation stays as it was settled.
    """
    follow(matter=matter, now=now, actor=actor)
    act = Act(held(matter), actor, now)
    reason = reason_given(reason, _("请写明为什么退回、要补什么。"))
    chosen = {each.pk for each in parts}
    mine = [each for each in parts_of(act.matter) if each.pk in chosen]
    if not mine:
        raise Refusal(_("请选择要退回的单位。"))
    others = [each for each in mine if each.stage not in (PartStage.REPORTED, PartStage.COMPLETED)]
    if others:
        raise Refusal(
            _("“%(unit)s”现在是“%(stage)s”，没有可以退回的反馈。")
            % {"unit": others[0].unit, "stage": others[0].get_stage_display()}
        )
    settled = [each for each in mine if each.stage == PartStage.COMPLETED]
    if settled and not (rules.may_issue(actor, act.matter) or _may_verify(act)):
        raise Refusal(_("已经审核通过的，由交办单位或核查人退回。"))
    if act.matter.stage not in (MatterStage.ASSIGNED, MatterStage.UNDER_WAY) or settled:
        act.move(act.matter, "send_back", reason=reason)
    for each in mine:
        if each.stage == PartStage.REPORTED:
            _return_at_the_waist(act, each, reason)
    _owe_anew(act, settled, reason, due_on)
    act.record("supervision.matter_sent_back", units=[each.unit.code for each in mine], reason=reason)
    return mine


def _may_verify(act: Act) -> bool:
    owed = [each.obligation_id for each in parts_of(act.matter) if each.obligation_id]
    return rules.may_verify(act.actor, act.matter, took_part=rules.people_behind(owed))


def _refuse_unless_verifier(act: Act) -> None:
    if not _may_verify(act):
        raise Refusal(_("核查由统筹协调单位或分管领导中没有参加反馈和审核的人进行。"))


def _return_at_the_waist(act: Act, part: MatterPart, reason: str) -> None:
    assert part.obligation is not None
    claim = part.obligation.claims.order_by("-claimed_at", "-pk").first()
    assert claim is not None
    review_claim(claim=claim, verdict=Verdict.RETURNED, reason=reason, actor=act.actor, now=act.now)
    part.obligation.refresh_from_db()
    act.move(part, "return", reason=reason)


def _owe_anew(act: Act, parts: Sequence[MatterPart], reason: str, due_on: dt.date | None) -> None:
    if not parts:
        return
    if due_on is None or due_on < act.today:
        raise Refusal(_("已经办结的，退回时请定一个今天以后的整改期限。"))
    for part in parts:
        assert part.obligation is not None
        assert part.obligation.state == State.FULFILLED
        part.due_on = due_on
    act.changed(*waist.open_for(parts, cycle=act.matter.cycle, today=act.today))
    for part in parts:
        act.move(part, "return", reason=reason, fields=("due_on",))
    act.matter.due_on = max(act.matter.due_on, due_on)
    act.matter.save(update_fields=["due_on"])
