"""Tokens by which programs act for an office."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy


class Token(models.Model):
    """Made by a person for one of their offices. Only the SHA-256 of the secret is kept.

    ``functions`` are those chosen, of those the office has. ``last_used_on`` is a day, not a trail; ``minute`` and
    ``in_minute`` count the requests of the present minute.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    functions = models.JSONField(default=list)
    read_only = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    minute = models.BigIntegerField(default=0)
    in_minute = models.PositiveIntegerField(default=0)

    privacy = Privacy(
        business="office name functions read_only made_at expires_on revoked_at",
        pseudonym="person",
        credential="digest",
        technical="id last_used_on minute in_minute",
        keep="account",
    )
    unlogged = frozenset({"last_used_on", "minute", "in_minute"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_used_on__isnull=True) | Q(last_used_on__lte=F("expires_on")),
                name="token_not_used_after_its_end",
            )
        ]
        indexes = [models.Index(fields=["person", "revoked_at"])]

    def __str__(self) -> str:
        return self.name
