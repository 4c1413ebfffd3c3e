"""The periods of a case, and the days they stand still."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office
from guantong.cases.choices import ClockKind, PauseReason
from guantong.cases.models.cases import Case
from guantong.kernel.privacy import Privacy


class Clock(models.Model):
    """One period of a case: since when, how long by which rule, and when it was met.

    ``number`` days, or working days where ``workdays``; ``due_on`` moves with pauses and one extension,
    ``first_due_on`` never.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=16, choices=ClockKind.choices)
    round = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    number = models.PositiveSmallIntegerField()
    workdays = models.BooleanField(default=False)
    first_due_on = models.DateField()
    due_on = models.DateField()
    extended_days = models.PositiveSmallIntegerField(default=0)
    extension_reason = models.CharField(max_length=300, blank=True)
    extended_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    met_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)

    privacy = Privacy(
        business="case kind round starts_on number workdays first_due_on due_on extended_days extension_reason extended_by met_on dropped_on",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "round"], name="one_clock_of_a_kind_per_round"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("first_due_on"), first_due_on__gte=F("starts_on")),
                name="clock_only_moves_later",
            ),
            models.CheckConstraint(
                condition=Q(extended_days=0) | ~Q(extension_reason=""), name="clock_extended_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="clock_running",
                condition=Q(met_on__isnull=True, dropped_on__isnull=True),
            )
        ]


class Pause(models.Model):
    """The running clocks of the case stand still, for a listed reason the applicant sees."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=12, choices=PauseReason.choices)
    note = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ordered_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")

    privacy = Privacy(business="case reason note starts_on ends_on ordered_by", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ends_on__isnull=True), name="one_open_pause"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="pause_ends_after_start",
            ),
        ]
