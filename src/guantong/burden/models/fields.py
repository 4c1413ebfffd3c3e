"""The field dictionary: one field, one owner, one meaning."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from guantong.accounts.models import Office
from guantong.burden.choices import NUMBERS, FieldKind
from guantong.kernel.privacy import Privacy
from guantong.organisation.models import Unit


class Field(models.Model):
    """Something that may be asked of a unit, about its work and never about a person.

    It holds in the subtree of ``domain``, the unit that runs the year there; ``owner`` answers for its meaning.
    ``measure`` is the unit of measure, ``options`` what a choice offers, ``minutes`` what one answer takes, and
    ``differs`` how it differs from the fields it is near to, where there were such.
    """

    domain = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    meaning = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=FieldKind.choices)
    measure = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="burden_fields")
    differs = models.CharField(max_length=300, blank=True)
    registered_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    retired_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="domain name name_en meaning kind measure options minutes owner differs registered_by registered_at retired_by retired_at",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "name"],
                condition=Q(retired_at__isnull=True),
                name="one_live_field_of_a_name",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=120), name="field_takes_some_minutes"
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    @property
    def is_live(self) -> bool:
        return self.retired_at is None
