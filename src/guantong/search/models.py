"""Words that mean the same, views that somebody saved, and how far the index has read the log.

The index itself is a table of its own kind on each database (`index`), no model: it holds words and numbers, no text.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy
from guantong.organisation.models import Unit


class Synonym(models.Model):
    """A group of words added to those that come with the program. ``words`` are divided by spaces."""

    words = models.CharField(_("意思相同的词"), max_length=300)
    added_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    privacy = Privacy(business="words added_by added_at ended_by ended_at", technical="id")
    unlogged = frozenset[str]()

    def __str__(self) -> str:
        return self.words


class Shared(models.TextChoices):
    """With whom a saved view is shared."""

    NOBODY = "nobody", _("只有自己")
    UNIT = "unit", _("本单位的人")
    LINK = "link", _("有链接的人")


class SavedView(models.Model):
    """A list with its filter under a name. It keeps the address alone: each opens it with what they may see."""

    name = models.CharField(_("名称"), max_length=60)
    address = models.CharField(max_length=1000)
    page = models.CharField(max_length=60)
    shared = models.CharField(_("谁能打开"), max_length=8, choices=Shared.choices, default=Shared.NOBODY)
    code = models.CharField(max_length=24, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="saved_views")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="name address page shared unit saved_at dropped_at", pseudonym="person", technical="id code"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"], condition=Q(dropped_at__isnull=True), name="own_view_named_once"
            )
        ]
        indexes = [models.Index(fields=["unit", "shared"])]

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """How far the index has read the log: the place of the last row, and when it was up to date. One row at most."""

    position = models.BigIntegerField()
    as_of = models.DateTimeField()
    rebuilt_at = models.DateTimeField()

    privacy = Privacy(technical="id position as_of rebuilt_at")

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d %H:%M}"
