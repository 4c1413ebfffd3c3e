"""The form of a request, made from its fields: known values stand in it, and each may say that there is no data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.burden.choices import FieldKind
from guantong.burden.models import Field, RequestField
from guantong.burden.operations.answers import NO_DATA
from guantong.burden.queries.known import Known
from guantong.burden.rules.values import WrongValueError, read_value
from guantong.ui.forms import DAY

MODES = {FieldKind.WHOLE: "numeric", FieldKind.DECIMAL: "decimal"}


class AnswerForm(forms.Form):
    """``given`` is what `operations.answers` takes."""

    submission_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, asked: Sequence[RequestField], known: Mapping[int, Known], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.known = [each.field for each in asked], known
        for field in self.asked:
            self.fields[f"f{field.pk}"] = _input(field, known.get(field.pk))
            self.fields[f"n{field.pk}"] = forms.BooleanField(label=_("暂无数据"), required=False)

    def pairs(self) -> list[tuple[Any, Any, Known | None]]:
        """(value, no data, what is known) for each field, for the page."""
        return [(self[f"f{each.pk}"], self[f"n{each.pk}"], self.known.get(each.pk)) for each in self.asked]

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        self.given: dict[int, str | None] = {}
        for field in self.asked:
            if data.get(f"n{field.pk}"):
                self.given[field.pk] = NO_DATA
                continue
            typed = data.get(f"f{field.pk}") or ""
            try:
                self.given[field.pk] = read_value(field, typed)
            except WrongValueError as error:
                self.add_error(f"f{field.pk}", str(error))
        return data


def _input(field: Field, known: Known | None) -> forms.Field:
    """The control of a field. What is wrong with a value is said by `rules.values`, not by the control."""
    label = f"{field}（{field.measure}）" if field.measure else str(field)
    common: dict[str, Any] = {"label": label, "required": False, "help_text": field.meaning}
    if known is not None:
        common["initial"] = known.value
    said = {"data-known": ""} if known is not None else {}
    if field.kind == FieldKind.CHOICE:
        choices = [(each, each) for each in field.options]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if field.kind == FieldKind.TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2, **said}), **common)
    if field.kind == FieldKind.DATE:
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date", **said}), **common)
    attributes = {"inputmode": MODES[FieldKind(field.kind)], "autocomplete": "off", **said}
    return forms.CharField(widget=forms.TextInput(attrs=attributes), max_length=40, **common)


class PaperForm(AnswerForm):
    """The same with the day that stands on the paper."""

    answered_on = forms.DateField(label=gettext_lazy("纸上的填写日期"), widget=DAY)

    def day(self) -> dt.date:
        found: dt.date = self.cleaned_data["answered_on"]
        return found
