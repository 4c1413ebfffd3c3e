"""The form for study hours and certificates."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.grassroots.operations.certificates import MOST_HOURS
from guantong.ui.forms import DAY


class CertificateForm(forms.Form):
    title = forms.CharField(label=_("培训或证书名称"), max_length=200)
    issued_on = forms.DateField(
        label=_("日期"),
        help_text=_("培训结束或发证的日期。"),
        widget=DAY,
    )
    hours = forms.DecimalField(
        label=_("学时"),
        required=False,
        max_digits=5,
        decimal_places=1,
        min_value=0,
        max_value=MOST_HOURS,
        widget=forms.NumberInput(attrs={"step": "0.5", "inputmode": "decimal"}),
    )
    expires_on = forms.DateField(
        label=_("有效期至"),
        required=False,
        help_text=_("长期有效的不填。"),
        widget=DAY,
    )
