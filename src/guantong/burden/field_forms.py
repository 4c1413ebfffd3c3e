"""The shapes of what people type about fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.burden.choices import FieldKind
from guantong.burden.rules.fields import Terms


class FieldFilter(forms.Form):
    q = forms.CharField(label=_("填报项"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[("", _("全部")), *FieldKind.choices])
    retired = forms.BooleanField(label=_("连同已停用的"), required=False)


class FieldForm(forms.Form):
    """A field as it is proposed; ``differs`` is asked only where something near is there."""

    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=120)
    meaning = forms.CharField(
        label=_("含义"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("算什么、不算什么、截至哪天，一句话说清；只能是工作，不能是个人情况。"),
    )
    kind = forms.ChoiceField(label=_("类型"), choices=FieldKind.choices)
    measure = forms.CharField(
        label=_("计量单位"), required=False, max_length=20, help_text=_("数字才要，如平方米、场次。")
    )
    options = forms.CharField(
        label=_("选项"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("类型为选项时填，一行一个。"),
    )
    minutes = forms.IntegerField(
        label=_("每次用时（分钟）"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=_("查数和填写一共要多久；不填按类型估计。"),
    )
    differs = forms.CharField(
        label=_("与相近的填报项有什么不同"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, near: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not near:
            self.fields["differs"].widget = forms.HiddenInput()

    def terms(self) -> Terms:
        """What was typed, as the operation takes it."""
        data = dict(self.cleaned_data)
        options = data.pop("options")
        return Terms(options=tuple(line for line in options.splitlines() if line.strip()), **data)
