"""Forms of the search: the name of a view, words that mean the same."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.search.models import Shared


class ViewForm(forms.Form):
    name = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("例如：本月到期的督办事项。不要写个人姓名。")
    )
    shared = forms.ChoiceField(
        label=_("谁能打开"),
        choices=Shared.choices,
        initial=Shared.NOBODY,
        widget=forms.RadioSelect,
        help_text=_("打开的人只能看到自己有权看的内容，与保存的人看到的可能不同。"),
    )
    of = forms.CharField(max_length=2000, widget=forms.HiddenInput)


class SynonymForm(forms.Form):
    words = forms.CharField(
        label=_("意思相同的词"), max_length=300, help_text=_("用空格或顿号分开，例如：督查 督办。")
    )
