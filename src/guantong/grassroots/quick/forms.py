"""What is asked for each kind: one choice or one sentence, the rest is filled in."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.grassroots.choices import ContentKind
from guantong.grassroots.operations.services import MOST_PEOPLE
from guantong.grassroots.quick.kinds import WORK, QuickKind
from guantong.grassroots.quick.offered import Offer

CHOOSE = forms.RadioSelect
NUMBER = forms.NumberInput(attrs={"inputmode": "numeric"})
WORDS = forms.Textarea(attrs={"rows": 3, "autofocus": True})
NO_NAMES = gettext_lazy("不写群众的姓名、电话和家庭情况。")


class QuickForm(forms.Form):
    """The hidden part of every kind: the key it is stored once under, who typed it, for which office, of which kind."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    who = forms.IntegerField(widget=forms.HiddenInput)
    office = forms.IntegerField(widget=forms.HiddenInput)
    whose = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.CharField(widget=forms.HiddenInput)
    happened_on = forms.DateField(label=gettext_lazy("哪一天"))
    main: tuple[str, ...] = ()
    more: tuple[str, ...] = ("happened_on",)

    def __init__(self, typed: Any = None, *, offer: Offer, what: QuickKind) -> None:
        acting = offer.acting
        initial = {
            "key": secrets.token_urlsafe(16),
            "who": acting.person_ref,
            "office": acting.office_ref,
            "whose": offer.office.pk,
            "kind": what.value,
            "happened_on": offer.today,
        }
        super().__init__(typed, initial=initial, auto_id=f"{what.value}_%s")
        self.fields["happened_on"].widget = forms.DateInput(
            attrs={"type": "date", "max": offer.today.isoformat(), "data-known": True}, format="%Y-%m-%d"
        )
        self.offer, self.what = offer, what
        self.offer_choices(offer)

    def offer_choices(self, offer: Offer) -> None:
        """Fill in the lists to choose from."""

    def choose(self, name: str, rows: list[Any]) -> None:
        """Offer rows by their number; the first is chosen where there is no other."""
        field = self.fields[name]
        field.choices = [(str(each.pk), str(each)) for each in rows]  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.initial[name] = str(rows[0].pk)

    def chosen(self, name: str, rows: list[Any]) -> Any:
        """The row that was chosen."""
        return next((each for each in rows if str(each.pk) == self.cleaned_data[name]), None)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.main if name in self.fields]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more if name in self.fields]

    @property
    def filled_in(self) -> str:
        """What stands in the closed part, in words."""
        return " · ".join([_("今天"), str(self.offer.office.unit)])


class ServiceForm(QuickForm):
    item = forms.ChoiceField(label=gettext_lazy("做了什么"), widget=CHOOSE)
    people = forms.IntegerField(
        label=gettext_lazy("几个人"), min_value=1, max_value=MOST_PEOPLE, initial=1, widget=NUMBER,
        help_text=gettext_lazy("只记人数，不记是谁。"),
    )  # fmt: skip
    villages = forms.MultipleChoiceField(
        label=gettext_lazy("在哪里"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一次可以选几个地方，只记一条。"),
        error_messages={"required": gettext_lazy("请选择在哪个嘎查村社区。")},
    )  # fmt: skip
    main: tuple[str, ...] = ("item",)
    more: tuple[str, ...] = ("happened_on", "people", "villages")

    def offer_choices(self, offer: Offer) -> None:
        self.choose("item", offer.items)
        own = [str(each.pk) for each in offer.villages if each.pk == offer.office.unit_id]
        self.fields["villages"].choices = [(str(each.pk), str(each)) for each in offer.villages]  # type: ignore[attr-defined]
        self.fields["people"].initial = 1
        self.initial["villages"] = own or ([str(offer.villages[0].pk)] if len(offer.villages) == 1 else [])
        if not self.initial["villages"]:
            self.main, self.more = ("item", "villages"), ("happened_on", "people")


class DemandForm(QuickForm):
    wording = forms.CharField(
        label=gettext_lazy("群众要什么"), max_length=500, widget=WORDS, help_text=NO_NAMES
    )
    unit = forms.ChoiceField(label=gettext_lazy("哪里的"))
    main: tuple[str, ...] = ("wording",)
    more: tuple[str, ...] = ("unit",)

    def offer_choices(self, offer: Offer) -> None:
        del self.fields["happened_on"]
        self.choose("unit", offer.places)
        if offer.places and offer.places[0].pk == offer.office.unit_id:
            self.initial["unit"] = str(offer.places[0].pk)

    @property
    def filled_in(self) -> str:
        return str(self.offer.office.unit)


class ActivityForm(QuickForm):
    content = forms.ChoiceField(label=gettext_lazy("什么活动"), widget=CHOOSE, choices=ContentKind.choices)
    home = forms.ChoiceField(label=gettext_lazy("在哪个之家"))
    title = forms.CharField(
        label=gettext_lazy("活动名称"), required=False, max_length=200,
        help_text=gettext_lazy("可不填，按活动内容记。"),
    )  # fmt: skip
    signed_in = forms.IntegerField(
        label=gettext_lazy("到场人数"), required=False, min_value=0, max_value=MOST_PEOPLE, widget=NUMBER,
        help_text=gettext_lazy("可不填，记作“未统计”。"),
    )  # fmt: skip
    main: tuple[str, ...] = ("content",)
    more: tuple[str, ...] = ("home", "signed_in", "title", "happened_on")

    def offer_choices(self, offer: Offer) -> None:
        self.choose("home", offer.homes)
        own = [each for each in offer.homes if each.unit_id == offer.office.unit_id] or offer.homes[:1]
        if own:
            self.initial["home"] = str(own[0].pk)

    @property
    def filled_in(self) -> str:
        home = next((str(each) for each in self.offer.homes if str(each.pk) == self.initial.get("home")), "")
        return " · ".join([_("今天"), home])

    def clean_title(self) -> str:
        content = self.cleaned_data.get("content")
        said = str(self.cleaned_data["title"]).strip()
        return said or (str(ContentKind(content).label) if content else "")


class WorkForm(QuickForm):
    said = forms.ChoiceField(label=gettext_lazy("和上次一样"), required=False, widget=CHOOSE)
    summary = forms.CharField(
        label=gettext_lazy("做了什么"), required=False, max_length=2000, widget=WORDS,
        help_text=gettext_lazy("一两句话写清做了什么、有什么结果。不要写入个人信息。"),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("地点"), required=False, max_length=200)
    main: tuple[str, ...] = ("summary", "said")
    more: tuple[str, ...] = ("happened_on", "place")

    def offer_choices(self, offer: Offer) -> None:
        before = offer.said(WORK[self.what]) if not offer.on_paper else []
        if before:
            self.fields["said"].choices = [(text, text) for text in before]  # type: ignore[attr-defined]
        else:
            del self.fields["said"]
        self.initial["place"] = offer.office.unit.name

    def clean(self) -> None:
        words = self.cleaned_data.get("summary", "").strip() or self.cleaned_data.get("said", "")
        if not words and "summary" not in self.errors and "said" not in self.errors:
            self.add_error("summary", _("请写明做了什么。"))
        self.cleaned_data["summary"] = words


class NothingNewForm(QuickForm):
    obligation = forms.ChoiceField(label=gettext_lazy("哪一项没有变化"), widget=CHOOSE)
    main: tuple[str, ...] = ("obligation",)
    more: tuple[str, ...] = ()

    def offer_choices(self, offer: Offer) -> None:
        del self.fields["happened_on"]
        rows = offer.unchanged
        self.fields["obligation"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), _("%(duty)s（%(due)s 到期）") % {"duty": each, "due": each.due_on or "—"})
            for each in rows
        ]
        if len(rows) == 1:
            self.initial["obligation"] = str(rows[0].pk)


FORMS: dict[str, type[QuickForm]] = {
    QuickKind.SERVICE: ServiceForm,
    QuickKind.DEMAND: DemandForm,
    QuickKind.ACTIVITY: ActivityForm,
    QuickKind.NOTHING_NEW: NothingNewForm,
}


def form_for(kind: QuickKind, offer: Offer, typed: Any = None) -> QuickForm:
    return FORMS.get(kind, WorkForm)(typed, offer=offer, what=kind)


def day_of(form: QuickForm) -> dt.date:
    return form.cleaned_data.get("happened_on") or form.offer.today
