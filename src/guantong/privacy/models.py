"""Whose data it is, and the key it is sealed with. The keys live in a database of their own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.kernel.privacy import Privacy


class Subject(models.Model):
    """Somebody whose personal fields are sealed with one key. The number says nothing about who it is.

    ``link_digest`` is the SHA-256 of the code in the link to their own page; ``erased_at`` the moment their
    key was ordered destroyed.
    """

    opened_at = models.DateTimeField()
    link_digest = models.CharField(max_length=64, null=True, unique=True)
    erased_at = models.DateTimeField(null=True)

    privacy = Privacy(
        pseudonym="id", technical="opened_at erased_at", credential="link_digest", keep="account"
    )

    def __str__(self) -> str:
        return _("本人资料 %(number)s") % {"number": self.pk}


class PersonKey(models.Model):
    """The 256-bit key of one subject. In the keys database, never in the main one or its backups."""

    subject_ref = models.BigIntegerField(primary_key=True)
    secret = models.BinaryField(max_length=32)

    privacy = Privacy(pseudonym="subject_ref", credential="secret", keep="account")

    def __str__(self) -> str:
        return f"key of subject {self.subject_ref}"

    def __repr__(self) -> str:
        return f"<PersonKey {self.subject_ref}>"
