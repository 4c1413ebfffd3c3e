"""Reading the log."""

from __future__ import annotations

from django.db import models

from guantong.audit.models import AuditEntry
from guantong.audit.operations import leaf_of


def history_of(target: models.Model) -> models.QuerySet[AuditEntry]:
    """The rows of one object, oldest first."""
    return AuditEntry.objects.filter(
        object_type=target._meta.label_lower, object_ref=str(target.pk)
    ).order_by("version")


def altered_rows(entries: models.QuerySet[AuditEntry]) -> list[AuditEntry]:
    """Rows whose hash no longer fits their content, or whose predecessor is not the one they name."""
    altered = []
    leaves: dict[tuple[str, str], tuple[int, str]] = {}
    for entry in entries.order_by("object_type", "object_ref", "version").iterator():
        key = (entry.object_type, entry.object_ref)
        version, leaf = leaves.get(key, (0, ""))
        if entry.leaf != leaf_of(entry) or entry.previous != leaf or entry.version != version + 1:
            altered.append(entry)
        leaves[key] = (entry.version, entry.leaf)
    return altered
