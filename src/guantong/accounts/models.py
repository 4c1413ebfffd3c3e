"""People, the offices they hold, and for how long."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.accounts.choices import Role
from guantong.kernel.privacy import Privacy
from guantong.organisation.models import Unit
from guantong.privacy.fields import SealedText
from guantong.privacy.keys import index_of
from guantong.privacy.models import Subject
from guantong.privacy.operations import open_subject


class PersonManager(BaseUserManager["Person"]):
    def create_person(
        self, *, sign_in: str, password: str | None, display_name: str, now: dt.datetime | None = None
    ) -> Person:
        subject = open_subject(now=now or timezone.now())
        person = self.model(
            subject=subject, sign_in=sign_in, sign_in_index=index_of(sign_in), display_name=display_name
        )
        person.set_password(password)
        person.save(using=self._db)
        return person

    def by_sign_in(self, sign_in: str) -> Person | None:
        """The person with exactly this sign-in name, found by its keyed index."""
        return self.filter(sign_in_index=index_of(sign_in)).first()

    def get_by_natural_key(self, username: str | None) -> Person:
        """What signing in looks a person up by. Raises Person.DoesNotExist."""
        return self.get(sign_in_index=index_of(username or ""))


class Person(AbstractBaseUser):
    """Somebody who signs in. Holds no fact about a person beyond what signing in needs; names are sealed."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="+")
    sign_in_index = models.CharField(max_length=64, unique=True)
    sign_in = SealedText(_("登录名"), default="")
    display_name = SealedText(_("称呼"), default="")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = Privacy(
        personal="sign_in display_name",
        pseudonym="id subject",
        credential="password sign_in_index must_change_password",
        technical="last_login is_active created_at",
        keep="account",
    )

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "sign_in_index"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return str(self.display_name) if self.display_name else gettext("（已删除的人员）")

    def __repr__(self) -> str:
        return f"<Person {self.pk}>"


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

    privacy = Privacy(
        business="unit seat number title title_en role scope full_time opened_on closed_on",
        technical="id",
        keep="account",
    )

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

    privacy = Privacy(
        business="office starts_on ends_on acting full_time",
        pseudonym="person",
        technical="id",
        keep="account",
    )
    unlogged = frozenset[str]()

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

    def __repr__(self) -> str:
        return f"<Holding {self.pk}>"


class Absence(models.Model):
    """The holder is away from a day to a day (both included); somebody else acts for the office."""

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stand_ins")
    starts_on = models.DateField()
    ends_on = models.DateField()
    recorded_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    privacy = Privacy(
        business="holding starts_on ends_on recorded_by recorded_at",
        pseudonym="stand_in",
        technical="id",
        keep="account",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["stand_in", "starts_on", "ends_on"])]


class Handover(models.Model):
    """What an office left open when a holding ended, and who took it over.

    ``contents`` counts what was handed over, as the successor saw and accepted it.
    """

    holding = models.OneToOneField(Holding, on_delete=models.PROTECT, related_name="handover")
    successor = models.ForeignKey(Holding, on_delete=models.PROTECT, null=True, related_name="taken_over")
    opened_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    contents = models.JSONField(default=dict)
    note = models.CharField(max_length=1000, blank=True)

    privacy = Privacy(
        business="holding successor opened_at accepted_at contents note", technical="id", keep="account"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(successor__isnull=False),
                name="handover_is_accepted_by_a_successor",
            )
        ]


class Approval(models.Model):
    """A weighty act that one person asks for and another decides (two-person rule).

    ``kind`` names the act, ``object_ref`` what it is done to, ``wanted`` its parameters. It takes effect in the
    transaction of the decision.
    """

    kind = models.CharField(max_length=40)
    object_ref = models.BigIntegerField()
    wanted = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    scope = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_in_place_of = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="kind object_ref wanted reason scope asked_by asked_at granted decision decided_by decided_at",
        pseudonym="asker asked_in_place_of decider",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_ref"], condition=Q(granted__isnull=True), name="one_open_approval"
            ),
            models.CheckConstraint(
                condition=Q(decider__isnull=True) | Q(asker__isnull=True) | ~Q(decider=F("asker")),
                name="approval_takes_two_persons",
            ),
        ]
        indexes = [models.Index(fields=["granted", "-asked_at"])]


class Outcome(models.TextChoices):
    FAILED = "failed", _("失败")
    PASSED = "passed", _("成功")
    UNLOCKED = "unlocked", _("已解锁")


class SignInAttempt(models.Model):
    """One try to sign in. Name and address stand as keyed hashes: enough to count, too little to read."""

    who = models.CharField(max_length=64)
    source = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    at = models.DateTimeField()

    privacy = Privacy(pseudonym="who source", technical="id outcome at", keep="attempt")

    class Meta:
        indexes = [models.Index(fields=["who", "-at"]), models.Index(fields=["source", "-at"])]


class IdempotencyKey(models.Model):
    """One sending of a form or an API call, under the key its sender chose: what it did is done once.

    ``body`` is the digest of what was sent; ``status`` and ``led_to`` are the answer that any repetition gets.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    body = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    led_to = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    privacy = Privacy(pseudonym="person", technical="id key body status led_to at", keep="session")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["at"])]
