"""Reading the log."""

from __future__ import annotations

from django.db import models

from guantong.audit.models import AuditEntry


def history_of(target: models.Model) -> models.QuerySet[AuditEntry]:
    """The rows of one object, oldest first."""
    return AuditEntry.objects.filter(
        object_type=target._meta.label_lower, object_ref=str(target.pk)
    ).order_by("version")
