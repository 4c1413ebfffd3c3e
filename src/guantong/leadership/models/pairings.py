"""Paired contact: which office keeps contact with which partner, how often; and every visit a partner gets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.leadership.choices import ContactMode
from guantong.mechanisms.models import Cycle
from guantong.partners.models import Partner
from guantong.records.models import Record


class Pairing(models.Model):
    """An office keeps contact with a partner, under a rule of the package, from a day to a day.

    ``explanation`` is why this office was proposed: load, recusals, rotation, as numbers. ``taken_over_from`` is
    the pairing of the office before, so that promises and dates go on.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="pairings")
    rule = models.CharField(max_length=60)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="pairings")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="pairings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    explanation = models.JSONField(default=dict)
    taken_over_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="handed_to"
    )
    assigned_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)

    privacy = Privacy(
        business="cycle rule office partner starts_on ends_on explanation taken_over_from assigned_by end_reason",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "partner"],
                condition=Q(ends_on__isnull=True),
                name="office_paired_with_a_partner_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="pairing_from_to"
            ),
        ]
        indexes = [models.Index(fields=["partner", "ends_on"])]

    def __str__(self) -> str:
        return f"{self.office} · {self.partner}"


class PartnerContact(models.Model):
    """One contact with a partner, planned or done, by whatever office: the partner's one counter of visits.

    A planned contact has no record yet. ``joined`` ones go along with another: one visit for the partner.
    ``over_cap_reason`` where the partner itself asked for one more than the cap allows.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="contacts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="partner_contacts")
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, null=True, related_name="contacts")
    mode = models.CharField(max_length=8, choices=ContactMode.choices)
    day = models.DateField()
    purpose = models.CharField(max_length=200)
    joined = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joint")
    over_cap_reason = models.CharField(max_length=300, blank=True)
    planned_at = models.DateTimeField()
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="partner_contacts")
    cancelled_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="partner office pairing mode day purpose joined over_cap_reason planned_at record cancelled_at",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(joined__isnull=True) | Q(mode=ContactMode.JOINT),
                name="joint_contact_joins_another",
            )
        ]
        indexes = [models.Index(fields=["partner", "day"]), models.Index(fields=["office", "day"])]
