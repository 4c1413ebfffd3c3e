"""What the page of one task shows: steps, parts with their lights, what was tightened on the way down, questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.kernel.decimals import plain
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.obligations.tightening import told_once
from guantong.organisation.models import Unit
from guantong.tasks import rules
from guantong.tasks.forms import MilestoneForm, QuestionForm, SplitForm
from guantong.tasks.models import Assignment, Task
from guantong.tasks.origins import origins_of
from guantong.tasks.tightening import last_day, tightening_of


def page_of(request: Request, task: Task) -> dict[str, Any]:
    acting = request.acting
    parts = list(task.assignments.select_related("unit", "parent__unit", "parent__parent").order_by("pk"))
    visible = [each for each in parts if acting.sees(each.unit.path)]
    steps = list(task.milestones.all())
    days = [each.due_on for each in steps]
    mine = next((part for part in visible if rules.may_split(acting, part)), None)
    may_answer = rules.may_issue(acting, task.task_list.cycle)
    return {
        "task": task,
        "origins": origins_of(task, acting),
        "steps": steps,
        "parts": _rows(visible),
        # parts given out by the list itself; how another unit splits its own part is that unit's affair
        "hidden_parts": sum(part.parent_id is None for part in parts if part not in visible),
        "tightened": tightenings_seen(acting, parts, days),
        "questions": list(task.questions.filter(answered_at=None)),
        "answered": list(task.questions.exclude(answered_at=None).select_related("answered_by")),
        "may_answer": may_answer,
        "question_form": QuestionForm(),
        "mine": mine,
        "split_form": _split_form(mine, parts, days) if mine else None,
        "may_add_milestone": may_answer or rules.leads(acting, task),
        "milestone_form": MilestoneForm(),
    }


def _rows(parts: Sequence[Assignment]) -> list[dict[str, Any]]:
    """Each part with what it owes, one query for all."""
    owed: dict[int, list[Obligation]] = {}
    rows = Obligation.objects.filter(source=Source.TASK, source_ref__in=[part.pk for part in parts])
    for each in rows.order_by("due_on"):
        owed.setdefault(each.source_ref, []).append(each)
    return [
        {
            "part": part,
            "owed": owed.get(part.pk, []),
            "target": f"{plain(part.target)}{part.target_unit}" if part.target is not None else "",
        }
        for part in parts
    ]


def _split_form(mine: Assignment, parts: Sequence[Assignment], days: Sequence[dt.date]) -> SplitForm | None:
    below = Unit.objects.children_of(mine.unit).exclude(pk__in=[part.unit_id for part in parts])
    if not below.exists():
        return None
    initial = {"due_on": last_day(mine, days), "target_unit": mine.target_unit}
    return SplitForm(units=below.order_by("path"), initial=initial)


def tightenings_seen(
    acting: Acting, parts: Sequence[Assignment], days: Sequence[dt.date]
) -> list[dict[str, Any]]:
    """Where a split asks more than was asked above it, for whoever sees either end; the same of several units once."""
    return told_once(
        (str(part.unit), each)
        for part in parts
        if part.parent and (acting.sees(part.unit.path) or acting.sees(part.parent.unit.path))
        for each in tightening_of(part, days)
    )
