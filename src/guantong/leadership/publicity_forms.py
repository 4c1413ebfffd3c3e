"""The shapes of what is typed about the publicity plan."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.ui.forms import DAY

STATES = [("", _("全部")), ("open", _("未完成")), ("late", _("逾期")), ("done", _("已完成")), ("unmeasured", _("未统计"))]  # fmt: skip


class PublicityFilter(forms.Form):
    q = forms.CharField(label=_("内容"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)


class PublicityForm(forms.Form):
    title = forms.CharField(label=_("宣传什么"), max_length=200)
    channel = forms.CharField(label=_("渠道"), max_length=100, help_text=_("报纸、广播、公众号、宣讲等。"))
    owner = forms.CharField(
        label=_("责任单位"), max_length=100, help_text=_("单位名称或代码，由该单位负责岗位承担。")
    )
    due_on = forms.DateField(label=_("完成日期"), widget=DAY)


class ReportForm(forms.Form):
    done_on = forms.DateField(label=_("完成日期"), widget=DAY)
    summary = forms.CharField(
        label=_("做了什么"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    not_measured = forms.BooleanField(label=_("覆盖人数未统计"), required=False)
    reach = forms.IntegerField(
        label=_("覆盖人数"),
        min_value=0,
        required=False,
        help_text=_("没有统计的不要填 0，勾选上面的“未统计”。"),
    )
    reach_source = forms.CharField(
        label=_("怎样统计的"), max_length=200, required=False, help_text=_("例如后台阅读数、签到人数。")
    )
    file = forms.FileField(label=_("附件"), required=False)


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("取消的原因"), max_length=300)
