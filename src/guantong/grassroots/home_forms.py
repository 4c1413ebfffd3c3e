"""Forms of the register of homes: the entry, a host, a room, and the search for homes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.grassroots.choices import ContentKind, HomeKind, HostKind
from guantong.grassroots.models import Home
from guantong.grassroots.operations.rooms import MOST_PLACES
from guantong.grassroots.rules.hours import Hours, hours_of, read_day, week_of
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import DAY

WEEK = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))


class HomeForm(forms.Form):
    """What the register says. The hours of a day are one line, as they would be written on the door."""

    subkind = forms.ChoiceField(label=_("类型"), choices=[("", _("请选择")), *HomeKind.choices])
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    contents = forms.MultipleChoiceField(
        label=_("提供什么"),
        choices=ContentKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    standard = forms.CharField(
        label=_("建设标准"), max_length=200, required=False, help_text=_("执行的标准文件或等级，没有的不填。")
    )
    hours_posted = forms.BooleanField(label=_("开放时间已张贴在门口"), required=False)
    rules_posted = forms.BooleanField(label=_("管理制度已上墙"), required=False)

    def __init__(self, data: Any = None, *, home: Home) -> None:
        super().__init__(data, initial=_told(home))
        kept = home.subkind
        if kept and kept not in HomeKind.values:
            self.fields["subkind"].choices = [*self.fields["subkind"].choices, (kept, kept)]  # type: ignore[attr-defined]
        week = week_of(home.hours)
        for number, label in enumerate(WEEK, start=1):
            self.fields[f"day_{number}"] = forms.CharField(
                label=label,
                required=False,
                max_length=100,
                initial=week.get(number, ""),
                widget=forms.TextInput(attrs={"placeholder": "8:30-11:30 14:30-17:30"}),
            )

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in range(1, 8)]

    def clean(self) -> dict[str, Any]:
        found, week = super().clean() or {}, {}
        for number in range(1, 8):
            try:
                week[number] = read_day(found.pop(f"day_{number}", "") or "")
            except Refusal as refusal:
                self.add_error(f"day_{number}", refusal.reasons[0])
        found["hours"] = _kept(week)
        return found


def _kept(week: dict[int, Any]) -> Hours:
    return hours_of({day: spans for day, spans in week.items() if spans})


def _told(home: Home) -> dict[str, Any]:
    names = ("subkind", "address", "contents", "standard", "hours_posted", "rules_posted")
    return {name: getattr(home, name) for name in names}


class HostForm(forms.Form):
    """A host by its kind; which unit or organisation it is, where that is registered."""

    kind = forms.ChoiceField(label=_("主办方类型"), choices=HostKind.choices)
    who = forms.ChoiceField(
        label=_("哪个单位"), required=False, help_text=_("名单里没有的，只选类型即可。不登记个人。")
    )
    starts_on = forms.DateField(label=_("从哪天起"), widget=DAY)

    def __init__(self, *args: Any, hosts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [("", _("不指明")), *hosts]  # type: ignore[attr-defined]


class RoomForm(forms.Form):
    name = forms.CharField(label=_("房间名称"), max_length=100, help_text=_("如：二楼议事室。"))
    places = forms.IntegerField(
        label=_("座位数"), min_value=1, max_value=MOST_PLACES, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )  # fmt: skip


class HomeFilter(forms.Form):
    q = forms.CharField(label=_("名称"), required=False)
    subkind = forms.ChoiceField(label=_("类型"), required=False, choices=[("", _("全部")), *HomeKind.choices])
    content = forms.ChoiceField(
        label=_("提供什么"), required=False, choices=[("", _("全部")), *ContentKind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("open", _("现在开放")), ("idle", _("近 90 天没有活动"))],
    )
