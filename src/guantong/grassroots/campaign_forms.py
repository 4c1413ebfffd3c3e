"""The form that launches a campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.organisation.models import Unit
from guantong.ui.forms import DAY


class LaunchForm(forms.Form):
    places = forms.ModelMultipleChoiceField(
        label=_("在哪里开展"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择在哪里开展。")},
    )  # fmt: skip
    ends_on = forms.DateField(
        label=_("到哪一天结束"), widget=DAY, help_text=_("今天是第一天，现在的情况就是“之前”。")
    )

    def __init__(self, *args: Any, places: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].queryset = places  # type: ignore[attr-defined]
