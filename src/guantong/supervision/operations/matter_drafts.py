"""Writing a matter down: its source and basis, who is to do what by when. Nobody owes anything yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.calendars.queries import calendar_for
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.supervision.choices import Origin, PartStage
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations import waist
from guantong.supervision.operations.steps import Act, held, parts_of, refuse_unless_issuer
from guantong.supervision.rules import matters as rules
from guantong.tasks.scheduling import task_pillar


@dataclass(frozen=True, slots=True)
class PartPlan:
    """A unit's part as drafted. ``due_on`` and ``report_days`` are the matter's where empty."""

    unit: Unit
    part: str
    wording: str = ""
    target: Decimal | None = None
    target_unit: str = ""
    due_on: dt.date | None = None
    report_days: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is typed about a matter. ``due_on`` empty: by its kind, from the day it is drafted."""

    kind: str
    title: str
    origin: str
    basis: str
    detail: str = ""
    due_on: dt.date | None = None


@transaction.atomic
def draft_matter(
    *,
    cycle: Cycle,
    terms: Terms,
    parts: Sequence[PartPlan],
    actor: Actor,
    now: dt.datetime,
    issued_by: Office | None = None,
) -> Matter:
    """Write a matter down with its source and basis and who is to do it; nobody owes anything yet.

    ``issued_by`` is for the command line; a person drafts for the office acted for.
    """
    issued_by = actor.office if isinstance(actor, Acting) else issued_by
    if issued_by is None or not rules.may_run(actor, cycle):
        raise Refusal(_("督办事项由统筹协调单位拟写。"))
    due_on = _refuse_bad_terms(terms, cycle, today=clock.today(now))
    _refuse_bad_parts(parts, cycle, issued_by)
    matter = Matter(
        cycle=cycle, issued_by=issued_by, drafted_at=now, stage="", pillar=task_pillar(cycle.package)
    )
    _write(matter, terms, due_on)
    matter.save()
    act = Act(matter, actor, now)
    act.move(matter, "draft")
    _plan(act, parts)
    act.record("supervision.matter_drafted", kind=terms.kind, origin=terms.origin, parts=len(parts))
    return matter


@transaction.atomic
def amend_draft(
    *, matter: Matter, terms: Terms, parts: Sequence[PartPlan], actor: Actor, now: dt.datetime
) -> Matter:
    """Change a draft: what it says and who is to do it."""
    act = Act(held(matter), actor, now)
    matter = act.matter
    refuse_unless_issuer(act)
    due_on = _refuse_bad_terms(terms, matter.cycle, today=act.today)
    _refuse_bad_parts(parts, matter.cycle, matter.issued_by)
    act.move(matter, "amend")
    _write(matter, terms, due_on)
    matter.save()
    keep = {each.unit.pk for each in parts}
    gone = [each for each in parts_of(matter) if each.unit_id not in keep and each.stage == PartStage.PLANNED]
    for each in gone:
        act.move(each, "withdraw")
    _plan(act, parts)
    act.record("supervision.matter_amended", parts=len(parts), removed=[each.unit_id for each in gone])
    return matter


def _write(matter: Matter, terms: Terms, due_on: dt.date) -> None:
    matter.kind, matter.origin = terms.kind, terms.origin
    matter.title, matter.basis, matter.detail = terms.title.strip(), terms.basis.strip(), terms.detail.strip()
    matter.due_on = matter.first_due_on = due_on


def _plan(act: Act, plans: Sequence[PartPlan]) -> None:
    matter = act.matter
    asked = waist.kind_of(matter).report_days
    for plan in plans:
        days, office = plan.report_days or asked, rules.answering_office(plan.unit)
        assert office is not None
        part, _made = MatterPart.objects.select_related("unit").update_or_create(
            matter=matter,
            unit=plan.unit,
            defaults={
                "office": office,
                "part": plan.part,
                "wording": plan.wording.strip()[:300],
                "due_on": plan.due_on or matter.due_on,
                "target": plan.target,
                "target_unit": plan.target_unit.strip()[:40],
                "base_report_days": days,
                "report_days": days,
            },
        )
        act.changed(part)
        if part.stage == PartStage.WITHDRAWN:
            act.move(part, "plan")


def _refuse_bad_terms(terms: Terms, cycle: Cycle, *, today: dt.date) -> dt.date:
    """The due day, once everything typed is in order."""
    kinds = {each.id: each for each in cycle.package.matters}
    reasons = []
    if not kinds:
        raise Refusal(_("本年度的机制包没有设督办事项的类别。"))
    if terms.kind not in kinds:
        reasons.append(_("请选择事项类别。"))
    if terms.origin not in Origin.values:
        reasons.append(_("请选择事项来源。"))
    if not terms.title.strip():
        reasons.append(_("请写明督办什么。"))
    if not terms.basis.strip():
        reasons.append(_("请写明依据：哪次批示、哪次会议或哪份文件。"))
    if terms.due_on and terms.due_on < today:
        reasons.append(_("办结期限 %(day)s 已经过去。") % {"day": terms.due_on})
    if reasons:
        raise Refusal.of(reasons)
    return terms.due_on or waist.end_of(kinds[terms.kind].due, today, calendar_for(cycle.year, cycle.unit_id))


def _refuse_bad_parts(parts: Sequence[PartPlan], cycle: Cycle, issued_by: Office) -> None:
    if sum(each.part == Part.LEAD for each in parts) != 1:
        raise Refusal(_("请确定一个牵头单位：几家一起办的，由牵头单位统一反馈。"))
    if len({each.unit.pk for each in parts}) != len(parts):
        raise Refusal(_("同一个单位在一件事项里只承担一次。"))
    for each in parts:
        if not each.unit.path.startswith(cycle.unit.path):
            raise Refusal(_("“%(unit)s”不在本周期范围内。") % {"unit": each.unit})
        if each.unit.pk == issued_by.unit_id:
            raise Refusal(_("交办单位自己不能同时是承办单位：办结由承办单位提出，销号由交办单位决定。"))
        if rules.answering_office(each.unit) is None:
            raise Refusal(_("“%(unit)s”没有可以签收督办事项的岗位。") % {"unit": each.unit})
        if each.target is not None and each.target < 0:
            raise Refusal(_("目标不能是负数。"))
