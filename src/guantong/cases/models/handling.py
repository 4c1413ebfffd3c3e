"""Who works on a case, and who says that it is not their business."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office, Person
from guantong.cases.models.cases import Case
from guantong.kernel.privacy import Privacy
from guantong.obligations.choices import Part
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit


class Handling(models.Model):
    """A unit's part in a case; its obligation is what the unit owes. ``released_on`` when it was taken off it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handlings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="case_handlings")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="case_handlings")
    part = models.CharField(max_length=20, choices=Part.choices)
    wording = models.CharField(max_length=300, blank=True)
    assigned_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()
    obligation = models.OneToOneField(
        Obligation, on_delete=models.PROTECT, null=True, related_name="case_handling"
    )
    released_on = models.DateField(null=True)

    privacy = Privacy(
        business="case unit office part wording assigned_by assigned_at obligation released_on",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(released_on__isnull=True),
                name="unit_handles_a_case_once",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(part=Part.LEAD, released_on__isnull=True),
                name="one_unit_leads_a_case",
            ),
        ]


class Dispute(models.Model):
    """A unit says the case is not its business; decided by whoever assigned it, by ``due_on``, for a stated reason."""

    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="disputes")
    reason = models.CharField(max_length=500)
    raised_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    raiser = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    due_on = models.DateField()
    upheld = models.BooleanField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="handling reason raised_by raised_at due_on upheld decision decided_by decided_at",
        pseudonym="raiser",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handling"], condition=Q(upheld__isnull=True), name="one_open_dispute"
            ),
            models.CheckConstraint(
                condition=Q(upheld__isnull=True) | ~Q(decision=""), name="dispute_decided_with_a_reason"
            ),
        ]
