"""Marks that only a person can give, and facts confirmed with their basis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Person
from guantong.assessment import rules
from guantong.assessment.marking import panel_of
from guantong.assessment.models import ConfirmedFact, Mark, Side
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


@transaction.atomic
def give_mark(
    *,
    cycle: Cycle,
    unit: Unit,
    indicator: str,
    value: Decimal,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    part: str = "",
) -> Mark:
    """A person's mark for an indicator that is theirs to judge, or for one part of it.

    A new one replaces, never overwrites: the one in force, or on a panel the member's own.
    """
    scale = rules.mark_scale(cycle, indicator, part)
    if scale is None:
        if part and rules.mark_scale(cycle, indicator) is not None:
            raise Refusal(_("“%(id)s”没有分项“%(part)s”。") % {"id": indicator, "part": part})
        raise Refusal(_("“%(id)s”不是人工评分指标。") % {"id": indicator})
    if not rules.may_mark(actor, cycle, unit):
        raise Refusal(_("本单位不能给自己评分，须由考核或统筹协调单位评分。"))
    if not rules.may_mark(actor, cycle, unit, indicator):
        raise Refusal(_("这一项由机制包指定的单位评分，本单位不能评。"))
    if rules.worked_or_reviewed(actor, cycle, unit):
        raise Refusal(_("申报过或审核过该单位事项的人不能给该单位评分，请由其他人评分。"))
    if not Decimal(0) <= value <= scale:
        raise Refusal(_("分值须在 0 至 %(scale)s 之间。") % {"scale": scale})
    if not reason.strip():
        raise Refusal(_("请写明评分理由。"))
    earlier = _retired(cycle, unit, indicator, part, actor)
    mark = Mark.objects.create(
        cycle=cycle,
        unit=unit,
        indicator=indicator,
        part=part,
        value=value,
        scale=scale,
        reason=reason.strip(),
        marked_by=actor.office if isinstance(actor, Acting) else None,
        marker=_marker(actor),
        marked_at=now,
    )
    audit.record(
        "assessment.marked",
        target=mark,
        actor=actor,
        at=now,
        payload={
            "unit": unit.code,
            "indicator": indicator,
            "part": part,
            "value": value,
            "reason": reason.strip(),
        },
        states=earlier,
    )
    return mark


def _marker(actor: Actor) -> Person | None:
    return actor.person if isinstance(actor, Acting) else None


def _retired(cycle: Cycle, unit: Unit, indicator: str, part: str, actor: Actor) -> list[Mark]:
    """The marks that a new one takes the place of, put out of force."""
    in_force = Mark.objects.filter(cycle=cycle, unit=unit, indicator=indicator, part=part, replaced=False)
    if panel_of(cycle.package.indicator(indicator)) is not None:
        in_force = in_force.filter(marker=_marker(actor))
    earlier = list(in_force)
    for each in earlier:
        each.replaced = True
        each.save(update_fields=["replaced"])
    return earlier


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
) -> ConfirmedFact:
    """Confirm a recognition or a finding with its basis; scores read it from the next run on."""
    if side not in Side.values or kind not in rules.fact_kinds(cycle, side):
        raise Refusal(_("机制包里没有这一类加扣分事项。"))
    if not rules.may_mark(actor, cycle, unit):
        raise Refusal(_("加扣分事项由考核或统筹协调单位确认，不能由本单位确认。"))
    if not basis.strip() or not text.strip():
        raise Refusal(_("请写明事项和依据（文号、通报或核查记录）。"))
    fact = ConfirmedFact.objects.create(
        cycle=cycle,
        unit=unit,
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
        payload={"unit": unit.code, "side": side, "kind": kind, "basis": basis.strip()},
    )
    return fact
