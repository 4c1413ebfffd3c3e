"""The shapes of what is typed about meetings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.cases.choices import CaseKind
from guantong.leadership.choices import LineKind, MeetingKind, MeetingStage
from guantong.leadership.models import Body, Meeting
from guantong.leadership.operations.meetings import Terms
from guantong.partners.models import Partner
from guantong.ui.forms import DAY

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
EVERY = [("week", _("每周")), ("two_weeks", _("每两周")), ("month", _("每月")), ("quarter", _("每季度"))]


class MeetingFilter(forms.Form):
    q = forms.CharField(label=_("会议"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[("", _("全部")), *MeetingKind.choices])
    stage = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *MeetingStage.choices]
    )
    called = forms.IntegerField(required=False, widget=forms.HiddenInput)
    body = forms.IntegerField(required=False, widget=forms.HiddenInput)


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(label=_("类型"), choices=MeetingKind.choices)
    title = forms.CharField(label=_("会议名称"), max_length=200)
    body = forms.ModelChoiceField(
        label=_("以哪个机构名义"),
        queryset=Body.objects.none(),
        required=False,
        empty_label=_("本单位"),
    )
    day = forms.DateField(label=_("日期"), widget=DAY)
    starts_at = forms.TimeField(label=_("开始时间"), widget=TIME, required=False)
    ends_at = forms.TimeField(
        label=_("结束时间"), widget=TIME, required=False, help_text=_("写明起止时间，才能核对有没有冲突。")
    )
    place = forms.CharField(label=_("地点"), max_length=200, required=False)
    chair = forms.ModelChoiceField(
        label=_("主持"), queryset=Office.objects.none(), required=False, empty_label=_("待定")
    )
    unit = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, bodies: QuerySet[Body], chairs: QuerySet[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["chair"].queryset = chairs  # type: ignore[attr-defined]
        if not bodies.exists():
            del self.fields["body"]

    def terms(self) -> Terms:
        names = ("kind", "title", "day", "starts_at", "ends_at", "place", "chair")
        return Terms(**{name: self.cleaned_data[name] for name in names}, body=self.cleaned_data.get("body"))


def as_typed(meeting: Meeting) -> dict[str, Any]:
    """A meeting as its form shows it."""
    names = ("kind", "title", "body", "day", "starts_at", "ends_at", "place", "chair")
    return {name: getattr(meeting, name) for name in names}


class AgendaForm(forms.Form):
    title = forms.CharField(label=_("议题"), max_length=200)
    reporter = forms.ModelChoiceField(
        label=_("汇报岗位"), queryset=Office.objects.none(), required=False, empty_label=_("不指定")
    )
    minutes = forms.IntegerField(label=_("分钟"), min_value=1, max_value=480, required=False)
    paper = forms.FileField(label=_("材料"), required=False, help_text=_("PDF、图片或办公文档，20 MB 以内。"))
    reference = forms.CharField(
        label=_("文号或材料名称"), max_length=300, required=False, help_text=_("不上传文件的，写文号即可。")
    )

    def __init__(self, *args: Any, reporters: QuerySet[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reporter"].queryset = reporters  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=300)


class StandInForm(forms.Form):
    stand_in = forms.ModelChoiceField(label=_("代为参会"), queryset=Office.objects.none())
    reason = forms.CharField(label=_("原因"), max_length=300)

    def __init__(self, *args: Any, offices: QuerySet[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = offices  # type: ignore[attr-defined]


class SeriesForm(forms.Form):
    per = forms.ChoiceField(label=_("间隔"), choices=EVERY, initial="month")
    times = forms.IntegerField(label=_("再安排几次"), min_value=1, max_value=26, initial=3)


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=300, help_text=_("已通知的岗位会看到。"))


class HoldForm(forms.Form):
    summary = forms.CharField(
        label=_("做了什么"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一两句话即可；不写的，用会议名称。签到的岗位不用再各自填报。"),
    )
    outside = forms.IntegerField(
        label=_("邀请的来宾"),
        min_value=0,
        max_value=9999,
        required=False,
        help_text=_("没有岗位的代表、群众等，只记人数，不记姓名。"),
    )


class MinutesForm(forms.Form):
    text = forms.CharField(label=_("会议记录"), max_length=20000, widget=forms.Textarea(attrs={"rows": 12}))


class LineForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=LineKind.choices)
    wording = forms.CharField(
        label=_("内容"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("原文会带到任务里。听取的诉求写一个中性的标题，不写是谁。"),
    )


class TaskForm(forms.Form):
    lead = forms.CharField(label=_("牵头单位"), max_length=100, help_text=_("单位名称或代码。"))
    cooperating = forms.CharField(
        label=_("配合单位"), max_length=500, required=False, help_text=_("多个单位用顿号隔开。")
    )
    due_on = forms.DateField(label=_("完成期限"), widget=DAY)


class CaseForm(forms.Form):
    """Who asked, and what in their own words. A person's name and contact only with their consent."""

    kind = forms.ChoiceField(label=_("类别"), choices=CaseKind.choices, initial=CaseKind.SUGGESTION)
    wording = forms.CharField(
        label=_("原话"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("按提出人自己的话写。加密保存，只有办理的人能看。"),
    )
    partner = forms.ModelChoiceField(
        label=_("由组织或企业提出"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label=_("不是，由个人提出"),
    )
    name = forms.CharField(label=_("称呼"), max_length=100, required=False)
    contact = forms.CharField(label=_("联系方式"), max_length=200, required=False)
    consents = forms.BooleanField(label=_("本人同意留下称呼和联系方式，用于答复"), required=False)

    def __init__(self, *args: Any, partners: QuerySet[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]
        if not partners.exists():
            del self.fields["partner"]
