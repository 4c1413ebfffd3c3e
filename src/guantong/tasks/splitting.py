"""Passing a part of a task on to units below, on the same terms or on others – and saying where those are tighter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.queries import first_office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.tasks import rules
from guantong.tasks.models import Assignment
from guantong.tasks.owing import ANSWERING_SEATS, open_for_tasks
from guantong.tasks.tightening import last_day

LEAST_REPORT_DAYS = 7


@dataclass(frozen=True, slots=True)
class SplitTerms:
    """What a unit asks of those below it; what is empty is asked as it was asked of the unit itself."""

    wording: str = ""
    due_on: dt.date | None = None
    target: Decimal | None = None
    target_unit: str = ""
    report_days: int | None = None
    reason: str = ""


@transaction.atomic
def split_assignment(
    *,
    assignment: Assignment,
    units: Sequence[Unit],
    actor: Actor,
    now: dt.datetime,
    terms: SplitTerms | None = None,
) -> list[Assignment]:
    """Pass a part on to units below; each gets its own obligations, the splitting unit keeps its own."""
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("task__task_list__cycle__stored", "unit")
        .get(pk=assignment.pk)
    )
    task, today, terms = assignment.task, clock.today(now), terms or SplitTerms()
    mine = last_day(assignment)
    if not rules.may_split(actor, assignment):
        raise Refusal(_("只有承担任务的单位负责人可以分解任务。"))
    _refuse_units(assignment, units)
    _refuse_terms(terms, assignment.task.task_list.cycle, mine=mine, today=today)
    if terms.due_on == mine:
        terms = replace(terms, due_on=None)
    parts = [_part(assignment, unit, terms, today=today) for unit in units]
    try:
        with transaction.atomic():
            splits = Assignment.objects.bulk_create(parts)
    except IntegrityError as error:
        raise Refusal(_("有单位刚刚已被分解到，请刷新后再试。")) from error
    opened = open_for_tasks([task], cycle=task.task_list.cycle, today=today)
    audit.record(
        "tasks.split",
        target=task,
        actor=actor,
        at=now,
        payload={"from": assignment.unit.code, "to": [unit.code for unit in units], **_as_logged(terms)},
        states=opened,
    )
    return splits


def _as_logged(terms: SplitTerms) -> dict[str, object]:
    return {
        "due_on": terms.due_on,
        "target": terms.target,
        "report_days": terms.report_days,
        "reason": terms.reason.strip(),
    }


def _refuse_units(assignment: Assignment, units: Sequence[Unit]) -> None:
    if not units:
        raise Refusal(_("请至少选择一个下级单位。"))
    for unit in units:
        if unit.pk == assignment.unit_id or not unit.path.startswith(assignment.unit.path):
            raise Refusal(_("“%(unit)s”不是本单位的下级。") % {"unit": unit.name})
        if first_office(unit, *ANSWERING_SEATS) is None:
            raise Refusal(_("“%(unit)s”没有设负责岗位，不能承担任务。") % {"unit": unit.name})
        if assignment.task.assignments.filter(unit=unit).exists():
            raise Refusal(_("“%(unit)s”已经承担这项任务。") % {"unit": unit.name})


def _refuse_terms(terms: SplitTerms, cycle: Cycle, *, mine: dt.date | None, today: dt.date) -> None:
    """Less time needs no leave, more time a reason; reports are asked once a week at the most."""
    if terms.due_on is not None:
        if not today <= terms.due_on <= cycle.ends_on:
            raise Refusal(_("办结期限须在今天以后、%(year)s 年度以内。") % {"year": cycle.year})
        if mine is None:
            raise Refusal(_("这项任务还没有确定期限，请先由统筹协调单位确定。"))
        if terms.due_on > mine and not terms.reason.strip():
            raise Refusal(_("分解的期限晚于本单位的期限 %(day)s，请写明理由。") % {"day": mine})
    if terms.target is not None and terms.target < 0:
        raise Refusal(_("目标不能是负数。"))
    if terms.report_days is not None and terms.report_days < LEAST_REPORT_DAYS:
        raise Refusal(_("要求报告进展，最密每 %(n)s 天一次。") % {"n": LEAST_REPORT_DAYS})


def _part(assignment: Assignment, unit: Unit, terms: SplitTerms, *, today: dt.date) -> Assignment:
    return Assignment(
        task=assignment.task,
        unit=unit,
        part=Part.IMPLEMENTING,
        parent=assignment,
        wording=terms.wording.strip()[:500],
        split_on=today,
        due_on=terms.due_on or assignment.due_on,
        target=terms.target,
        target_unit=terms.target_unit.strip()[:40],
        report_days=terms.report_days or assignment.report_days,
        reason=terms.reason.strip()[:500],
    )
