"""The shapes of what people type about obligations."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.obligations.choices import Light, Source, State, Verdict
from guantong.ui.forms import DAY


class ObligationFilter(forms.Form):
    """Filters of the list; whatever the address gets wrong is ignored."""

    q = forms.CharField(label=_("事项"), required=False, max_length=100)
    light = forms.ChoiceField(label=_("亮灯"), required=False, choices=[("", _("全部")), *Light.choices])
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *State.choices])
    source = forms.ChoiceField(label=_("来源"), required=False, choices=[("", _("全部")), *Source.choices])
    pillar = forms.CharField(required=False, widget=forms.HiddenInput)
    unit = forms.IntegerField(required=False, widget=forms.HiddenInput)
    cycle = forms.IntegerField(required=False, widget=forms.HiddenInput)
    counted = forms.CharField(required=False, widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(label=_("审核意见"), choices=Verdict.choices)
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("退回时必填，写清要补什么。"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ExtensionForm(forms.Form):
    until = forms.DateField(label=_("延至"), widget=DAY)
    reason = forms.CharField(label=_("延期理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class DecisionForm(forms.Form):
    granted = forms.TypedChoiceField(
        label=_("答复"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
    )
    decision = forms.CharField(label=_("说明"), required=False, max_length=500)


class SuspensionForm(forms.Form):
    excused = forms.TypedChoiceField(
        label=_("处理"),
        choices=[("no", _("暂停计时")), ("yes", _("免除"))],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
