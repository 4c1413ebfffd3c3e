"""One visit over the cap: asked of a leader with a reason, and in the calendar once signed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.approvals import ask_approval
from guantong.accounts.models import Approval, Office
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.operations.visits import planned
from guantong.supervision.queries.visits import OVER_CAP, budget_of
from guantong.supervision.rules import visits as rules

__all__ = ["OVER_CAP", "address_of", "ask_over_cap", "sign_over_cap", "words_of"]


@transaction.atomic
def ask_over_cap(
    *,
    cycle: Cycle,
    unit: Unit,
    starts_on: dt.date,
    ends_on: dt.date,
    purpose: str,
    basis: str,
    reason: str,
    planned_by: Office,
    actor: Actor,
    now: dt.datetime,
) -> Approval:
    """Ask a leader to sign for one visit over the cap. It is in nobody's calendar before."""
    rules.refuse_unfit(cycle, unit, starts_on, ends_on, purpose, basis, actor=actor, today=clock.today(now))
    if not budget_of(unit, cycle).is_spent:
        raise Refusal(_("%(unit)s今年的检查次数还没有用完，直接安排即可。") % {"unit": unit})
    return ask_approval(
        kind=OVER_CAP,
        object_ref=unit.pk,
        scope=unit,
        reason=reason,
        actor=actor,
        now=now,
        wanted={
            "cycle": cycle.pk,
            "planned_by": planned_by.pk,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat(),
            "purpose": purpose.strip(),
            "basis": basis.strip(),
        },
    )


def sign_over_cap(approval: Approval, now: dt.datetime) -> None:
    """What the signature does: the visit stands in the calendar, with reason and signature."""
    office = approval.decided_by
    if not rules.may_sign(office):
        raise Refusal(_("超出年度次数的检查须由领导签批。"))
    wanted = approval.wanted
    starts_on = dt.date.fromisoformat(wanted["starts_on"])
    if starts_on < clock.today(now):
        raise Refusal(_("申请的日期已过，请退回，由申请岗位重新安排。"))
    planned(
        cycle=Cycle.objects.get(pk=wanted["cycle"]),
        unit_id=approval.object_ref,
        planned_by_id=wanted["planned_by"],
        starts_on=starts_on,
        ends_on=dt.date.fromisoformat(wanted["ends_on"]),
        purpose=wanted["purpose"],
        basis=wanted["basis"],
        over_cap_reason=approval.reason,
        signed_by=office,
        signed_at=now,
        actor=Acting(approval.decider, approval.decided_by),
        now=now,
    )


def words_of(approval: Approval) -> str:
    """What a leader signs for, in words."""
    wanted = approval.wanted
    return f"{approval.scope} · {wanted['starts_on']} — {wanted['ends_on']} · {wanted['purpose']}"


def address_of(approval: Approval) -> str:
    return reverse("unit-visits", args=[approval.object_ref])
