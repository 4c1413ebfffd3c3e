"""Recognitions and findings outside the flow of obligations, confirmed with their basis."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.assessment import rules
from guantong.assessment.models import ConfirmedFact, Side
from guantong.assessment.operations.marks import in_log, refuse_office
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


@transaction.atomic
def confirm_fact(
    *,
    cycle: Cycle,
    unit: Unit,
    side: str,
    kind: str,
    basis: str,
    text: str,
    actor: Actor,
    now: dt.datetime,
    office: Office | None = None,
) -> ConfirmedFact:
    """Confirm a recognition or a finding with its basis; scores read it from the next run on.

    It counts for the unit, or where a scored ``office`` is named for that office alone.
    """
    refuse_office(office, unit)
    if side not in Side.values or kind not in rules.fact_kinds(cycle, side):
        raise Refusal(_("机制包里没有这一类加扣分事项。"))
    if not rules.may_mark(actor, cycle, unit):
        raise Refusal(_("加扣分事项由考核或统筹协调单位确认，不能由本单位确认。"))
    if not basis.strip() or not text.strip():
        raise Refusal(_("请写明事项和依据（文号、通报或核查记录）。"))
    fact = ConfirmedFact.objects.create(
        cycle=cycle,
        unit=unit,
        office=office,
        side=side,
        kind=kind,
        basis=basis.strip(),
        text=text.strip(),
        confirmed_by=actor.office if isinstance(actor, Acting) else None,
        confirmed_at=now,
    )
    audit.record(
        "assessment.fact_confirmed",
        target=fact,
        actor=actor,
        at=now,
        payload={
            "unit": unit.code,
            **in_log(office),
            "side": side,
            "kind": kind,
            "basis": basis.strip(),
        },
    )
    return fact
