"""The shapes of what is typed about paired contact, made for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.cases.choices import CaseKind
from guantong.leadership.choices import ContactMode
from guantong.leadership.operations.contact_notes import Demand
from guantong.ui.forms import DAY

DEMANDS = (1, 2, 3)
NO_NAMES = _("一两句话写清谈了什么、有什么结果。不写个人情况。")
OVERDUE, ENDED = "overdue", "ended"
STATES = [("", _("正在联系")), (OVERDUE, _("联系逾期")), (ENDED, _("已结束"))]


class PairingFilter(forms.Form):
    q = forms.CharField(label=_("岗位或对象"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)
    mechanism = forms.ChoiceField(label=_("机制"), required=False)

    def __init__(self, *args: Any, mechanisms: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mechanism"].choices = [("", _("全部")), *mechanisms]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, help_text=_("只写工作原因，不写个人情况。"))


class HandoverForm(ReasonForm):
    to = forms.ModelChoiceField(label=_("移交给"), queryset=Office.objects.none())

    field_order = ("to", "reason")

    def __init__(self, *args: Any, offices: Sequence[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Office.objects.filter(pk__in=[each.pk for each in offices])  # type: ignore[attr-defined]


class _ForAnOffice(forms.Form):
    """The coordinating office says which office goes; everybody else goes themselves."""

    office = forms.ModelChoiceField(label=_("由谁去"), queryset=Office.objects.none())

    def __init__(self, *args: Any, offices: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offices is None:
            del self.fields["office"]
        else:
            self.fields["office"].queryset = offices  # type: ignore[attr-defined]


class PlanForm(_ForAnOffice):
    """How – a visit of one's own, a call, or along with somebody's visit –, when and what for."""

    how = forms.ChoiceField(label=_("怎样联系"), widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("日期"), widget=DAY, required=False, help_text=_("一起去的，按那次走访的日期，不用填。")
    )
    purpose = forms.CharField(label=_("为什么事"), max_length=200, help_text=_("写工作内容，不写个人情况。"))
    over_cap_reason = forms.CharField(
        label=_("对方主动要求的情况"), max_length=300, required=False, help_text=_("次数已满时才填。")
    )

    field_order = ("how", "day", "purpose", "office", "over_cap_reason")

    def __init__(
        self, *args: Any, ways: Sequence[tuple[str, Any]], over_cap: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = ways  # type: ignore[attr-defined]
        if all(way in ContactMode.values for way, _label in ways):  # nobody's visit to go along with
            self.fields["day"].required = True
            self.fields["day"].help_text = ""
        if not over_cap:
            del self.fields["over_cap_reason"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("how") in ContactMode.values and not given.get("day"):
            self.add_error("day", _("请选择日期。"))
        return given


class NoteForm(forms.Form):
    """What took place, once; and what the partner asked for, in its own words."""

    day = forms.DateField(label=_("哪天联系的"), widget=DAY)
    summary = forms.CharField(
        label=_("谈了什么"), help_text=NO_NAMES, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    place = forms.CharField(label=_("地点"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in DEMANDS:
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("诉求类别"), required=False, choices=[("", _("没有")), *CaseKind.choices]
            )
            self.fields[f"wording_{number}"] = forms.CharField(
                label=_("对方的原话"),
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for number in DEMANDS:
            kind, wording = given.get(f"kind_{number}"), given.get(f"wording_{number}")
            if kind and not wording:
                self.add_error(f"wording_{number}", _("请写下对方提出的内容。"))
            if wording and not kind:
                self.add_error(f"kind_{number}", _("请选择诉求类别。"))
        return given

    @property
    def demands(self) -> list[Demand]:
        given = self.cleaned_data
        return [
            Demand(given[f"kind_{number}"], given[f"wording_{number}"])
            for number in DEMANDS
            if given[f"wording_{number}"]
        ]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith(("kind_", "wording_"))]

    @property
    def demand_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"kind_{number}"], self[f"wording_{number}"]) for number in DEMANDS]

    @property
    def asks_for_more(self) -> bool:
        """Whether a demand was begun, so that its fields stay open after a mistake."""
        return any(self[f"wording_{n}"].value() or self[f"kind_{n}"].value() for n in DEMANDS)


class DoneForm(NoteForm, _ForAnOffice):
    """A contact that nobody had planned, written down afterwards."""

    mode = forms.ChoiceField(
        label=_("怎样联系的"),
        widget=forms.RadioSelect,
        choices=[
            (ContactMode.PHONE.value, ContactMode.PHONE.label),
            (ContactMode.VISIT.value, ContactMode.VISIT.label),
        ],
    )
    purpose = forms.CharField(label=_("为什么事"), max_length=200)
    over_cap_reason = forms.CharField(
        label=_("为什么没有并入别的走访或改用电话"),
        max_length=300,
        required=False,
        help_text=_("走访次数已满时才填。"),
    )

    field_order = ("mode", "day", "purpose", "summary", "place", "office", "over_cap_reason")

    def __init__(self, *args: Any, over_cap: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not over_cap:
            del self.fields["over_cap_reason"]
