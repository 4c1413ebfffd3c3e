"""Forms for demands: what people ask for, and each move of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.cases.forms.public import CONTACT, KINDS, NAME
from guantong.grassroots.demand_chain import MOVES
from guantong.grassroots.models import Home
from guantong.grassroots.operations.demand_acts import MOST_ANSWER, MOST_NOTE, MOST_WORDS
from guantong.organisation.models import Unit
from guantong.ui.forms import DAY

NO_NAMES = _("只写什么事，不写是谁：不写姓名、电话、证件号码和家庭情况。")


class PlaceField(forms.ModelChoiceField[Unit]):
    def label_from_instance(self, obj: Unit) -> str:
        return str(obj)


class DemandForm(forms.Form):
    wording = forms.CharField(
        label=_("群众要什么"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4}), help_text=NO_NAMES
    )  # fmt: skip
    unit = PlaceField(label=_("哪里的事"), queryset=Unit.objects.none(), empty_label=None)
    home = forms.ModelChoiceField(
        label=_("在哪个之家听到的"), queryset=Home.objects.none(), required=False, empty_label=_("不在之家")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], homes: QuerySet[Home], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["home"].queryset = homes  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """For moves that say why; which label, and whether it must be written, stands in the table of moves."""

    note = forms.CharField(max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES)

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = MOVES[verb].note
        self.fields["note"].required = MOVES[verb].note_needed


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("怎样答复"), max_length=MOST_ANSWER, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明办成了什么、办不成的为什么。不写姓名和电话。"),
    )  # fmt: skip


class ToldForm(forms.Form):
    told_on = forms.DateField(label=_("哪一天告诉的"), widget=DAY)


class CaseOfDemandForm(forms.Form):
    """What is personal goes into the case, where it is sealed."""

    kind = forms.ChoiceField(label=_("哪一类"), choices=KINDS[:3], widget=forms.RadioSelect)
    wording = forms.CharField(
        label=_("本人的话"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("加密保存，只有办理的岗位看得到。"),
    )  # fmt: skip
    name = forms.CharField(label=_("怎么称呼"), max_length=100, required=False, widget=NAME)
    contact = forms.CharField(label=_("怎么联系"), max_length=200, required=False, widget=CONTACT)
    anonymous = forms.BooleanField(label=_("不留称呼和联系方式（咨询、意见建议可以这样）"), required=False)
    agreed = forms.BooleanField(
        label=_("本人知道并同意转为诉求件"), error_messages={"required": _("请先问过本人。")}
    )
