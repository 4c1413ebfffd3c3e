"""Notices to whoever moves next, and one digest per person per day at their hour."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy
from guantong.notices.choices import NoticeKind
from guantong.notices.said import words


class Notice(models.Model):
    """An office is asked to do the next thing: what is missing, how long it takes, where it is done.

    ``about`` and ``about_ref`` name the row it speaks of, in a room above; it closes when that has moved on. While it
    is open, the same office is not asked the same twice. ``since`` is the day from which it waits. What is said is
    kept as `said` describes, and read in the reader's language.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    about = models.CharField(max_length=60)
    about_ref = models.BigIntegerField()
    said_title = models.JSONField()
    said_missing = models.JSONField()
    minutes = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    since = models.DateField()
    closed_on = models.DateField(null=True)

    privacy = Privacy(
        business="office kind about about_ref said_title said_missing minutes url due_on since closed_on",
        technical="id",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "kind", "about", "about_ref"],
                condition=Q(closed_on__isnull=True),
                name="asked_once_while_open",
            )
        ]
        indexes = [
            models.Index(fields=["office", "closed_on", "due_on"]),
            models.Index(fields=["about", "about_ref"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What it is about, in the reader's language."""
        return words(self.said_title)

    @property
    def missing(self) -> str:
        """What is missing, in the reader's language."""
        return words(self.said_missing)


class DigestHour(models.Model):
    """The hour at which somebody wants their digest; 8 where they said nothing."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="digest_hour")
    hour = models.PositiveSmallIntegerField(default=8)

    privacy = Privacy(pseudonym="person", technical="id hour", keep="account")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(hour__lte=23), name="digest_hour_of_a_day")]


class Digest(models.Model):
    """What one person was told on one day: the notices of all offices they hold, in one message."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    made_at = models.DateTimeField()
    notices = models.ManyToManyField(Notice, related_name="+")

    privacy = Privacy(pseudonym="person", business="day made_at", technical="id", keep="request")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_digest_a_day")]
        indexes = [models.Index(fields=["day"])]
