"""Forms for services given and for the catalogue."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.grassroots.models import Home, ServiceItem
from guantong.grassroots.operations.catalogue import MOST_MINUTES
from guantong.grassroots.operations.services import MOST_PEOPLE
from guantong.organisation.models import Unit
from guantong.ui.forms import DAY

NUMBER = forms.NumberInput(attrs={"inputmode": "numeric"})
STARS = [
    ("", _("没有问，或者不愿说")), ("5", _("5 分 很满意")), ("4", _("4 分 满意")), ("3", _("3 分 一般")),
    ("2", _("2 分 不满意")), ("1", _("1 分 很不满意")),
]  # fmt: skip


class ServiceForm(forms.Form):
    """What, where, for how many. The rest may be left as it is."""

    item = forms.ModelChoiceField(
        label=_("做了什么"), queryset=ServiceItem.objects.none(), empty_label=_("请选择")
    )
    villages = forms.ModelMultipleChoiceField(
        label=_("在哪里"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择在哪个嘎查村社区。")},
    )  # fmt: skip
    people = forms.IntegerField(
        label=_("几个人"), min_value=1, max_value=MOST_PEOPLE, initial=1, widget=NUMBER,
        help_text=_("只记人数，不记是谁。"),
    )  # fmt: skip
    happened_on = forms.DateField(label=_("哪一天"), widget=DAY)
    summary = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("可以不填。不写群众的姓名、电话和家庭情况。"),
    )  # fmt: skip
    stars = forms.TypedChoiceField(
        label=_("群众满意吗"), required=False, choices=STARS, coerce=int, empty_value=None,
        help_text=_("可以不填。只记分数，不记是谁说的。"),
    )  # fmt: skip
    home = forms.ModelChoiceField(
        label=_("在哪个之家"), queryset=Home.objects.none(), required=False, empty_label=_("不在之家")
    )
    submission_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, items: QuerySet[ServiceItem], villages: QuerySet[Unit], homes: QuerySet[Home], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["villages"].queryset = villages  # type: ignore[attr-defined]
        self.fields["home"].queryset = homes  # type: ignore[attr-defined]
        self.initial.setdefault("submission_key", secrets.token_urlsafe(16))
        only = list(villages[:2])
        if len(only) == 1:
            self.initial.setdefault("villages", only)


class ItemForm(forms.Form):
    name = forms.CharField(label=_("服务"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    minutes = forms.IntegerField(
        label=_("每次大约几分钟"), min_value=1, max_value=MOST_MINUTES, initial=10, widget=NUMBER
    )
