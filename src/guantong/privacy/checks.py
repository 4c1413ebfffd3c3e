"""Start-up refuses a model field nobody classed, a personal field that is not sealed, and forbidden names."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.core.checks import Error, register
from django.db import models

from guantong.kernel.privacy import NEVER_FIELDS, Privacy
from guantong.privacy.fields import SealedText


def own_models() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith("guantong."))


@register("privacy")
def every_field_has_a_class(app_configs: object, **kwargs: object) -> list[Error]:
    errors = []
    for model in own_models():
        declared = getattr(model, "privacy", None)
        names = {field.name for field in model._meta.concrete_fields}
        known = set(declared.classes) if isinstance(declared, Privacy) else set()
        for name in sorted(names ^ known):
            errors.append(_error(f"{model._meta.label}.{name} has no privacy class, or is no field.", "E010"))
    return errors


@register("privacy")
def personal_fields_are_sealed(app_configs: object, **kwargs: object) -> list[Error]:
    return [
        _error(f"{model._meta.label}.{field.name} is personal exactly if it is sealed.", "E011")
        for model in own_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedText) != (_class_of(model, field.name) == "personal")
    ]


@register("privacy")
def no_field_about_private_life(app_configs: object, **kwargs: object) -> list[Error]:
    return [
        _error(f"{model._meta.label}.{field.name}: no field may keep this about a person.", "E012")
        for model in own_models()
        for field in model._meta.concrete_fields
        if NEVER_FIELDS & {*field.name.split("_"), field.name}
    ]


def _class_of(model: type[models.Model], field: str) -> str | None:
    declared = getattr(model, "privacy", None)
    return declared.class_of(field) if isinstance(declared, Privacy) else None


def _error(text: str, number: str) -> Error:
    return Error(text, id=f"guantong.{number}")
