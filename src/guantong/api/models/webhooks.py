"""Addresses of other systems that are told of changes, what they are told, and how it ended."""

from __future__ import annotations

from django.db import models

from guantong.accounts.models import Office
from guantong.api.choices import EventKind, SendOutcome
from guantong.channels.choices import Reason
from guantong.kernel.privacy import Privacy
from guantong.organisation.models import Unit


class Webhook(models.Model):
    """Set up by a coordinating office; it is told of changes within that office's scope, of the kinds chosen.

    ``sealed`` keeps the signing secret under the installation's own key; it is shown once.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="webhooks")
    scope = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=200)
    kinds = models.JSONField(default=list)
    sealed = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="office scope name address kinds made_at ended_at", credential="sealed", technical="id"
    )
    unlogged = frozenset[str]()

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """A change worth telling, as the log has it: kind, the row it is about, when. Nothing of what was said in it.

    ``key`` names it once, whoever derives it again.
    """

    kind = models.CharField(max_length=30, choices=EventKind.choices)
    object_ref = models.BigIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    key = models.CharField(max_length=60, unique=True)

    privacy = Privacy(business="kind object_ref unit at", technical="id key", keep="attempt")


class Send(models.Model):
    """One event to one address. Tried again after growing pauses until it is taken, under the same number.

    ``reason`` says what is known of the last try: where an answer was lost, that it is not known.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="sends")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sends")
    outcome = models.CharField(max_length=10, choices=SendOutcome.choices, default=SendOutcome.WAITING)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="webhook event outcome reason tries next_at claimed_at ended_at",
        technical="id",
        keep="attempt",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="event_once_to_an_address")]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="send_open",
                condition=models.Q(outcome__in=["waiting", "sending"]),
            )
        ]


class Mark(models.Model):
    """How far the log has been read for events. One row, from the first address that was set up."""

    position = models.BigIntegerField()

    privacy = Privacy(technical="id position", keep="log")
