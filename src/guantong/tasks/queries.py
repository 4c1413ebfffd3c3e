"""Reading tasks, within the scope of the office acted for."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.tasks.models import Assignment, OpenQuestion, Task


def tasks_visible_to(acting: Actor) -> QuerySet[Task]:
    """Tasks in which a visible unit has a part; whoever issues tasks also sees those nobody has yet."""
    tasks = Task.objects.select_related("task_list__cycle__unit", "task_list__cycle__stored")
    if not isinstance(acting, Acting):
        return tasks
    path = acting.scope_path
    if not path:
        return tasks.none()
    parts = Assignment.objects.filter(task=OuterRef("pk"), unit__path__gte=path, unit__path__lt=path + "~")
    visible = Q(Exists(parts))
    if acting.may("tasks.issue"):
        visible |= Q(task_list__cycle__unit__path__gte=path, task_list__cycle__unit__path__lt=path + "~")
    return tasks.filter(visible)


def with_open_questions(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Each task with ``n_questions`` still open."""
    return tasks.annotate(n_questions=Count("questions", filter=Q(questions__answered_at__isnull=True)))


def open_questions_visible_to(acting: Actor) -> QuerySet[OpenQuestion]:
    if not acting.may("tasks.issue"):
        return OpenQuestion.objects.none()
    return OpenQuestion.objects.filter(
        answered_at__isnull=True, task__in=tasks_visible_to(acting).values("pk")
    ).select_related("task__task_list")
