"""The shapes of what assessors type: marks part by part, and confirmed facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.assessment.models import Mark, Side
from guantong.assessment.operations import Given
from guantong.assessment.rules import Part
from guantong.kernel.decimals import plain

LONGEST_REASON = 500


class SubjectForm(forms.Form):
    """Which indicator is marked, and of which scored office; without one, of the unit itself."""

    indicator = forms.CharField(max_length=60)
    office = forms.IntegerField(required=False)


class MarksForm(forms.Form):
    """A mark and a reason for each part of an indicator; a part left empty is left alone."""

    def __init__(
        self, parts: Sequence[Part], in_force: Mapping[str, Mark], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.parts, self.in_force = parts, in_force
        for part in parts:
            value, reason = names_of(part)
            self.fields[value] = forms.DecimalField(
                label=str(part.name),
                required=False,
                min_value=Decimal(0),
                max_value=part.scale,
                max_digits=7,
                decimal_places=2,
            )
            self.fields[reason] = forms.CharField(
                label=gettext_lazy("评分理由"), required=False, max_length=LONGEST_REASON
            )

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        if self.errors:
            return given
        for part in self.parts:
            value, reason = (given.get(each) for each in names_of(part))
            if value is not None and not reason:
                raise forms.ValidationError(_("请写明“%(part)s”的评分理由。") % {"part": part.name})
        if not any(given.get(names_of(part)[0]) is not None for part in self.parts):
            raise forms.ValidationError(_("请至少填写一项评分。"))
        return given

    @property
    def given(self) -> list[Given]:
        """The marks typed, of a valid form."""
        found = []
        for part in self.parts:
            value, reason = (self.cleaned_data[each] for each in names_of(part))
            if value is not None:
                found.append(Given(part.id, value, reason))
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the page: each part with the names of its fields and what is in force."""
        return [self._row(part) for part in self.parts]

    def _row(self, part: Part) -> dict[str, Any]:
        value, reason = names_of(part)
        mark = self.in_force.get(part.id)
        return {
            "part": part,
            "scale": plain(part.scale),
            "value_name": value,
            "reason_name": reason,
            "value": plain(mark.value) if mark else "",
            "reason": mark.reason if mark else "",
        }


def names_of(part: Part) -> tuple[str, str]:
    """The fields of a part; an indicator without parts has plain ones."""
    return (f"value-{part.id}", f"reason-{part.id}") if part.id else ("value", "reason")


class FactForm(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("类别"), choices=Side.choices)
    kind = forms.CharField(max_length=60, widget=forms.HiddenInput)
    office = forms.IntegerField(required=False)
    text = forms.CharField(label=gettext_lazy("事项"), max_length=500)
    basis = forms.CharField(
        label=gettext_lazy("依据"), help_text=gettext_lazy("文号、通报或核查记录。"), max_length=300
    )
