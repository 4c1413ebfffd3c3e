"""May this office do this to this list? And by when a list is to be signed."""

from __future__ import annotations

import datetime as dt

from guantong.accounts.acting import Acting, Actor
from guantong.duties.models import DutyList
from guantong.mechanisms.models import Cycle


def sign_by(cycle: Cycle) -> dt.date:
    """The due day of the package's duty to sign, else the end of the first phase."""
    for duty in cycle.package.duties:
        if "sign_off" in duty.evidence and duty.cadence.due:
            month, day = (int(part) for part in duty.cadence.due.split("-"))
            return dt.date(cycle.year, month, day)
    first = cycle.phases.order_by("starts_on").first()
    return first.ends_on if first else dt.date(cycle.year, 3, 31)


def _in_unit(actor: Actor, duty_list: DutyList) -> bool:
    if not isinstance(actor, Acting):
        return True
    return actor.office is not None and actor.office.unit_id == duty_list.unit_id


def may_sign(actor: Actor, duty_list: DutyList) -> bool:
    return actor.may("duties.sign") and _in_unit(actor, duty_list)


def may_object(actor: Actor, duty_list: DutyList) -> bool:
    return actor.may("duties.object") and _in_unit(actor, duty_list) and not duty_list.is_signed


def may_issue(actor: Actor, duty_list: DutyList) -> bool:
    return actor.may("duties.issue") and actor.sees(duty_list.unit.path)


def may_run(actor: Actor, cycle: Cycle) -> bool:
    """Whoever runs the cycle: a coordinating office over its unit."""
    return actor.may("cycles.run") and actor.sees(cycle.unit.path)
