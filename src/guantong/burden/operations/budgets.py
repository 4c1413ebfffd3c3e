"""Setting how many minutes an issuing unit may ask in the year."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.burden.models import Budget
from guantong.burden.rules.asking import may_set_budget
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit

MOST = 100_000_000


@transaction.atomic
def set_budget(
    *, cycle: Cycle, unit: Unit, minutes: int, basis: str, actor: Actor, now: dt.datetime
) -> Budget:
    """Minutes a year, on a stated basis. The same again changes nothing; another one takes the place of the last."""
    if not may_set_budget(actor, cycle):
        raise Refusal(_("额度由统筹协调单位核定。"))
    if not unit.path.startswith(cycle.unit.path):
        raise Refusal(_("这个单位不在本年度周期的范围内。"))
    if not 0 <= minutes <= MOST:
        raise Refusal(_("额度须在 0 到 %(n)s 分钟之间。") % {"n": MOST})
    if not basis.strip():
        raise Refusal(_("请写明核定额度的依据。"))
    if len(basis.strip()) > 300:
        raise Refusal(_("依据不超过 300 字。"))
    Unit.objects.select_for_update().get(pk=unit.pk)
    last = Budget.objects.filter(cycle=cycle, unit=unit).order_by("-pk").first()
    if last and (last.minutes, last.basis) == (minutes, basis.strip()):
        return last
    budget = Budget.objects.create(
        cycle=cycle,
        unit=unit,
        minutes=minutes,
        basis=basis.strip(),
        set_by=actor.office if isinstance(actor, Acting) else None,
        set_at=now,
    )
    audit.record(
        "burden.budget_set",
        target=budget,
        actor=actor,
        at=now,
        payload={"unit": unit.pk, "minutes": minutes, "before": last.minutes if last else None},
    )
    return budget
