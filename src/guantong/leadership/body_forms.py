"""The shapes of what is typed about bodies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.leadership.choices import BodyKind, MemberPart
from guantong.leadership.models import Body
from guantong.leadership.operations.bodies import Terms
from guantong.organisation.models import Unit
from guantong.ui.forms import DAY

RHYTHMS = [("", _("不定期")), ("week", _("每周")), ("month", _("每月")), ("quarter", _("每季度")), ("half", _("每半年")), ("year", _("每年"))]  # fmt: skip


class BodyForm(forms.Form):
    """Kind, name, what it handles, how often it meets; unit and day only where it is set up."""

    unit = forms.ModelChoiceField(label=_("设在"), queryset=Unit.objects.none())
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=BodyKind.choices,
        help_text=_("领导小组抓大事，议事机制抓日常，办事机构抓协调。"),
    )
    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    handles = forms.CharField(
        label=_("负责的事项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一类，例如“年度工作要点审定”。"),
    )
    meets_per = forms.ChoiceField(label=_("会议频次"), choices=RHYTHMS, required=False)
    meets_count = forms.IntegerField(label=_("每期几次"), min_value=1, max_value=50, required=False)
    opened_on = forms.DateField(label=_("设立日期"), widget=DAY)

    def __init__(self, *args: Any, units: QuerySet[Unit] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units is None:
            del self.fields["unit"], self.fields["opened_on"]
        else:
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            kind=data["kind"],
            name=data["name"],
            name_en=data["name_en"],
            handles=data["handles"].splitlines(),
            meets_count=data["meets_count"] if data["meets_per"] else None,
            meets_per=data["meets_per"] if data["meets_count"] else "",
        )


def as_typed(body: Body) -> dict[str, Any]:
    """A body as its form shows it."""
    return {
        "kind": body.kind,
        "name": body.name,
        "name_en": body.name_en,
        "handles": "\n".join(body.handles),
        "meets_per": body.meets_per,
        "meets_count": body.meets_count,
    }


class MembersForm(forms.Form):
    """Who is seated, as what, since when. The offices come from a search."""

    part = forms.ChoiceField(label=_("身份"), choices=MemberPart.choices, initial=MemberPart.MEMBER)
    since = forms.DateField(label=_("任期开始"), widget=DAY)


class FirstForm(forms.Form):
    """The first responsible post: one of those who sit in the body."""

    office = forms.ModelChoiceField(label=_("岗位"), queryset=Office.objects.none())
    since = forms.DateField(label=_("起始日期"), widget=DAY)
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称或文号。"))

    def __init__(self, *args: Any, offices: QuerySet[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]


class EndForm(forms.Form):
    on = forms.DateField(label=_("日期"), widget=DAY)
