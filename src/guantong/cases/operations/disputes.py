"""A unit says that the case is not its business: within the package's days, decided by whoever assigned it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.cases.applicant import Doer
from guantong.cases.clocks import due_day
from guantong.cases.models import Dispute, Handling
from guantong.cases.operations.acts import Act, given, held
from guantong.cases.operations.assigning import give, stage_by_hands, take_off
from guantong.cases.rules import may_decide_dispute, may_dispute
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit


def dispute_by(act: Act, handling: Handling) -> dt.date:
    """The last day on which the unit may say so (信访工作条例 第23条: 5 working days)."""
    return due_day(clock.today(handling.assigned_at), act.terms.dispute, act.calendar)


@transaction.atomic
def raise_dispute(*, handling: Handling, reason: str, actor: Doer, now: dt.datetime) -> Dispute:
    """The unit says, with a reason, that the case belongs to another."""
    act = Act(held(handling.case), actor, now)
    handling = Handling.objects.select_related("unit", "case").get(pk=handling.pk)
    if not may_dispute(actor, handling):
        raise Refusal(_("管辖异议由承办单位提出。"))
    last = dispute_by(act, handling)
    if act.today > last:
        raise Refusal(_("管辖异议最迟 %(day)s 提出，现已过期。") % {"day": last})
    if handling.disputes.filter(upheld__isnull=True).exists():
        raise Refusal(_("异议已提出，正在等待答复。"))
    if handling.disputes.filter(raised_at__gte=handling.assigned_at).exists():
        raise Refusal(_("这次交办的异议已经答复过，请继续办理。"))
    reason = given(reason, _("请写明为什么不属于本单位职责，应由哪个单位办理。"))
    dispute = Dispute.objects.create(
        handling=handling,
        reason=reason,
        raised_by=act.seat,
        raiser=act.person,
        raised_at=now,
        due_on=due_day(act.today, act.terms.dispute, act.calendar),
    )
    act.changed(dispute)
    act.move("dispute", reason=reason)
    act.record("cases.disputed", unit=handling.unit.code)
    return dispute


@transaction.atomic
def decide_dispute(
    *,
    dispute: Dispute,
    upheld: bool,
    decision: str,
    actor: Doer,
    now: dt.datetime,
    pass_to: Unit | None = None,
) -> Dispute:
    """Upheld, the case passes on, to another unit where one is named; otherwise it stays. Both with a reason."""
    act = Act(held(dispute.handling.case), actor, now)
    dispute = Dispute.objects.select_related(
        "handling__unit", "handling__case__cycle__unit", "handling__case__unit", "handling__case__against",
        "handling__assigned_by", "handling__obligation",
    ).get(pk=dispute.pk)  # fmt: skip
    if dispute.upheld is not None:
        raise Refusal(_("这项异议已经答复过了。"))
    if not may_decide_dispute(actor, dispute):
        raise Refusal(_("管辖异议由交办的岗位答复，提出异议的人不能答复。"))
    dispute.decision = given(decision, _("请写明理由。"))
    dispute.upheld, dispute.decided_by, dispute.decided_at = upheld, act.office, now
    dispute.save(update_fields=["upheld", "decision", "decided_by", "decided_at"])
    act.changed(dispute)
    if upheld:
        _pass_on(act, dispute.handling, dispute.decision, pass_to)
    else:
        act.move("keep", reason=dispute.decision)
    act.record("cases.dispute_decided", upheld=upheld, passed_to=pass_to.code if pass_to else "")
    return dispute


def _pass_on(act: Act, handling: Handling, decision: str, unit: Unit | None) -> None:
    if unit is not None and unit.pk == handling.unit_id:
        raise Refusal(_("请另选一个单位。"))
    take_off(act, handling)
    act.move("pass_on", to=stage_by_hands(act), reason=decision)
    if unit is not None:
        give(act, unit, part=handling.part, wording=handling.wording)
