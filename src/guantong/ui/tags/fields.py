"""Form fields with label, help and errors."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect

from guantong.ui.tags.registry import register


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, short: bool = False, optional: bool = True) -> dict[str, Any]:
    widget = bound.field.widget
    kind = "check" if isinstance(widget, CheckboxInput) else ""
    if isinstance(widget, (CheckboxSelectMultiple, RadioSelect)):
        kind = "choices"
    return {"field": bound, "kind": kind, "short": short, "optional": optional}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    return {"form": form}


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    return {"form": form}
