"""The shapes of what anybody types: a name, a contact, what it is about. Nothing else is asked."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.cases.choices import CaseKind, Channel
from guantong.cases.forms.public import KINDS
from guantong.organisation.models import Unit
from guantong.reception.operations.bookings import Said

CHANNELS = [(each.value, each.label) for each in (Channel.WEB, Channel.PHONE, Channel.WINDOW)]


class BookingForm(forms.Form):
    """``at_desk``: somebody at the window or on the telephone types for the applicant."""

    kind = forms.ChoiceField(
        label=_("哪一类事情"),
        choices=KINDS,
        initial=CaseKind.DIFFICULTY,
        widget=forms.RadioSelect,
    )
    wording = forms.CharField(
        label=_("想反映什么"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("说清楚什么事、在哪里、希望怎样解决。见面前工作人员会先办，能解决的不用您再跑。"),
    )
    against = forms.ModelChoiceField(
        label=_("投诉哪个单位"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("不是投诉，或者说不准"),
        help_text=_("您的投诉不会交给这个单位，也不会让它看到。"),
    )
    name = forms.CharField(
        label=_("怎么称呼您"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("不查证件，写“李女士”也可以。"),
    )
    contact = forms.CharField(
        label=_("怎么联系您"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("电话或邮箱，只用来通知时间变化。"),
    )
    channel = forms.ChoiceField(label=_("来源"), choices=CHANNELS, initial=Channel.PHONE)
    consent = forms.BooleanField(
        label=_("我知道以上信息只交给接待和办理这件事的人，办结后到期删除。"),
        error_messages={"required": _("请勾选，表示您知道信息怎样使用。")},
    )
    submission_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    field_order = ["host", "kind", "wording", "against", "name", "contact", "channel", "consent"]

    def __init__(self, *args: Any, units: QuerySet[Unit], at_desk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["against"].queryset = units  # type: ignore[attr-defined]
        if not at_desk:
            del self.fields["channel"]
        self.initial.setdefault("submission_key", secrets.token_hex(16))

    def said(self) -> Said:
        """What was typed, as the operations take it."""
        given = self.cleaned_data
        return Said(
            name=given["name"],
            contact=given["contact"],
            kind=given["kind"],
            wording=given["wording"],
            channel=given.get("channel", Channel.WEB),
            against=given["against"],
        )


class OfficeChoice(forms.ModelChoiceField[Office]):
    """Offices by their own title and unit."""

    def label_from_instance(self, office: Office) -> str:
        return f"{office} · {office.unit}"


class AppointmentForm(BookingForm):
    host = OfficeChoice(label=_("想见哪位领导"), queryset=Office.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args: Any, hosts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]
