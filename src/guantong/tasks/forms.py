"""The shapes of what is typed about tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.tasks.models import TaskForm
from guantong.tasks.splitting import LEAST_REPORT_DAYS
from guantong.ui.forms import DAY


class TaskFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("任务"), required=False, max_length=100)
    form = forms.ChoiceField(
        label=gettext_lazy("形式"), required=False, choices=[("", gettext_lazy("全部")), *TaskForm.choices]
    )


class MilestoneForm(forms.Form):
    due_on = forms.DateField(label=gettext_lazy("节点日期"), widget=DAY)
    goal = forms.CharField(label=gettext_lazy("达到什么"), max_length=300)


class SplitForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("分解到"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    wording = forms.CharField(label=gettext_lazy("要做什么"), required=False, max_length=500)
    due_on = forms.DateField(
        label=gettext_lazy("办结期限"),
        required=False,
        widget=DAY,
        help_text=gettext_lazy("不填，按任务的期限。"),
    )
    target = forms.DecimalField(
        label=gettext_lazy("目标数"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    target_unit = forms.CharField(label=gettext_lazy("目标的单位"), required=False, max_length=40)
    report_days = forms.IntegerField(
        label=gettext_lazy("每隔几天报告一次进展"),
        required=False,
        min_value=LEAST_REPORT_DAYS,
        max_value=366,
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("期限晚于本单位期限时必填。"),
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """One form for the three answers: a date, a unit, or a reason to leave it."""

    act = forms.ChoiceField(choices=[("date", "date"), ("unit", "unit"), ("aside", "aside")])
    due_on = forms.DateField(label=gettext_lazy("办结日期"), required=False, widget=DAY)
    unit = forms.CharField(label=gettext_lazy("单位名称或代码"), required=False, max_length=100)
    part = forms.ChoiceField(
        label=gettext_lazy("承担方式"),
        required=False,
        choices=[(Part.LEAD, Part.LEAD.label), (Part.COOPERATING, Part.COOPERATING.label)],
    )
    reason = forms.CharField(label=gettext_lazy("理由"), required=False, max_length=500)
