"""Tasks with their steps and the parts of the units in sight."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One
from guantong.api.resources.common import BUSINESS, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.tasks import Assignment, FullTask, Milestone, Question, Task
from guantong.tasks import models
from guantong.tasks.queries import tasks_visible_to


def _listed(call: Call) -> QuerySet[models.Task]:
    found, wanted = tasks_visible_to(call.acting), call.query
    if wanted.cycle is not None:
        found = found.filter(task_list__cycle=wanted.cycle)
    for name in ("form", "pillar"):
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found


def task(row: models.Task) -> Task:
    return Task(
        id=row.pk, cycle=row.task_list.cycle_id, number=row.number, title=row.title, detail=row.detail,
        category=row.category, pillar=row.pillar, form=cast(Any, row.form), due_text=row.due_text,
    )  # fmt: skip


def _full(row: models.Task, call: Call) -> FullTask:
    parts = row.assignments.select_related("unit").order_by("pk")
    return widened(
        FullTask,
        task(row),
        milestones=[
            Milestone(starts_on=each.starts_on, due_on=each.due_on, goal=each.goal)
            for each in row.milestones.all()
        ],
        assignments=[_part(each) for each in parts if call.acting.sees(each.unit.path)],
        questions=[_question(each) for each in row.questions.order_by("pk")],
    )


def _part(row: models.Assignment) -> Assignment:
    return Assignment(
        id=row.pk, unit=unit_ref(row.unit), part=cast(Any, row.part), parent=row.parent_id,
        wording=row.wording, due_on=row.due_on, target=row.target, target_unit=row.target_unit,
    )  # fmt: skip


def _question(row: models.OpenQuestion) -> Question:
    return Question(
        id=row.pk, column=row.column, text=row.text, reason=row.reason, blocking=row.blocking,
        answer=row.answer, answered_at=row.answered_at,
    )  # fmt: skip


TASKS = Many(
    name="listTasks", summary=_("任务"), function=BUSINESS, answers=Page[Task], query=asked.Tasks, found=_listed,
    show=task,
)  # fmt: skip
TASK = One(
    name="getTask", summary=_("一项任务，它的节点和各单位的分工"), function=BUSINESS, answers=FullTask,
    found=lambda call: tasks_visible_to(call.acting), show=_full,
)  # fmt: skip
