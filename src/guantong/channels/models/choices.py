"""What one person lets out of the system, and when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Person
from guantong.channels.models.channels import Channel
from guantong.kernel.privacy import Privacy
from guantong.privacy.fields import SealedText
from guantong.privacy.models import Subject


class OutsideChoice(models.Model):
    """Nothing leaves for a person who chose no channel. The inbox and the digest inside stay as they are.

    ``silenced`` are the kinds of notice that stay inside. From ``quiet_from`` to ``quiet_to`` o'clock nothing is sent;
    across midnight where the first is the later one. The address is the person's own and goes with their key.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="outside_choice")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    channels = models.ManyToManyField(Channel, related_name="chosen_by")
    address = SealedText(_("接收提醒的邮箱"), default="")
    silenced = models.JSONField(default=list)
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_to = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=10, default="zh-hans")
    changed_at = models.DateTimeField()

    privacy = Privacy(
        personal="address",
        pseudonym="person subject",
        technical="id silenced quiet_from quiet_to language changed_at",
        keep="account",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__lte=23, quiet_to__lte=23) & ~Q(quiet_from=F("quiet_to")),
                name="quiet_hours_of_a_day",
            )
        ]
