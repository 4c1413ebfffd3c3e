"""Where a seat or a home is missing, since when, and who has to fill it; certificates of those who hold a seat."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Holding, Office
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.records.models import StoredFile


class Gap(models.Model):
    """A unit lacks what a coverage rule of the package asks for, from a day to a day (the first day it had it).

    ``obligation`` is what the owner of the gap owes; who that is comes from the rule.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="gaps")
    rule = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="gaps")
    needs = models.PositiveSmallIntegerField()
    has = models.PositiveSmallIntegerField()
    since = models.DateField()
    found_on = models.DateField()
    closed_on = models.DateField(null=True)
    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, null=True, related_name="gap")

    privacy = Privacy(
        business="cycle rule unit needs has since found_on closed_on obligation", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "rule", "unit"],
                condition=Q(closed_on__isnull=True),
                name="one_open_gap_per_rule",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("since")),
                name="gap_closes_after_it_opens",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "rule", "closed_on"])]


class Certificate(models.Model):
    """Study hours or a certificate of somebody in an office, with an end where it has one.

    It hangs on the holding: another holder starts anew, and the office shows what its holder has today.
    """

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="certificates")
    title = models.CharField(max_length=200)
    hours = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_on = models.DateField(null=True)

    privacy = Privacy(
        business="holding title hours issued_on expires_on file file_name entered_by accepted_by accepted_on",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="certificate_expires_after_issue",
            ),
            models.UniqueConstraint(fields=["holding", "title", "issued_on"], name="certificate_once"),
        ]
