"""Leading group, deliberation mechanism and office: who sits in them, and what each deals with."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.leadership.choices import BodyKind, MemberPart
from guantong.organisation.models import Unit


class Body(models.Model):
    """A body that carries the work. ``handles`` lists the kinds of matter it deals with, in words."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=20, choices=BodyKind.choices)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    handles = models.JSONField(default=list)
    meets_count = models.PositiveSmallIntegerField(null=True)
    meets_per = models.CharField(max_length=12, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    privacy = Privacy(
        business="unit kind name name_en handles meets_count meets_per opened_on closed_on", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(closed_on__isnull=True), name="body_name_once_per_unit"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="body_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class FirstResponsible(models.Model):
    """The one first responsible post of a body (第一责任人), from a day to a day."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="first_responsible")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="first_responsible_for")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)

    privacy = Privacy(business="body office starts_on ends_on basis", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body"], condition=Q(ends_on__isnull=True), name="one_first_responsible_post"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="responsible_from_to"
            ),
        ]


class Membership(models.Model):
    """An office in a body, from a day to a day."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="memberships")
    part = models.CharField(max_length=12, choices=MemberPart.choices, default=MemberPart.MEMBER)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    privacy = Privacy(business="body office part starts_on ends_on", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "office"],
                condition=Q(ends_on__isnull=True),
                name="office_sits_in_a_body_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_from_to"
            ),
        ]
