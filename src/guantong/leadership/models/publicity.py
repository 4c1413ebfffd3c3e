"""The publicity plan: what is said where, by whom, by when, and how far it reached, if that was measured."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.records.models import Record


class PublicityItem(models.Model):
    """One item of the plan. ``reach`` is a number of people or reads; "not measured" is an answer, and no zero."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="publicity_items")
    title = models.CharField(max_length=200)
    channel = models.CharField(max_length=100)
    owner = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="publicity_items")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, null=True, related_name="publicity_item")
    reach = models.PositiveIntegerField(null=True)
    reach_source = models.CharField(max_length=200, blank=True)
    not_measured = models.BooleanField(default=False)
    cancelled_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    privacy = Privacy(
        business="cycle title channel owner due_on done_on record reach reach_source not_measured cancelled_on reason",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reach__isnull=True) | (Q(not_measured=False) & ~Q(reach_source="")),
                name="reach_is_measured_by_something",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | ~Q(reason=""),
                name="publicity_cancelled_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "due_on"])]

    def __str__(self) -> str:
        return self.title
