"""How many minutes a year an issuing unit may ask of others."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


class Budget(models.Model):
    """Minutes a year, on a stated basis. A change is a new row; the latest counts."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="burden_budgets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="burden_budgets")
    minutes = models.PositiveIntegerField()
    basis = models.CharField(max_length=300)
    set_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    privacy = Privacy(business="cycle unit minutes basis set_by set_at", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(basis=""), name="budget_has_a_basis")]
        indexes = [models.Index(fields=["cycle", "unit", "-id"], name="budget_latest")]
