"""The unit tree: divisions, member units, groups, offices, homes – and their changes by date.

The tree knows no people. ``parent`` is the truth; ``path`` is derived from it, fixed-width steps of
ASCII, so that "everything below me" is one range on one index on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guantong.kernel.bilingual import Text
from guantong.kernel.privacy import Privacy

STEP = 5
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# One above every character of a path, so `path < p + PAST` closes the range of a subtree.
PAST = "~"


def step_of(number: int) -> str:
    """A sibling's number as a path step: base 36, ``STEP`` characters, so 60,466,175 siblings."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = ALPHABET[rest] + digits
    if len(digits) > STEP:
        raise ValueError("too many siblings")
    return digits.rjust(STEP, "0")


def number_of(step: str) -> int:
    """The sibling's number that a path step says."""
    return int(step, 36)


class PathField(models.CharField[str, str]):
    """Text that sorts by bytes on both databases: collation "C" on PostgreSQL, BINARY on SQLite."""

    def db_type(self, connection: Any) -> str | None:
        made = super().db_type(connection)
        return f'{made} COLLATE "C"' if connection.vendor == "postgresql" else made


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, unit: Unit, *, include_self: bool = True) -> UnitQuerySet:
        """The unit's subtree, as one range."""
        found = self.filter(path__gte=unit.path, path__lt=unit.path + PAST)
        return found if include_self else found.exclude(pk=unit.pk)

    def at_level(self, level: str) -> UnitQuerySet:
        return self.filter(level=level)

    def of_kind(self, kind: str) -> UnitQuerySet:
        return self.filter(kind=kind)

    def open_on(self, day: dt.date) -> UnitQuerySet:
        """Units that exist on a day; one without an opening day has always been there."""
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=day),
            Q(closed_on__isnull=True) | Q(closed_on__gt=day),
        )

    def children_of(self, unit: Unit) -> UnitQuerySet:
        return self.filter(parent=unit)


class Unit(models.Model):
    """A body in the tree. ``kind`` is a unit kind of a package; divisions are ``territory``."""

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=40, default="territory")
    subkind = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=20)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = PathField(max_length=255, unique=True)
    depth = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    privacy = Privacy(
        business="code name name_en kind subkind level parent depth opened_on closed_on",
        technical="id path position",
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="unit_closes_after_it_opens",
            ),
        ]
        indexes = [models.Index(fields=["kind", "level", "path"])]

    def __str__(self) -> str:
        return str(Text(self.name, self.name_en))

    def ancestor_paths(self) -> list[str]:
        """Paths of the units above, from the root down to the parent."""
        return [self.path[:end] for end in range(STEP, len(self.path), STEP)]

    def ancestors(self) -> UnitQuerySet:
        """The units above, from the root down to the parent."""
        return Unit.objects.filter(path__in=self.ancestor_paths()).order_by("path")

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None


class UnitChange(models.Model):
    """What happened to a unit on a day."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("设立")
        CLOSED = "closed", _("撤销")
        MERGED = "merged", _("合并")
        SPLIT = "split", _("拆分")
        MOVED = "moved", _("划转")
        RENAMED = "renamed", _("更名")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)

    privacy = Privacy(business="unit kind on reason details", technical="id")

    class Meta:
        indexes = [models.Index(fields=["unit", "on"])]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()} {self.unit}"


class Succession(models.Model):
    """Lineage: from a day on, the successor answers for what was the predecessor's."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="precursions")
    kind = models.CharField(max_length=10, choices=UnitChange.Kind.choices)
    on = models.DateField()

    privacy = Privacy(business="predecessor successor kind on", technical="id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="unit_does_not_succeed_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
