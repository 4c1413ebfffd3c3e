"""Task lists: the year's work points as lists, projects and programmes, split over units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit


class TaskForm(models.TextChoices):
    LIST = "list", _("清单化")
    PROJECT = "project", _("项目化")
    PROGRAMME = "programme", _("工程化")


class TaskList(models.Model):
    """One workbook of tasks, as it was read; ``digest`` is the SHA-256 of the file."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="task_lists")
    name = models.CharField(max_length=300)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    privacy = Privacy(business="cycle name file_name imported_at", technical="id digest")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "digest"], name="task_file_once_per_cycle")]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """One task as the list states it. ``due_*`` keep what was written and what was understood."""

    task_list = models.ForeignKey(TaskList, on_delete=models.PROTECT, related_name="tasks")
    sheet = models.CharField(max_length=200)
    row = models.PositiveIntegerField()
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=500)
    detail = models.TextField(blank=True)
    category = models.CharField(max_length=300, blank=True)
    section = models.JSONField(default=list)
    pillar = models.CharField(max_length=60)
    form = models.CharField(max_length=12, choices=TaskForm.choices, default=TaskForm.LIST)
    due_kind = models.CharField(max_length=20)
    due_value = models.CharField(max_length=100, blank=True)
    due_text = models.CharField(max_length=500, blank=True)
    lead_text = models.CharField(max_length=500, blank=True)
    cooperating_text = models.CharField(max_length=1000, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    privacy = Privacy(
        business="task_list sheet row number title detail category section pillar form due_kind due_value due_text lead_text cooperating_text note",
        technical="id",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task_list", "sheet", "row"], name="task_once_per_row")
        ]

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """A dated step of a task; a task with one due date has one."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="milestones")
    due_on = models.DateField()
    starts_on = models.DateField()
    goal = models.CharField(max_length=300, blank=True)

    privacy = Privacy(business="task due_on starts_on goal", technical="id")

    class Meta:
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["task", "due_on"], name="milestone_once_per_day")]

    def __str__(self) -> str:
        return self.goal or f"{self.due_on}"


class Assignment(models.Model):
    """A unit's part in a task. ``parent`` is the part it was split from on ``split_on``.

    A part that was split may ask its own terms: ``due_on`` in the place of the task's last step, a ``target`` in
    ``target_unit``, progress every ``report_days`` days. Empty: as the task says.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=20, choices=Part.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="splits")
    wording = models.CharField(max_length=500, blank=True)
    split_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    target_unit = models.CharField(max_length=40, blank=True, default="")
    report_days = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=500, blank=True, default="")

    privacy = Privacy(
        business="task unit part parent wording split_on due_on target target_unit report_days reason",
        technical="id",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="unit_has_one_part_in_a_task"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="assignment_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.unit.name} · {self.get_part_display()}"


class OpenQuestion(models.Model):
    """Something in a task that was not understood: a person decides, nothing is guessed."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="questions")
    column = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    text = models.CharField(max_length=1000, blank=True)
    reason = models.CharField(max_length=500)
    blocking = models.BooleanField(default=False)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="task column code text reason blocking answer answered_by answered_at", technical="id"
    )

    class Meta:
        indexes = [models.Index(fields=["task"], condition=Q(answered_at__isnull=True), name="question_open")]
