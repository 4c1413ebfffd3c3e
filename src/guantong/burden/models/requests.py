"""A request for fields: what for, of which units, how often, until when; and every step of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Approval, Office, Person
from guantong.burden.choices import Per, Stage
from guantong.burden.models.fields import Field
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


class FieldRequest(models.Model):
    """One issuing unit asks units below for fields. It always ends: ``ends_on`` is the last day on which it asks.

    ``stage`` moves only along `chain.MOVES`, and each move is a :class:`RequestStep`. Each period is due
    ``due_days`` after its end; a request that asks once is due that many days after ``starts_on``. ``minutes`` is
    what one answer takes. ``approval`` is the leader's signature, where one was needed.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="field_requests")
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="field_requests")
    drafted_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    basis = models.CharField(max_length=300)
    pillar = models.CharField(max_length=60)
    per = models.CharField(max_length=10, choices=Per.choices, default=Per.ONCE)
    starts_on = models.DateField()
    due_days = models.PositiveSmallIntegerField(default=10)
    ends_on = models.DateField()
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    minutes = models.PositiveSmallIntegerField(default=0)
    issued_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = Privacy(
        business="cycle issuer drafted_by drafted_at title purpose basis pillar per starts_on due_days ends_on stage minutes issued_on ended_on approval",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="request_ends"),
            models.CheckConstraint(
                condition=~Q(stage=Stage.SIGNED) | Q(approval__isnull=False),
                name="signed_request_has_a_signature",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ISSUED) | Q(issued_on__isnull=False),
                name="issued_request_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["cycle", "stage", "ends_on"]),
            models.Index(fields=["issuer", "-drafted_at"]),
        ]

    def __str__(self) -> str:
        return self.title


class RequestField(models.Model):
    """A field of a request, in its place."""

    request = models.ForeignKey(FieldRequest, on_delete=models.CASCADE, related_name="asked_fields")
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="asked_in")
    position = models.PositiveSmallIntegerField()

    privacy = Privacy(business="request field position", technical="id")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["request", "field"], name="field_once_in_a_request")]


class Addressee(models.Model):
    """A unit that is asked, the office that answers for it, and the code of its slip of paper."""

    request = models.ForeignKey(FieldRequest, on_delete=models.CASCADE, related_name="addressees")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="asked_for_fields")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True)

    privacy = Privacy(business="request unit office", technical="id code")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "unit"], name="unit_asked_once")]


class RequestStep(models.Model):
    """One move of a request: what, from where to where, who for which office, why."""

    request = models.ForeignKey(FieldRequest, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    reason = models.CharField(max_length=500, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()

    privacy = Privacy(
        business="request verb before after reason office taken_at", pseudonym="person", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        ordering = ["taken_at", "pk"]
