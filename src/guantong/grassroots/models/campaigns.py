"""The improvement campaigns of a package as they are run: since when, until when, on which units."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


class Campaign(models.Model):
    """A campaign of the package, launched. Before and after are the same measures on its two days.

    ``readings`` keeps, for the first and the last day, what no dated row tells afterwards: by criterion, the units that
    met it.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="campaigns")
    identifier = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    launched_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    launched_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    readings = models.JSONField(default=dict)

    privacy = Privacy(
        business="cycle identifier starts_on ends_on launched_by launched_at ended_at readings",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="campaign_from_to"),
            models.UniqueConstraint(
                fields=["cycle", "identifier", "starts_on"], name="campaign_once_per_start"
            ),
        ]


class CampaignUnit(models.Model):
    """A unit the campaign is for; the others of its kind are shown beside it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="campaigns")

    privacy = Privacy(business="campaign unit", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "unit"], name="unit_in_a_campaign_once")]
