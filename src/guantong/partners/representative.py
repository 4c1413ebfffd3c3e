"""Somebody who answers a consent link, as an actor: no account, no office, no right but over their own data."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.accounts.acting import WithoutAccount


@dataclass(frozen=True, slots=True)
class Representative(WithoutAccount):
    """Known by the number of the consent link alone."""

    consent_ref: int

    @property
    def reference(self) -> str:
        """For the log: the number of the link, nothing about the person."""
        return f"representative consent:{self.consent_ref}"

    def __str__(self) -> str:
        return _("代表人士本人")
