"""People, the offices they hold, and for how long."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.choices import Role
from guantong.organisation.models import Unit


class PersonManager(BaseUserManager["Person"]):
    def create_person(self, *, sign_in: str, password: str | None, display_name: str) -> Person:
        person = self.model(sign_in=sign_in, display_name=display_name)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. Holds no fact about a person beyond what signing in needs."""

    sign_in = models.CharField(_("登录名"), max_length=64, unique=True)
    display_name = models.CharField(_("称呼"), max_length=100)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "sign_in"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    def __str__(self) -> str:
        return self.display_name


class Office(models.Model):
    """A seat in a unit: duties and scores belong to it, whoever holds it that day.

    ``scope`` is the unit whose subtree the office may see; ``role`` gives its functions.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="offices")
    seat = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=30, choices=Role.choices)
    scope = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    full_time = models.BooleanField(default=False)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "seat", "number"], name="office_one_per_seat_number"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="office_closes_after_it_opens",
            ),
        ]
        indexes = [models.Index(fields=["seat", "unit"])]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title


class HoldingQuerySet(models.QuerySet["Holding"]):
    def on(self, day: dt.date) -> HoldingQuerySet:
        """Holdings that are in force on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Holding(models.Model):
    """A person in an office, from a day to a day (both included)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="holdings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    acting = models.BooleanField(default=False)
    full_time = models.BooleanField(default=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="holding_ends_after_it_starts",
            ),
            models.UniqueConstraint(fields=["office", "person", "starts_on"], name="holding_once_per_start"),
        ]
        indexes = [models.Index(fields=["office", "starts_on", "ends_on"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.office}"
