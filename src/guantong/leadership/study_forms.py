"""The shapes of what is typed about courses and classes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Course
from guantong.leadership.operations.courses import Terms
from guantong.leadership.terms import compulsory_of, seats_of
from guantong.leadership.tests_of_courses import Question, questions_in, text_of
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.ui.forms import DAY


class CourseForm(forms.Form):
    school = forms.ModelChoiceField(label=_("开课单位"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("课程名称"), max_length=200)
    compulsory = forms.MultipleChoiceField(
        label=_("包含的必修内容"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    target = forms.MultipleChoiceField(label=_("面向的岗位"), widget=forms.CheckboxSelectMultiple)
    hours = forms.DecimalField(label=_("学时"), min_value=0, max_digits=4, decimal_places=1)
    test = forms.CharField(
        label=_("测试题"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "单选。每题先写题干，下面每行一个选项，正确的前面加 *；题与题之间空一行。没有测试的，修满学时即完成。"
        ),
    )
    pass_mark = forms.IntegerField(label=_("答对几题合格"), min_value=1, max_value=30, required=False)

    def __init__(
        self, *args: Any, cycle: Cycle, schools: QuerySet[Unit] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compulsory"].choices = compulsory_of(cycle.package)  # type: ignore[attr-defined]
        self.fields["target"].choices = seats_of(cycle.package)  # type: ignore[attr-defined]
        if schools is None:
            del self.fields["school"]
        else:
            self.fields["school"].queryset = schools  # type: ignore[attr-defined]

    def clean_test(self) -> list[Question]:
        try:
            return questions_in(self.cleaned_data["test"])
        except Refusal as refusal:
            raise ValidationError(refusal.reasons) from refusal

    def terms(self) -> Terms:
        names = ("title", "hours", "compulsory", "target", "test", "pass_mark")
        return Terms(**{name: self.cleaned_data[name] for name in names})


def as_typed(course: Course) -> dict[str, Any]:
    """A course as its form shows it."""
    return {
        "title": course.title,
        "compulsory": course.compulsory,
        "target": course.target,
        "hours": course.hours,
        "test": text_of(course.test),
        "pass_mark": course.pass_mark,
    }


class ClassForm(forms.Form):
    name = forms.CharField(label=_("班次名称"), max_length=200)
    starts_on = forms.DateField(label=_("开班日期"), widget=DAY)
    ends_on = forms.DateField(label=_("结束日期"), widget=DAY, help_text=_("按工作日排课，每半天 3 学时。"))
    place = forms.CharField(label=_("地点"), max_length=200, required=False)
    capacity = forms.IntegerField(label=_("名额"), min_value=1, max_value=1000)


class CreditForm(forms.Form):
    file = forms.FileField(label=_("结业证明"), help_text=_("PDF 或图片，20 MB 以内。"))


class CreditDecisionForm(forms.Form):
    accepted = forms.TypedChoiceField(
        label=_("认定"),
        choices=[("yes", _("予以认定")), ("no", _("不予认定"))],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(label=_("理由"), max_length=300, required=False, help_text=_("不予认定的必填。"))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=300)
