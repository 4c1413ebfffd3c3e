"""Forms of activities and of the use of rooms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.grassroots.choices import ContentKind, HostKind, ResultKind
from guantong.grassroots.models import Room
from guantong.grassroots.rules.activities import MOST_PEOPLE
from guantong.ui.forms import DAY

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
NUMBER = forms.NumberInput(attrs={"inputmode": "numeric"})


def _people(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_PEOPLE, widget=NUMBER, help_text=help_text
    )


def _kinds(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class PlanForm(forms.Form):
    """Plan an activity. Kind, name and day are enough."""

    content = forms.ChoiceField(label=_("活动内容"), choices=ContentKind.choices)
    title = forms.CharField(label=_("活动名称"), max_length=200)
    day = forms.DateField(label=_("日期"), widget=DAY)
    starts_at = forms.TimeField(label=_("开始"), required=False, widget=TIME)
    ends_at = forms.TimeField(label=_("结束"), required=False, widget=TIME)
    room = forms.ModelChoiceField(
        label=_("房间"),
        queryset=Room.objects.none(),
        required=False,
        empty_label=_("不用房间"),
        help_text=_("选了房间就同时订好，不用再订。"),
    )
    capacity = forms.IntegerField(
        label=_("名额"), required=False, min_value=1, max_value=MOST_PEOPLE, widget=NUMBER,
        help_text=_("不限人数的不填。"),
    )  # fmt: skip
    host_kinds = _kinds(_("主办方"), HostKind.choices)

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]


class HeldForm(forms.Form):
    """How it went."""

    signed_in = _people(_("到场人数"), _("签到表上的总人数。没有统计的不填。"))
    results = _kinds(_("有什么成效"), ResultKind.choices)
    host_kinds = _kinds(_("主办方"), HostKind.choices)


class RecordForm(forms.Form):
    """An activity that was held without having been planned here."""

    content = forms.ChoiceField(label=_("活动内容"), choices=ContentKind.choices)
    title = forms.CharField(label=_("活动名称"), max_length=200)
    day = forms.DateField(label=_("日期"), widget=DAY)
    signed_in = _people(_("到场人数"), _("没有统计的不填。"))
    results = _kinds(_("有什么成效"), ResultKind.choices)
    host_kinds = _kinds(_("主办方"), HostKind.choices)


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("取消的原因"), max_length=200, help_text=_("会显示在活动的公开页面上。"))


class BookingForm(forms.Form):
    day = forms.DateField(label=_("日期"), widget=DAY)
    starts_at = forms.TimeField(label=_("开始"), widget=TIME)
    ends_at = forms.TimeField(label=_("结束"), widget=TIME)
    purpose = forms.CharField(label=_("用途"), max_length=200)


class IdleForm(forms.Form):
    """When a room is wanted."""

    day = forms.DateField(label=_("日期"), widget=DAY)
    starts_at = forms.TimeField(label=_("开始"), widget=TIME)
    ends_at = forms.TimeField(label=_("结束"), widget=TIME)
    places = forms.IntegerField(label=_("至少几个座位"), required=False, min_value=1, widget=NUMBER)
