"""Marks that only a person can give, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office, Person
from guantong.assessment import rules
from guantong.assessment.marking import panel_of
from guantong.assessment.models import Mark
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
    office: Office | None = None,
) -> Mark:
    """A person's mark for an indicator that is theirs to judge, or for one part of it.

    Of the unit, or of a scored ``office`` of it. A new one replaces, never overwrites: the one in force, or on a
    panel the member's own.
    """
    refuse_office(office, unit)
    scale = _scale(cycle, indicator, part)
    _refuse_marker(actor, cycle, unit, indicator, office)
    if not Decimal(0) <= value <= scale:
        raise Refusal(_("分值须在 0 至 %(scale)s 之间。") % {"scale": scale})
    if not reason.strip():
        raise Refusal(_("请写明评分理由。"))
    earlier = _retired(marks_in_force(cycle, unit, indicator, actor=actor, office=office).filter(part=part))
    mark = Mark.objects.create(
        cycle=cycle,
        unit=unit,
        office=office,
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
            **in_log(office),
            "indicator": indicator,
            "part": part,
            "value": value,
            "reason": reason.strip(),
        },
        states=earlier,
    )
    return mark


def _scale(cycle: Cycle, indicator: str, part: str) -> Decimal:
    """What is marked out of; refused where nobody marks it."""
    scale = rules.mark_scale(cycle, indicator, part)
    if scale is not None:
        return scale
    if part and rules.mark_scale(cycle, indicator) is not None:
        raise Refusal(_("“%(id)s”没有分项“%(part)s”。") % {"id": indicator, "part": part})
    raise Refusal(_("“%(id)s”不是人工评分指标。") % {"id": indicator})


def _refuse_marker(actor: Actor, cycle: Cycle, unit: Unit, indicator: str, office: Office | None) -> None:
    """Nobody marks their own unit, nor an item the package gives to others, nor a unit they worked for."""
    if not rules.may_mark(actor, cycle, unit):
        raise Refusal(_("本单位不能给自己评分，须由考核或统筹协调单位评分。"))
    if not rules.may_mark(actor, cycle, unit, indicator, office=office):
        raters = rules.raters_of(cycle, unit, indicator, office=office)
        raise Refusal(
            _("“%(title)s”由机制包指定的单位评分（%(who)s），本单位不能评。")
            % {"title": cycle.package.indicator(indicator).title, "who": rules.raters_in_words(cycle, raters)}
        )
    if rules.worked_or_reviewed(actor, cycle, unit):
        raise Refusal(_("申报过或审核过该单位事项的人不能给该单位评分，请由其他人评分。"))


@dataclass(frozen=True, slots=True)
class Given:
    """One mark of several given together; ``part`` is empty where the indicator has none."""

    part: str
    value: Decimal
    reason: str


@transaction.atomic
def give_marks(
    *,
    cycle: Cycle,
    unit: Unit,
    indicator: str,
    given: Sequence[Given],
    actor: Actor,
    now: dt.datetime,
    office: Office | None = None,
) -> list[Mark]:
    """The parts of an indicator together: all of them, or none. What is already in force so is left alone."""
    in_force = {
        (each.part, each.value, each.reason)
        for each in marks_in_force(cycle, unit, indicator, actor=actor, office=office)
    }
    return [
        give_mark(
            cycle=cycle,
            unit=unit,
            indicator=indicator,
            part=each.part,
            value=each.value,
            reason=each.reason,
            office=office,
            actor=actor,
            now=now,
        )
        for each in given
        if (each.part, each.value, each.reason.strip()) not in in_force
    ]


def refuse_office(office: Office | None, unit: Unit) -> None:
    """A scored office is one of its unit."""
    if office is not None and office.unit_id != unit.pk:
        raise Refusal(_("“%(office)s”不是“%(unit)s”的岗位。") % {"office": office, "unit": unit})


def in_log(office: Office | None) -> dict[str, int]:
    """The scored office in the payload of a log row."""
    return {} if office is None else {"office": office.pk}


def _marker(actor: Actor) -> Person | None:
    return actor.person if isinstance(actor, Acting) else None


def marks_in_force(
    cycle: Cycle, unit: Unit, indicator: str, *, actor: Actor, office: Office | None = None
) -> QuerySet[Mark]:
    """The marks of an indicator that a new one of the actor's would take the place of; on a panel the actor's own."""
    found = Mark.objects.filter(cycle=cycle, unit=unit, office=office, indicator=indicator, replaced=False)
    known = next((each for each in cycle.package.indicators if each.id == indicator), None)
    return found.filter(marker=_marker(actor)) if known and panel_of(known) is not None else found


def _retired(in_force: QuerySet[Mark]) -> list[Mark]:
    """The marks that a new one takes the place of, put out of force."""
    earlier = list(in_force)
    for each in earlier:
        each.replaced = True
        each.save(update_fields=["replaced"])
    return earlier
