"""Everything held about one subject, found through the sealed fields of every room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from guantong.privacy.fields import sealed_fields
from guantong.privacy.models import Subject
from guantong.privacy.operations import link_digest


@dataclass(frozen=True, slots=True)
class Held:
    """One sealed value: what it is called, the value, and where it stands."""

    label: str
    value: str
    row: models.Model
    field: str


def held_about(subject: Subject) -> Iterator[Held]:
    """Every personal value of the subject."""
    for model in apps.get_models():
        for field in sealed_fields(model):
            for row in model._default_manager.filter(**{field.subject: subject}).order_by("pk"):
                value = getattr(row, field.attname)
                if value:
                    yield Held(str(field.verbose_name), str(value), row, field.name)


def subject_by_link(code: str) -> Subject | None:
    """The subject whose current link carries the code."""
    return Subject.objects.filter(link_digest=link_digest(code), erased_at__isnull=True).first()
