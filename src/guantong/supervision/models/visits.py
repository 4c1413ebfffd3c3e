"""One calendar of checks per unit, with a cap."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


class Visit(models.Model):
    """A check on the spot, planned: who comes to which unit, when, for what.

    Over the unit's cap for the year it needs ``over_cap_reason``, signed by a leader. ``joined`` visits go together
    with another one: they are one visit for the unit.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="visits")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="visits")
    starts_on = models.DateField()
    ends_on = models.DateField()
    purpose = models.CharField(max_length=300)
    basis = models.CharField(max_length=300)
    planned_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="planned_visits")
    planned_at = models.DateTimeField()
    joined = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joint")
    over_cap_reason = models.CharField(max_length=500, blank=True)
    signed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="cycle unit starts_on ends_on purpose basis planned_by planned_at joined over_cap_reason signed_by signed_at cancelled_at",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="visit_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(over_cap_reason="") | Q(signed_by__isnull=False), name="visit_over_cap_is_signed"
            ),
        ]
        indexes = [models.Index(fields=["unit", "starts_on"])]

    def __str__(self) -> str:
        return self.purpose
