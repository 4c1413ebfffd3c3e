"""Small things forms share."""

from __future__ import annotations

from django.forms import BaseForm


def first_error(form: BaseForm) -> str:
    """The first mistake with the name of its field, as one sentence."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}：{errors[0]}" if label else str(errors[0])
    return ""
