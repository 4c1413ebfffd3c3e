"""The conclusion of a finding, and looking at it again: ruling, recheck, and the end of the window for one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.supervision.choices import FindingStage
from guantong.supervision.models import Finding, Recheck, Ruling
from guantong.supervision.operations.findings import locked, move, needed, office_of, person_of
from guantong.supervision.rules import findings as rules


@transaction.atomic
def rule_on_finding(
    *, finding: Finding, upheld: bool, reason: str, actor: Actor, now: dt.datetime, measure: str = ""
) -> Ruling:
    """The conclusion, with reasons: after the unit was told and was heard or let its day pass, by another person."""
    finding = locked(finding)
    if Ruling.objects.filter(finding=finding).exists():
        raise Refusal(_("这项问题已经作出认定。"))
    after = rules.stage_after(finding, "rule")
    today = clock.today(now)
    reply_by = finding.notice.reply_by
    if finding.stage == FindingStage.NOTIFIED and today <= reply_by:
        raise Refusal(_("单位还没有答复，答复期到 %(day)s，期满后才能认定。") % {"day": reply_by})
    if not rules.may_decide(actor, finding):
        raise Refusal(_("认定由统筹协调单位或领导作出，被认定的单位不能参与。"))
    if not rules.may_rule(actor, finding):
        raise Refusal(_("提出问题的人不能作出认定，请由他人认定。"))
    if measure and (not upheld or measure not in rules.ladder_of(finding.cycle.package)):
        raise Refusal(_("认定成立时，才能从机制包规定的措施中选择一项。"))
    ruling = Ruling.objects.create(
        finding=finding,
        upheld=upheld,
        reason=needed(reason, else_say=_("请写明认定理由。")),
        measure=measure,
        ruled_by=office_of(actor),
        ruler=person_of(actor),
        ruled_at=now,
        ruled_on=today,
    )
    move(finding, after if upheld else FindingStage.FINAL)
    audit.record(
        "supervision.finding_ruled",
        target=finding,
        actor=actor,
        at=now,
        payload={"upheld": upheld, "measure": measure},
        states=[ruling],
    )
    return ruling


@transaction.atomic
def ask_recheck(*, finding: Finding, reason: str, actor: Actor, now: dt.datetime) -> Recheck:
    """The unit wants the ruling looked at again, within 30 days of it (decree 733, article 17)."""
    finding = locked(finding)
    after = rules.stage_after(finding, "ask_recheck")
    ruling, package = finding.ruling, finding.cycle.package
    today, until = clock.today(now), rules.recheck_until(finding.ruling, package)
    if not rules.may_answer(actor, finding):
        raise Refusal(_("只有被认定的单位可以申请复核。"))
    if today > until:
        raise Refusal(_("申请复核的期限到 %(day)s，已经过了。") % {"day": until})
    recheck = Recheck.objects.create(
        ruling=ruling,
        reason=needed(reason, else_say=_("请写明申请复核的理由。")),
        asked_by=office_of(actor),
        asked_at=now,
        decide_by=today + dt.timedelta(days=rules.recheck_days(package).answer),
    )
    move(finding, after)
    audit.record(
        "supervision.recheck_asked",
        target=finding,
        actor=actor,
        at=now,
        payload={"decide_by": recheck.decide_by},
        states=[recheck],
    )
    return recheck


@transaction.atomic
def decide_recheck(*, finding: Finding, kept: bool, decision: str, actor: Actor, now: dt.datetime) -> Recheck:
    """Keep the ruling or withdraw it, by somebody who neither found nor ruled. Late is still decided, and shows."""
    finding = locked(finding)
    after = rules.stage_after(finding, "decide_recheck")
    recheck = Recheck.objects.select_for_update(of=("self",)).get(ruling=finding.ruling)
    if not rules.may_decide(actor, finding):
        raise Refusal(_("复核由统筹协调单位或领导决定，被认定的单位不能参与。"))
    if not rules.may_recheck(actor, finding, finding.ruling):
        raise Refusal(_("提出问题和作出认定的人应当回避，请由他人复核。"))
    recheck.kept, recheck.decision = kept, needed(decision, else_say=_("请写明复核理由。"))
    recheck.decided_by, recheck.decider, recheck.decided_at = office_of(actor), person_of(actor), now
    recheck.save()
    move(finding, after)
    audit.record(
        "supervision.recheck_decided",
        target=finding,
        actor=actor,
        at=now,
        payload={"kept": kept, "in_time": clock.today(now) <= recheck.decide_by},
        states=[recheck],
    )
    return recheck


@transaction.atomic
def let_windows_lapse(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> int:
    """Rulings whose window for a recheck is over become final; returns how many. Part of the daily sweep."""
    last = on - dt.timedelta(days=rules.recheck_days(cycle.package).ask)
    ruled = Finding.objects.filter(cycle=cycle, stage=FindingStage.RULED, ruling__ruled_on__lt=last)
    over = list(ruled.select_for_update(of=("self",)).order_by("pk"))
    if not over:
        return 0
    for each in over:
        each.stage = rules.stage_after(each, "lapse")
    Finding.objects.bulk_update(over, ["stage"], batch_size=500)
    audit.record(
        "supervision.findings_final",
        target=cycle,
        actor=actor,
        at=now,
        payload={"findings": len(over)},
        states=over,
    )
    return len(over)
