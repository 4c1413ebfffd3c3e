"""The shapes of what is typed about partners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.organisation.models import Unit
from guantong.partners.rules import LONGEST_NAME, ORGANISATIONS


class PartnerFilter(forms.Form):
    q = forms.CharField(label=_("名称"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from guantong.partners.choices import PartnerKind

        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *PartnerKind.choices]  # type: ignore[attr-defined]


class AreaField(forms.ModelChoiceField[Unit]):
    """A place of the territory, chosen from those in sight."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Unit.objects.none(), label=_("所在地"), **kwargs)


class OrganisationForm(forms.Form):
    """An organisation, an enterprise, a chamber; there is no field for a person, and none is taken."""

    kind = forms.ChoiceField(label=_("类别"), choices=[(each.value, each.label) for each in ORGANISATIONS])
    name = forms.CharField(
        label=_("登记名称"), max_length=LONGEST_NAME, help_text=_("写单位的登记名称，不写人名和电话。")
    )
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    area = AreaField()

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]


class OrganisationCorrection(OrganisationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]


class ConsentLinkForm(forms.Form):
    """Only where the person is active; about the person nothing is asked."""

    area = AreaField()

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]


class OwnDataForm(forms.Form):
    """What a person writes about themselves: two fields, no more."""

    name = forms.CharField(
        label=_("您的姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact = forms.CharField(
        label=_("电话或电子邮箱"), max_length=120, help_text=_("写一个您愿意被联系到的就可以。")
    )
