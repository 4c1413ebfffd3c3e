"""The shapes of what is typed about visits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.ui.forms import DAY

ALL, CANCELLED = "all", "cancelled"
STATES = [("", _("接下来的")), (ALL, _("全年的")), (CANCELLED, _("已取消"))]


class VisitFilter(forms.Form):
    q = forms.CharField(label=_("单位"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)
    month = forms.IntegerField(required=False, min_value=1, max_value=12, widget=forms.HiddenInput)


class VisitForm(forms.Form):
    """When, what for, on what basis; the reason only where the unit has had its number."""

    starts_on = forms.DateField(label=_("开始日期"), widget=DAY)
    ends_on = forms.DateField(label=_("结束日期"), widget=DAY)
    purpose = forms.CharField(
        label=_("检查什么"), max_length=300, help_text=_("写清内容和范围，单位会看到。")
    )
    basis = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("年度督查计划、文件或会议要求，写文号或名称。")
    )
    reason = forms.CharField(
        label=_("超出次数的理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("报领导签批后才列入日程。"),
    )

    def __init__(self, *args: Any, over_cap: bool, together: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not over_cap:
            del self.fields["reason"]
        elif together:
            self.fields["reason"].required = False
