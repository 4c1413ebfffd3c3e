"""The shapes of what the office types about days, meetings and walk-ins."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.cases.choices import CaseKind
from guantong.organisation.models import Unit
from guantong.reception.forms import OfficeChoice
from guantong.reception.models import ReceptionDay, Slot
from guantong.reception.operations.bookings import Said
from guantong.ui.forms import DAY

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
SPANS = [
    ("year", _("全年")), ("1", _("第一季度")), ("2", _("第二季度")), ("3", _("第三季度")), ("4", _("第四季度")),
]  # fmt: skip


class LayOutForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("哪个单位的领导"), queryset=Unit.objects.none(), empty_label=None)
    span = forms.ChoiceField(label=_("排多久"), choices=SPANS)
    place = forms.CharField(label=_("接待地点"), max_length=200)
    place_en = forms.CharField(label=_("接待地点（英文）"), max_length=200, required=False)
    a_day = forms.IntegerField(
        label=_("每个接待日几位领导"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("不填就按责任清单的次数排；少于全体时轮流，每人次数最多差一次。"),
    )

    def __init__(self, *args: Any, units: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.year = year

    def days(self) -> tuple[dt.date, dt.date]:
        """First and last day of the span."""
        span = self.cleaned_data["span"]
        if span == "year":
            return dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)
        first = dt.date(self.year, 3 * int(span) - 2, 1)
        after = dt.date(self.year + (span == "4"), (3 * int(span)) % 12 + 1, 1)
        return first, after - dt.timedelta(days=1)


class DayForm(forms.Form):
    host = OfficeChoice(label=_("接待领导"), queryset=Office.objects.none(), empty_label=None)
    starts_at = forms.TimeField(label=_("开始"), widget=TIME)
    ends_at = forms.TimeField(label=_("结束"), widget=TIME)
    place = forms.CharField(label=_("地点"), max_length=200)
    place_en = forms.CharField(label=_("地点（英文）"), max_length=200, required=False)
    portfolio = forms.CharField(
        label=_("分管工作"), max_length=300, required=False, help_text=_("公开显示，方便群众选对人。")
    )
    portfolio_en = forms.CharField(label=_("分管工作（英文）"), max_length=300, required=False)

    def __init__(self, *args: Any, hosts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由（已预约的人会看到）"), max_length=300)


class StandInForm(ReasonForm):
    stand_in = OfficeChoice(
        label=_("谁代为接待"),
        queryset=Office.objects.none(),
        required=False,
        empty_label=_("不代了，本人接待"),
    )

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = offices  # type: ignore[attr-defined]


class DayChoice(forms.ModelChoiceField[ReceptionDay]):
    def label_from_instance(self, day: ReceptionDay) -> str:
        return f"{day.day} {day.host}"


class SwapForm(ReasonForm):
    other = DayChoice(label=_("和哪一天互换"), queryset=ReceptionDay.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args: Any, days: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = days  # type: ignore[attr-defined]


class MoveForm(ReasonForm):
    to = forms.DateField(label=_("改到哪天"), widget=DAY)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("补充说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("批次自动统计。不要写来访人的姓名和个人情况。"),
    )


class MeetingForm(forms.Form):
    day = forms.DateField(label=_("日期"), widget=DAY)
    time = forms.TimeField(label=_("时间"), widget=TIME)
    place = forms.CharField(label=_("地点"), max_length=200)


class ProposalForm(MeetingForm):
    reason = forms.CharField(label=_("为什么另约（预约人会看到）"), max_length=300)


class SlotChoice(forms.ModelChoiceField[Slot]):
    def label_from_instance(self, slot: Slot) -> str:
        return f"{slot.day.day} {slot.starts_at:%H:%M} · {slot.day.receiver}"


class SlotProposalForm(ReasonForm):
    slot = SlotChoice(label=_("接待日时段"), queryset=Slot.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args: Any, slots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = slots  # type: ignore[attr-defined]


class CheckInForm(forms.Form):
    came = forms.ChoiceField(choices=[("yes", _("到了")), ("no", _("未到"))])


class WalkInForm(forms.Form):
    host = OfficeChoice(label=_("谁接待的"), queryset=Office.objects.none(), empty_label=_("请选择"))
    on = forms.DateField(label=_("哪天来的"), widget=DAY)
    kind = forms.ChoiceField(label=_("哪一类事情"), choices=CaseKind.choices, initial=CaseKind.DIFFICULTY)
    wording = forms.CharField(
        label=_("反映什么"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("用来访人自己的话。"),
    )
    name = forms.CharField(label=_("怎么称呼"), max_length=50, required=False)
    contact = forms.CharField(label=_("怎么联系"), max_length=100, required=False)
    consent = forms.BooleanField(
        label=_("已告诉来访人：信息只交给接待和办理的人，办结后到期删除。"),
        error_messages={"required": _("请先告诉来访人信息怎样使用，再勾选。")},
    )
    submission_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, hosts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]
        self.initial.setdefault("submission_key", secrets.token_hex(16))

    def said(self) -> Said:
        """What was typed, as the operations take it."""
        given = self.cleaned_data
        return Said(given["name"], given["contact"], given["kind"], given["wording"])
