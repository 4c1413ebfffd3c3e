"""One way out of the system, as the system administrator set it up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.channels.choices import ChannelKind, Security
from guantong.kernel.privacy import Privacy
from guantong.organisation.models import Unit


class Channel(models.Model):
    """Off until switched on.

    ``server`` is the host of a mail server or the base address of a robot or webhook; ``sealed`` keeps password, key or
    token under the installation's own key and is never shown again. ``unit``: only offices below it may use the
    channel; empty is everybody. ``link_base`` is how its readers reach this system.
    """

    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    name = models.CharField(_("名称"), max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    server = models.CharField(max_length=200)
    port = models.PositiveIntegerField(null=True)
    security = models.CharField(max_length=10, choices=Security.choices, default=Security.TLS)
    account = models.CharField(max_length=100, blank=True)
    sender = models.CharField(max_length=150, blank=True)
    link_base = models.CharField(max_length=200)
    sealed = models.TextField(blank=True)
    is_on = models.BooleanField(default=False)
    set_up_at = models.DateTimeField()

    privacy = Privacy(
        business="kind name unit server port security account sender link_base is_on set_up_at",
        credential="sealed",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(port__isnull=True) | Q(port__gte=1, port__lte=65535),
                name="channel_port_of_a_network",
            ),
            models.UniqueConstraint(fields=["name"], name="channel_known_by_its_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_mail(self) -> bool:
        return self.kind == ChannelKind.EMAIL
