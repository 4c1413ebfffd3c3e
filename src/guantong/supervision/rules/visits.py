"""How many checks a unit bears in a year, which may go together, who may plan them, and who may sign for one more.

Regulation on government supervision (State Council decree 733), article 15: frequency and length strictly limited,
nothing checked twice or by several heads.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import FUNCTIONS
from guantong.accounts.models import Office
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package
from guantong.organisation.models import Unit
from guantong.supervision.models import Visit

MAX_PER_UNIT, JOINT_WITHIN = 4, dt.timedelta(days=14)  # where the package says nothing


@dataclass(frozen=True, slots=True)
class Budget:
    """The checks of one unit in one year: how many there may be, how many are planned or were made."""

    most: int
    taken: int

    @property
    def left(self) -> int:
        return max(self.most - self.taken, 0)

    @property
    def is_spent(self) -> bool:
        return self.taken >= self.most


def cap_of(package: Package) -> int:
    return int((package.supervision.get("visits") or {}).get("max_per_unit", MAX_PER_UNIT))


def joint_within(package: Package) -> dt.timedelta:
    """How near two visits at one unit are offered as one."""
    term = (package.supervision.get("visits") or {}).get("joint_within_days")
    return dt.timedelta(days=int(term)) if term is not None else JOINT_WITHIN


def may_plan(actor: Actor, unit: Unit) -> bool:
    """The coordinating office, at another unit in its sight."""
    if not actor.may("supervision.run") or not actor.sees(unit.path):
        return False
    return not isinstance(actor, Acting) or actor.office is None or actor.office.unit_id != unit.pk


def may_cancel(actor: Actor, visit: Visit) -> bool:
    """Whoever plans visits in the office that planned it, or over the whole cycle."""
    if not actor.may("supervision.run") or not actor.sees(visit.unit.path):
        return False
    if not isinstance(actor, Acting) or actor.office is None:
        return True
    return visit.planned_by.unit_id == actor.office.unit_id or actor.sees(visit.cycle.unit.path)


def may_sign(office: Office | None) -> bool:
    """A leader's office, for a visit over the cap."""
    return office is not None and "supervision.sign" in FUNCTIONS[office.role]


def refuse_unfit(
    cycle: Cycle,
    unit: Unit,
    starts_on: dt.date,
    ends_on: dt.date,
    purpose: str,
    basis: str,
    *,
    actor: Actor,
    today: dt.date,
) -> None:
    """Say no, with the reason, to a visit that nobody could plan like this."""
    if not may_plan(actor, unit):
        raise Refusal(_("只有统筹协调单位可以安排检查，且不能安排检查本单位。"))
    if not unit.path.startswith(cycle.unit.path):
        raise Refusal(_("这个单位不在本年度周期的范围内。"))
    if not purpose.strip() or not basis.strip():
        raise Refusal(_("请写明检查什么、依据什么。"))
    if max(len(purpose.strip()), len(basis.strip())) > 300:
        raise Refusal(_("检查内容和依据各不超过 300 字。"))
    if ends_on < starts_on:
        raise Refusal(_("结束日期早于开始日期。"))
    if starts_on < today:
        raise Refusal(_("检查不能安排在过去的日子。"))
    if starts_on.year != cycle.year or ends_on.year != cycle.year:
        raise Refusal(_("检查日期须在 %(year)s 年内，次数按年计算。") % {"year": cycle.year})
