"""Forms of tokens and of the addresses that are told of changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.accounts.queries import Seat
from guantong.api.choices import LONGEST, OFFERED, EventKind
from guantong.api.operations.tokens import offered_to
from guantong.ui.forms import DAY


class TokenForm(forms.Form):
    """For which office, which program, what, until when."""

    office = forms.TypedChoiceField(label=_("为哪个职务"), coerce=int, choices=[])
    name = forms.CharField(
        label=_("给哪个程序用"), max_length=60, help_text=_("以后凭它认出这个令牌，例如“数据汇总程序”。")
    )
    functions = forms.MultipleChoiceField(
        label=_("能做什么"), required=False, choices=[], widget=forms.CheckboxSelectMultiple,
        help_text=_("只给需要的。不会超过您当天担任这个职务的权限。"),
    )  # fmt: skip
    read_only = forms.BooleanField(label=_("只能读取，不能提交"), required=False, initial=True)
    expires_on = forms.DateField(label=_("有效期至"), widget=DAY, help_text=_("最长一年。"))

    def __init__(self, *args: Any, seats: list[Seat], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = [(each.office.pk, str(each.office)) for each in seats]
        self.fields["office"].choices = offices  # type: ignore[attr-defined]
        held = {name for each in seats for name in offered_to(each.office)}
        self.fields["functions"].choices = [(name, OFFERED[name]) for name in OFFERED if name in held]  # type: ignore[attr-defined]
        self.initial.setdefault("functions", ["business.read"] if "business.read" in held else [])
        self.initial.setdefault("expires_on", today + dt.timedelta(days=90))
        self.fields["expires_on"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + LONGEST).isoformat(),
        }


class WebhookForm(forms.Form):
    """Where to, of what."""

    name = forms.CharField(label=_("名称"), max_length=60)
    address = forms.CharField(
        label=_("通知地址"),
        max_length=200,
        help_text=_("以 https:// 开头。内网主机要先列入 GUANTONG_INNER_HOSTS。"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("哪些变化"),
        choices=[each for each in EventKind.choices if each[0] != "test"],
        widget=forms.CheckboxSelectMultiple,
    )
