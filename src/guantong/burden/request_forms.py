"""The shapes of what people type about requests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.burden import audiences
from guantong.burden.choices import Per, Stage
from guantong.burden.models import FieldRequest
from guantong.burden.rules.requests import MOST_DUE_DAYS, Terms
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.ui.forms import DAY

TERMS = ("title", "purpose", "basis", "pillar", "per", "starts_on", "due_days", "ends_on")


class RequestFilter(forms.Form):
    q = forms.CharField(label=_("名称"), required=False, max_length=100)
    stage = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *Stage.choices])


class RequestForm(forms.Form):
    """What for, of whom, how often, until when. For an existing draft the units may be left as they are."""

    title = forms.CharField(label=_("填什么"), max_length=120, help_text=_("如：嘎查村之家基本情况。"))
    purpose = forms.CharField(
        label=_("作什么用"), max_length=300, help_text=_("填报单位会看到。没有用处的，不要下发。")
    )
    basis = forms.CharField(label=_("依据"), max_length=300, help_text=_("文件、会议或年度要点。"))
    pillar = forms.ChoiceField(label=_("对应的抓手"))
    place = forms.TypedChoiceField(label=_("哪里的单位"), coerce=int)
    kind = forms.ChoiceField(label=_("哪一类单位"))
    only = forms.CharField(
        label=_("只要其中几个"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写单位名称或代码，用顿号或换行分开；不写就是全部。"),
    )
    per = forms.ChoiceField(label=_("多久报一次"), choices=Per.choices)
    starts_on = forms.DateField(label=_("从哪天开始"), widget=DAY)
    due_days = forms.IntegerField(
        label=_("几天内报"),
        min_value=0,
        max_value=MOST_DUE_DAYS,
        initial=10,
        help_text=_("只报一次的从开始日起算，定期的从每期结束起算。"),
    )
    ends_on = forms.DateField(
        label=_("到哪天截止"), widget=DAY, help_text=_("必填。过了这一天自动停止，不再催报。")
    )

    def __init__(
        self, *args: Any, cycle: Cycle, office: Office, draft: FieldRequest | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.office, self.draft = office, draft
        self.units: list[Unit] = []
        self.places = {each.pk: each for each in audiences.places(office)}
        kinds = audiences.kinds(cycle, office)
        if draft is not None:
            kept = gettext("不变，仍是现在的 %(n)s 个单位") % {"n": draft.addressees.count()}
            kinds = [("", kept), *kinds]
            self.fields["kind"].required = False
        self._choose("pillar", [(p.id, str(p.name)) for tier in cycle.package.tiers for p in tier.pillars])
        self._choose("place", [(pk, str(each)) for pk, each in self.places.items()])
        self._choose("kind", kinds)

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        kind, place = data.get("kind"), self.places.get(data.get("place") or 0)
        if kind and place:
            today: dt.date = data.get("starts_on") or dt.date.max
            units = audiences.units_of(kind, place, by=self.office, on=today)
            self.units, unknown = audiences.only(units, data.get("only", ""))
            if unknown:
                self.add_error("only", gettext("没有找到：%(words)s。") % {"words": "、".join(unknown[:5])})
            elif not self.units:
                self.add_error("kind", gettext("那里没有这一类单位。"))
        return data

    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in TERMS})


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("纸上的编号"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
