"""The inspection budget: plan a visit, join another office's, ask a leader for one over the cap, cancel."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.approvals import ask_approval
from guantong.accounts.models import Approval, Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Visit
from guantong.supervision.queries.visits import OVER_CAP, budget_of
from guantong.supervision.rules import visits as rules

__all__ = [
    "OVER_CAP",
    "address_of",
    "ask_over_cap",
    "cancel_visit",
    "join_visit",
    "plan_visit",
    "sign_over_cap",
]


@transaction.atomic
def plan_visit(
    *,
    cycle: Cycle,
    unit: Unit,
    starts_on: dt.date,
    ends_on: dt.date,
    purpose: str,
    basis: str,
    planned_by: Office,
    actor: Actor,
    now: dt.datetime,
) -> Visit:
    """Put a visit in the unit's calendar. Refused when the unit has had its number for the year."""
    rules.refuse_unfit(cycle, unit, starts_on, ends_on, purpose, basis, actor=actor, today=clock.today(now))
    Unit.objects.select_for_update().get(pk=unit.pk)  # one at a time, so that the cap holds
    same = {
        "cycle": cycle,
        "unit": unit,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "planned_by": planned_by,
    }
    if earlier := Visit.objects.filter(**same, purpose=purpose.strip(), cancelled_at__isnull=True).first():
        return earlier  # the same form sent twice
    budget = budget_of(unit, cycle)
    if budget.is_spent:
        raise Refusal(
            _(
                "%(unit)s今年的检查已有 %(n)s 次，达到上限。确需再去的，请写明理由报领导签批，或者与已有的检查合并。"
            )
            % {"unit": unit, "n": budget.taken}
        )
    return _planned(**same, purpose=purpose, basis=basis, actor=actor, now=now)


def _planned(*, actor: object, now: dt.datetime, purpose: str, basis: str, **fields: Any) -> Visit:
    visit = Visit.objects.create(purpose=purpose.strip(), basis=basis.strip(), planned_at=now, **fields)
    audit.record(
        "supervision.visit_planned",
        target=visit,
        actor=actor,
        at=now,
        payload={
            "unit": visit.unit_id,
            "from": visit.starts_on,
            "to": visit.ends_on,
            "joined": visit.joined_id,
        },
    )
    return visit


@transaction.atomic
def join_visit(
    *, visit: Visit, purpose: str, basis: str, planned_by: Office, actor: Actor, now: dt.datetime
) -> Visit:
    """Go along with another office's visit: same unit, same days, one visit for the unit."""
    host = Visit.objects.select_for_update(of=("self",)).select_related(
        "cycle__unit", "cycle__stored", "unit"
    ).get(pk=visit.pk)  # fmt: skip
    first, last = host.starts_on, host.ends_on
    rules.refuse_unfit(
        host.cycle, host.unit, first, last, purpose, basis, actor=actor, today=clock.today(now)
    )
    if host.cancelled_at or host.joined_id:
        raise Refusal(_("这次检查已取消或已并入别的检查，不能再并入。"))
    if host.planned_by_id == planned_by.pk:
        raise Refusal(_("这是本岗位自己安排的检查，不需要合并。"))
    same: dict[str, Any] = {"cycle": host.cycle, "unit": host.unit, "joined": host, "planned_by": planned_by}
    same |= {"starts_on": first, "ends_on": last}
    if earlier := Visit.objects.filter(**same, purpose=purpose.strip(), cancelled_at__isnull=True).first():
        return earlier
    return _planned(**same, purpose=purpose, basis=basis, actor=actor, now=now)


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
    _planned(
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
    unit = Unit.objects.get(pk=approval.object_ref)
    wanted = approval.wanted
    return f"{unit} · {wanted['starts_on']} — {wanted['ends_on']} · {wanted['purpose']}"


def address_of(approval: Approval) -> str:
    return reverse("unit-visits", args=[approval.object_ref])


@transaction.atomic
def cancel_visit(*, visit: Visit, actor: Actor, now: dt.datetime) -> Visit:
    """Take a visit out of the calendar; its place in the budget is free again.

    Offices that went along keep the appointment: the first of them becomes the visit that the others go along with.
    """
    visit = Visit.objects.select_for_update(of=("self",)).select_related(
        "unit", "cycle__unit", "planned_by"
    ).get(pk=visit.pk)  # fmt: skip
    if visit.cancelled_at:
        return visit
    if not rules.may_cancel(actor, visit):
        raise Refusal(_("只有安排检查的单位可以取消。"))
    if visit.starts_on < clock.today(now):
        raise Refusal(_("检查已经开始，不能取消。"))
    visit.cancelled_at = now
    visit.save(update_fields=["cancelled_at"])
    audit.record(
        "supervision.visit_cancelled",
        target=visit,
        actor=actor,
        at=now,
        states=_handed_on(visit.joint.filter(cancelled_at__isnull=True).order_by("planned_at", "pk")),
    )
    return visit


def _handed_on(joint: QuerySet[Visit]) -> list[Visit]:
    """The first of those that went along goes by itself, the others with it."""
    rows = list(joint)
    for row in rows:
        row.joined = None if row == rows[0] else rows[0]
        row.save(update_fields=["joined"])
    return rows
