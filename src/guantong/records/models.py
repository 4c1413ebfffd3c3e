"""The waist, second part: what happened, when, where, by whom, with what evidence."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.organisation.models import Unit
from guantong.records.choices import RecordKind


class Record(models.Model):
    """One thing done. Entered once; may fulfil several obligations (X1).

    ``unit`` is where the entering office sits. There is no field about any private person.
    """

    kind = models.CharField(max_length=20, choices=RecordKind.choices)
    happened_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    summary = models.TextField(max_length=2000)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="records")
    entered_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="records_entered")
    entered_at = models.DateTimeField()
    submission_key = models.CharField(max_length=64, null=True, unique=True)

    privacy = Privacy(
        business="kind happened_on place summary unit entered_by entered_at", technical="id submission_key"
    )
    unlogged = frozenset[str]()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-happened_on"]),
            models.Index(fields=["-happened_on", "-id"]),
        ]

    def __str__(self) -> str:
        return self.summary if len(self.summary) <= 60 else self.summary[:59] + "…"


class Participation(models.Model):
    """An office that took part."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="participations")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="participations")

    privacy = Privacy(business="record office", technical="id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "office"], name="office_takes_part_once")]


class StoredFile(models.Model):
    """A file by the SHA-256 of its content; the same bytes are kept once."""

    digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)

    privacy = Privacy(technical="id digest size media_type")

    def __str__(self) -> str:
        return self.digest[:12]


class Evidence(models.Model):
    """What shows that it happened: a reference (document number, minutes) or a stored file."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="evidence")
    reference = models.CharField(max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="uses")
    file_name = models.CharField(max_length=200, blank=True)

    privacy = Privacy(business="record reference file file_name", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(reference=""), name="evidence_is_reference_or_file"
            )
        ]

    def __str__(self) -> str:
        return self.reference or self.file_name
