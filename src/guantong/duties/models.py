"""Duty lists: a unit's duties for the year, its objections to them, and its signature under them."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office, Person
from guantong.kernel.bilingual import Text
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


class ListState(models.TextChoices):
    CONSULTED = "consulted", _("征求意见")
    ISSUED = "issued", _("已下达")
    SIGNED = "signed", _("已签收")


class DutyList(models.Model):
    """One unit's duties in one cycle. Seen before it is issued; closed by its signature."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="duty_lists")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duty_lists")
    state = models.CharField(max_length=12, choices=ListState.choices, default=ListState.CONSULTED)
    sign_by = models.DateField()
    issued_at = models.DateTimeField(null=True)

    privacy = Privacy(business="cycle unit state sign_by issued_at", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "unit"], name="duty_list_once_per_unit")]
        indexes = [models.Index(fields=["cycle", "state"])]

    def __str__(self) -> str:
        return f"{self.unit.name} {self.cycle.year}"

    @property
    def is_signed(self) -> bool:
        return self.state == ListState.SIGNED


class DutyItem(models.Model):
    """One duty of one office for the year, with how often and what it takes.

    ``times`` is how many obligations signing will open; ``minutes`` is the time of one report.
    """

    duty_list = models.ForeignKey(DutyList, on_delete=models.CASCADE, related_name="items")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="duty_items")
    about = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    duty = models.CharField(max_length=40)
    pillar = models.CharField(max_length=60)
    text_zh = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500, blank=True)
    evidence = models.JSONField(default=list)
    times = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    withdrawn = models.BooleanField(default=False)

    privacy = Privacy(
        business="duty_list office about duty pillar text_zh text_en evidence times minutes withdrawn",
        technical="id",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty_list", "office", "duty", "about"],
                name="duty_once_per_office",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["duty"])]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def text(self) -> Text:
        return Text(self.text_zh, self.text_en)

    @property
    def minutes_per_year(self) -> Decimal:
        return Decimal(self.times * self.minutes)


class Objection(models.Model):
    """A unit disputes an item, with a reason; the issuer keeps it, or takes it back, with a reason."""

    item = models.ForeignKey(DutyItem, on_delete=models.PROTECT, related_name="objections")
    reason = models.CharField(max_length=500)
    raised_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="item reason raised_by raised_at upheld answer answered_by answered_at", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(upheld__isnull=True), name="one_open_objection"
            )
        ]


class Signature(models.Model):
    """Receipt of the list by the unit's head: who, for which office, when."""

    duty_list = models.OneToOneField(DutyList, on_delete=models.PROTECT, related_name="signature")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()
    signed_on = models.DateField()
    privacy = Privacy(business="duty_list office signed_at signed_on", pseudonym="person", technical="id")
    unlogged = frozenset[str]()
