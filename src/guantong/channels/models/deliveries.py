"""What was to be sent to whom through which channel, and how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.channels.choices import Outcome, Reason
from guantong.channels.models.channels import Channel
from guantong.kernel.privacy import Privacy
from guantong.notices.models import Digest


class Delivery(models.Model):
    """One digest of one person through one channel, at most once; without a digest, a test message.

    Whoever sends it claims the row first: ``claimed_at`` and ``tries`` are set before anything goes out. A row that was
    claimed and never answered for becomes "unknown" and is not sent again. ``next_at`` is when the next try is due.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, null=True, related_name="deliveries")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True, default="")
    notices = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    privacy = Privacy(
        pseudonym="digest",
        business="channel outcome reason notices tries planned_at next_at claimed_at ended_at",
        technical="id",
        keep="attempt",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "channel"], name="digest_once_through_a_channel"),
        ]
        indexes = [
            models.Index(fields=["-planned_at", "-id"]),
            models.Index(
                fields=["next_at", "id"],
                name="delivery_open",
                condition=Q(outcome__in=["waiting", "sending"]),
            ),
        ]

    @property
    def is_test(self) -> bool:
        return self.digest_id is None
