"""The log of what was done. Rows are only ever added; database triggers refuse anything else."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One operation: who, for which office, did what to which object, and when.

    References are plain numbers and words, not foreign keys: a log row must outlive what it speaks of,
    and this room knows no other. ``leaf`` is the salted SHA-256 of the row's canonical form; ``previous``
    is the leaf of the row before it on the same object, so a row cannot be lifted out unseen.
    """

    at = models.DateTimeField()
    person_ref = models.BigIntegerField(null=True)
    office_ref = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=300)
    verb = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_ref = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    payload = models.TextField()
    salt = models.CharField(max_length=32)
    previous = models.CharField(max_length=64, blank=True)
    leaf = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_ref", "version"], name="audit_one_row_per_version"
            ),
        ]
        indexes = [models.Index(fields=["at"]), models.Index(fields=["verb", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.object_type}:{self.object_ref}"
