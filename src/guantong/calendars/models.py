"""Days that differ from the national calendar as the library knows it, each with its basis."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office
from guantong.calendars.choices import DayKind
from guantong.kernel.privacy import Privacy
from guantong.organisation.models import Unit


class CalendarDay(models.Model):
    """A day off or a working day in a territory and everything below it; the nearest territory's word wins."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="calendar_days")
    day = models.DateField()
    kind = models.CharField(max_length=4, choices=DayKind.choices)
    name = models.CharField(max_length=60)
    basis = models.CharField(max_length=200)
    entered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    privacy = Privacy(
        business="unit day kind name basis entered_by entered_at withdrawn_at withdrawn_why", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "day"],
                condition=Q(withdrawn_at__isnull=True),
                name="calendar_day_once_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""),
                name="calendar_day_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.name}"


class KnownYear(models.Model):
    """The arrangement of a year was announced and is entered in full: nothing of it is provisional any more."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="known_years")
    year = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=200)
    entered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    privacy = Privacy(business="unit year basis entered_by entered_at", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="year_known_once_per_unit")]

    def __str__(self) -> str:
        return str(self.year)
