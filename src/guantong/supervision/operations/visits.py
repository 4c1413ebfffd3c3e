"""The inspection budget: plan a visit, join another office's, cancel. One over the cap: `over_cap`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Visit
from guantong.supervision.queries.visits import budget_of
from guantong.supervision.rules import visits as rules


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
    return planned(**same, purpose=purpose, basis=basis, actor=actor, now=now)


def planned(*, actor: object, now: dt.datetime, purpose: str, basis: str, **fields: Any) -> Visit:
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
    return planned(**same, purpose=purpose, basis=basis, actor=actor, now=now)


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
