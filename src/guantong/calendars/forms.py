"""What is typed in about days."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.calendars.choices import DayKind
from guantong.ui.forms import DAY


class DaysForm(forms.Form):
    first = forms.DateField(label=_("从哪天"), widget=DAY)
    last = forms.DateField(label=_("到哪天"), required=False, widget=DAY, help_text=_("只有一天的，不用填。"))
    kind = forms.ChoiceField(label=_("休息还是上班"), choices=DayKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如：那达慕、国庆节调休。"))
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称或者文号。"))

    def clean(self) -> dict[str, object]:
        """One day where no last day was given."""
        data: dict[str, object] = self.cleaned_data
        first: dt.date | None = self.cleaned_data.get("first")
        return data | {"last": data.get("last") or first}


class CompleteForm(forms.Form):
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称或者文号。"))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("撤销的理由"), max_length=200)
