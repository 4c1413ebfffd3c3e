"""Checks sampled in public: the list is frozen and its hash published before the seed exists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.supervision.choices import CheckResult


class Sample(models.Model):
    """A list of closed matters, frozen; then a seed produced afterwards; then the draw.

    ``list_csv`` is the frozen file word for word, ``list_digest`` its SHA-256. ``seed_source`` says where the seed
    came from, so that anybody can look it up.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="samples")
    name = models.CharField(max_length=200)
    list_csv = models.TextField()
    list_digest = models.CharField(max_length=64)
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    share_false = models.DecimalField(max_digits=5, decimal_places=4)
    confidence = models.DecimalField(max_digits=5, decimal_places=4)
    frozen_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField()
    seed = models.CharField(max_length=200, blank=True)
    seed_source = models.CharField(max_length=300, blank=True)
    seeded_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="cycle name list_csv population size share_false confidence frozen_by frozen_at seed seed_source seeded_at finished_at",
        technical="id list_digest",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seed="", seeded_at__isnull=True)
                | (~Q(seed="") & Q(seeded_at__gt=models.F("frozen_at"))),
                name="seed_comes_after_the_list",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SampleItem(models.Model):
    """One drawn matter, in the order drawn."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")

    privacy = Privacy(business="sample position obligation", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "position"], name="one_item_at_a_position"),
            models.UniqueConstraint(fields=["sample", "obligation"], name="drawn_once_per_sample"),
        ]


class SampleCheck(models.Model):
    """What the check of one drawn matter gave, and how it was looked at."""

    item = models.OneToOneField(SampleItem, on_delete=models.PROTECT, related_name="check_made")
    result = models.CharField(max_length=12, choices=CheckResult.choices)
    note = models.CharField(max_length=500)
    checked_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    checker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField()

    privacy = Privacy(business="item result note checked_by checked_at", pseudonym="checker", technical="id")
    unlogged = frozenset[str]()
