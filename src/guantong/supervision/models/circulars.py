"""Circulars: sentences with figures in them, each figure bound to the rows it was counted from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


class Circular(models.Model):
    """A draft from live data, then issued and not changed any more. Paragraphs hold ``{key}`` where a figure stands."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="circulars")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(null=True)
    title = models.CharField(max_length=200)
    paragraphs = models.JSONField(default=list)
    as_of = models.DateField()
    drafted_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    drafter = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    issued_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="cycle unit number title paragraphs as_of drafted_by drafted_at issued_by issued_at",
        pseudonym="drafter",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="circular_number_once"),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(number__isnull=False),
                name="issued_circular_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Figure(models.Model):
    """One number of a circular, or the name of a matter in it: its value as it stood, what it says, and the obligations behind."""

    circular = models.ForeignKey(Circular, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    value = models.CharField(max_length=400)
    refs = models.JSONField(default=list)

    privacy = Privacy(business="circular key label value refs", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["circular", "key"], name="figure_once_per_circular")]
