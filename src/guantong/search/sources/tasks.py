"""Tasks of the task lists."""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from guantong.organisation.models import Unit
from guantong.search.sources.kind import Kind, Rows, Said, Seen, joined
from guantong.tasks.models import Assignment, Task, TaskList
from guantong.tasks.queries import tasks_visible_to


def _with_words(rows: Rows) -> Rows:
    return rows.select_related("task_list__cycle__unit")


def _said(task: Task) -> Said:
    parts = (
        task.detail,
        task.category,
        *task.section,
        task.due_text,
        task.lead_text,
        task.cooperating_text,
        task.note,
    )
    return Said(joined(task.title, task.number), joined(*parts, task.task_list.name))


def _seen_by(task: Task) -> Seen:
    units = [each.unit.path for each in task.assignments.all()]
    return Seen(frozenset([*units, task.task_list.cycle.unit.path]))


TASKS = Kind(
    number=3,
    name="tasks",
    label=pgettext_lazy("navigation", "任务"),
    icon="flag",
    policy="business.read",
    visible=tasks_visible_to,
    rows=lambda: _with_words(
        Task.objects.prefetch_related(
            Prefetch("assignments", queryset=Assignment.objects.select_related("unit"))
        )
    ),
    with_words=_with_words,
    said=_said,
    seen_by=_seen_by,
    address=lambda task: reverse("task", args=[task.pk]),
    remarks=lambda task: [task.number, task.lead_text, task.due_text],
    reads={
        Task: "title number detail category section due_text lead_text cooperating_text note",
        TaskList: "name",
        Unit: "name",
    },
    follows={"tasks.task": "pk", "tasks.tasklist": "task_list"},
)
