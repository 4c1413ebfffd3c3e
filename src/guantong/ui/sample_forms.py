"""The forms of the style guide: one of every field, and the filters above its table."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.ui.forms import DAY


class SampleForm(forms.Form):
    title = forms.CharField(
        label=_("工作名称"), max_length=60, help_text=_("一句话说清做了什么，不超过 60 字。")
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=[("", _("请选择")), ("visit", _("走访")), ("meeting", _("会议")), ("study", _("学习"))],
    )
    held_on = forms.DateField(label=_("日期"), widget=DAY)
    place = forms.CharField(label=_("地点"), required=False)
    what = forms.CharField(
        label=_("做了什么、解决了什么"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写结果，不写过程。"),
    )
    evidence = forms.FileField(label=_("附件"), required=False, help_text=_("没有就不用传；不要求拍照留痕。"))
    fulfils = forms.MultipleChoiceField(
        label=_("这件工作还可以完成"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("1", _("责任清单第 4 项：听取汇报")),
            ("2", _("重点任务第 12 项：结对走访")),
            ("3", _("走访结对企业")),
        ],
    )
    is_public = forms.BooleanField(label=_("可以写进通报"), required=False)


class SampleFilters(forms.Form):
    q = forms.CharField(label=_("事项"), required=False)
    light = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("red", _("逾期")),
            ("yellow", _("滞后")),
            ("blue", _("临近")),
            ("green", _("按期")),
        ],
    )
