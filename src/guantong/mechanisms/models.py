"""Stored packages, and the cycles that run them."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Approval, Office
from guantong.kernel.bilingual import Text
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.package import Package
from guantong.organisation.models import Unit


class StoredPackage(models.Model):
    """A package as it was frozen: canonical JSON and its digest. Never changed; a change is a new version."""

    identifier = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    canonical = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    stored_at = models.DateTimeField()

    privacy = Privacy(
        business="identifier version name_zh name_en canonical", technical="id digest stored_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identifier", "version", "digest"], name="package_stored_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)

    @cached_property
    def package(self) -> Package:
        return Package.from_canonical(self.canonical)


class Cycle(models.Model):
    """One year of one mechanism in one unit's subtree, on a frozen package."""

    stored = models.ForeignKey(StoredPackage, on_delete=models.PROTECT, related_name="cycles")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cycles")
    year = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()

    privacy = Privacy(business="stored unit year opened_at", technical="id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stored", "unit", "year"], name="cycle_once_per_unit_and_year"),
            models.CheckConstraint(
                condition=Q(year__gte=1970, year__lte=2200), name="cycle_year_is_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} {self.stored.name}"

    @property
    def package(self) -> Package:
        return package_by_digest(self.stored)

    @property
    def starts_on(self) -> dt.date:
        return dt.date(self.year, 1, 1)

    @property
    def ends_on(self) -> dt.date:
        return dt.date(self.year, 12, 31)


_packages: dict[str, Package] = {}


def package_by_digest(stored: StoredPackage) -> Package:
    """The parsed package; the same digest is parsed once per process, since it can never change."""
    if stored.digest not in _packages:
        _packages[stored.digest] = stored.package
    return _packages[stored.digest]


class PackageChange(models.Model):
    """A running cycle moved to a new version of its package, for a stated reason, by two persons."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="package_changes")
    before = models.ForeignKey(StoredPackage, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(StoredPackage, on_delete=models.PROTECT, related_name="+")
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    privacy = Privacy(business="cycle before after approval changed_at", technical="id")


class Phase(models.Model):
    """A window of the year with what it does and what it waits for before the next may begin."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="phases")
    identifier = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    gate = models.CharField(max_length=80, blank=True)

    privacy = Privacy(business="cycle identifier name_zh name_en starts_on ends_on gate", technical="id")

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "identifier"], name="phase_once_per_cycle"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="phase_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)


class PhaseClosure(models.Model):
    """A phase declared over: what fell due in it is not extended, suspended or excused any more, unless reopened."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="closures")
    closed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField()
    reopened_by = models.OneToOneField(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)

    privacy = Privacy(business="phase closed_by closed_at reopened_by reopened_at", technical="id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phase"], condition=Q(reopened_at__isnull=True), name="phase_closed_once"
            )
        ]
