"""A calendar feed: a secret address that a telephone's calendar may read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Person
from guantong.kernel.privacy import Privacy


class Feed(models.Model):
    """Only the SHA-256 of the code in the address is kept. One in force at a time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10, default="zh-hans")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    privacy = Privacy(
        pseudonym="person", credential="digest", technical="id language made_at ended_at", keep="account"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="one_feed_in_force"
            )
        ]
