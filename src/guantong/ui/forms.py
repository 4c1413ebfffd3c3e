"""Small things forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseForm

from guantong.kernel.refusals import Refusal

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def first_error(form: BaseForm) -> str:
    """The first mistake with the name of its field, as one sentence."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}：{errors[0]}" if label else str(errors[0])
    return ""


def valid(form: BaseForm) -> dict[str, Any]:
    """The cleaned form, or its first mistake as a refusal."""
    if not form.is_valid():
        raise Refusal(first_error(form))
    return dict(form.cleaned_data)


def say_on(form: BaseForm, refusal: Refusal) -> None:
    """Show a refusal on the form that led to it, with what was typed."""
    for reason in refusal.reasons:
        form.add_error(None, reason)
