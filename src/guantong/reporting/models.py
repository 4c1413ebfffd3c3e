"""Counts kept beside the live rows, so that a board need not read a year to draw a line."""

from __future__ import annotations

from django.db import models

from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


class TallyKind(models.TextChoices):
    MONTH = "month", "month"
    COVERAGE = "coverage", "coverage"
    LIGHT = "light", "light"


class Tally(models.Model):
    """Within a unit's subtree and a pillar: how many were due and how many of them are done.

    ``label`` is the month (1-12) the obligations fell due in, the id of a coverage rule, or
    ``light:state`` (then ``due`` is how many there are).
    Recounted in the background after changes; a test compares them with a full count.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="tallies")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    pillar = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=TallyKind.choices)
    label = models.CharField(max_length=20)
    due = models.PositiveIntegerField()
    done = models.PositiveIntegerField()

    privacy = Privacy(business="cycle unit pillar kind label due done", technical="id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit", "pillar", "kind", "label"], name="tally_once_per_label"
            )
        ]


class Recount(models.Model):
    """Up to which log row a cycle's tallies have been counted, and when."""

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="recount")
    through = models.BigIntegerField()
    counted_at = models.DateTimeField()
    counted_on = models.DateField()
    privacy = Privacy(business="cycle through counted_at counted_on", technical="id")
