"""What anybody types. Nothing that proves who somebody is, is asked."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.cases.choices import CaseKind, Channel
from guantong.organisation.models import Unit
from guantong.ui.forms import DAY

AREA = forms.Textarea(attrs={"rows": 6})
FEW_LINES = forms.Textarea(attrs={"rows": 3})
KINDS = [
    (CaseKind.DIFFICULTY, _("困难求助：有事需要解决")),
    (CaseKind.QUESTION, _("咨询：想问清楚一件事")),
    (CaseKind.SUGGESTION, _("意见建议")),
    (CaseKind.COMPLAINT, _("投诉：对某个单位的办事不满意")),
]
DESK = [(each.value, each.label) for each in (Channel.WINDOW, Channel.PHONE, Channel.HOME, Channel.VISIT)]
NAME = forms.TextInput(attrs={"autocomplete": "name"})
CONTACT = forms.TextInput(attrs={"autocomplete": "tel"})


class FilingForm(forms.Form):
    """A demand. ``at_desk``: somebody at the window or on the telephone types for the applicant."""

    kind = forms.ChoiceField(label=_("哪一类"), choices=KINDS, widget=forms.RadioSelect)
    wording = forms.CharField(
        label=_("要反映什么"), max_length=4000, widget=AREA,
        help_text=_("写清什么事、在哪里、什么时候、希望怎样解决。不要写身份证号、住址门牌等与办理无关的个人情况。"),
    )  # fmt: skip
    against = forms.ModelChoiceField(
        label=_("投诉哪个单位"), queryset=Unit.objects.none(), required=False, empty_label=_("不是投诉，或者说不准"),
        help_text=_("您的投诉不会交给这个单位，也不会让它看到。"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("怎么称呼您"), max_length=100, required=False, widget=NAME,
        help_text=_("例如“王先生”，不查身份证件。"),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("怎么联系您"), max_length=200, required=False, widget=CONTACT,
        help_text=_("电话或邮箱，核实情况和回访时用。不留也可以凭查询码看答复。"),
    )  # fmt: skip
    anonymous = forms.BooleanField(label=_("不留称呼和联系方式（咨询、意见建议可以这样）"), required=False)
    channel = forms.ChoiceField(label=_("从哪里来"), choices=DESK)
    received_on = forms.DateField(label=_("收到日期"), required=False, widget=DAY)
    title = forms.CharField(
        label=_("标题"), max_length=200, required=False, help_text=_("只写什么事，不写是谁。受理时还可以改。")
    )
    submission_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    field_order = (
        "channel", "received_on", "kind", "wording", "against", "title", "name", "contact", "anonymous",
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Unit], at_desk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["against"].queryset = units  # type: ignore[attr-defined]
        if not at_desk:
            for name in ("channel", "received_on", "title"):
                del self.fields[name]
        self.initial.setdefault("submission_key", secrets.token_hex(16))


class CodeForm(forms.Form):
    code = forms.CharField(label=_("查询码"), max_length=30)


class WordsForm(forms.Form):
    wording = forms.CharField(label=_("要补充的内容"), max_length=4000, widget=FEW_LINES)


class ContactForm(forms.Form):
    name = forms.CharField(label=_("怎么称呼您"), max_length=100, required=False, widget=NAME)
    contact = forms.CharField(label=_("怎么联系您"), max_length=200, required=False, widget=CONTACT)


class RatingForm(forms.Form):
    solved = forms.TypedChoiceField(
        label=_("事情解决了吗"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("解决了，可以办结")), ("no", _("没有解决，请继续办"))],
    )  # fmt: skip
    stars = forms.TypedChoiceField(
        label=_("给办理打几分（2 分及以下会重新办理）"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("5 分 很满意")), (4, _("4 分 满意")), (3, _("3 分 一般")), (2, _("2 分 不满意")), (1, _("1 分 很不满意"))],
    )  # fmt: skip
    wording = forms.CharField(label=_("想说的话"), max_length=2000, required=False, widget=FEW_LINES)


class ReviewRequestForm(forms.Form):
    wording = forms.CharField(label=_("为什么不同意"), max_length=4000, widget=FEW_LINES)
