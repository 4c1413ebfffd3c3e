"""The log of what was done, and the checkpoints over it. Rows are only ever added.

Database triggers (`triggers.py`) refuse to change or delete a row; the one thing that may be set, once, is
the position a row gets in the tree.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.kernel.privacy import Privacy


class AuditEntry(models.Model):
    """One operation: who, for which office, did what to which object, and when.

    References are plain numbers and words, not foreign keys: a log row must outlive what it speaks of,
    and this room knows no other. No name of a person stands here. ``leaf`` is the salted hash of the row's
    canonical form, ``previous`` the leaf of the row before it on the same object, ``seal`` a keyed mark over
    the leaf; ``position`` is the row's place in the Merkle tree, set when the worker takes it up.
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
    seal = models.CharField(max_length=32, default="")
    position = models.BigIntegerField(null=True, unique=True)

    privacy = Privacy(
        business="at verb object_type object_ref version payload",
        pseudonym="person_ref office_ref actor",
        technical="id salt previous leaf seal position",
        keep="log",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_ref", "version"], name="audit_one_row_per_version"
            ),
        ]
        indexes = [
            models.Index(fields=["at"]),
            models.Index(fields=["verb", "at"]),
            models.Index(fields=["person_ref", "at"]),
            models.Index(fields=["id"], name="audit_unsequenced", condition=Q(position__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.object_type}:{self.object_ref}"


class CheckpointKind(models.TextChoices):
    HOURLY = "hourly", _("每小时")
    DAILY = "daily", _("每日")


class Checkpoint(models.Model):
    """The tree's size and root at a moment, signed. ``note`` is the signed note word for word."""

    kind = models.CharField(max_length=10, choices=CheckpointKind.choices)
    at = models.DateTimeField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()

    privacy = Privacy(technical="id kind at size root note", keep="log")

    class Meta:
        indexes = [models.Index(fields=["-size", "-id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.size}"


class Verification(models.Model):
    """One check of the whole log, and what it found."""

    at = models.DateTimeField()
    entries = models.BigIntegerField()
    checkpoints = models.IntegerField()
    objects_checked = models.BigIntegerField()
    faults = models.JSONField(default=list)

    privacy = Privacy(technical="id at entries checkpoints objects_checked faults", keep="log")

    class Meta:
        indexes = [models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Receipt(models.Model):
    """A short code that stands for one log row, for whoever it concerns."""

    code = models.CharField(max_length=16, unique=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="receipt")
    issued_at = models.DateTimeField()

    privacy = Privacy(technical="id code entry issued_at", keep="log")

    def __str__(self) -> str:
        return self.code
