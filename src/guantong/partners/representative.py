"""Somebody who answers a consent link, as an actor: no account, no office, no right but over their own data."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Representative:
    """Known by the number of the consent link alone."""

    consent_ref: int

    person_ref: None = None
    office_ref: None = None

    @property
    def reference(self) -> str:
        """For the log: the number of the link, nothing about the person."""
        return f"representative consent:{self.consent_ref}"

    def may(self, function: str) -> bool:
        return False

    def sees(self, path: str) -> bool:
        return False

    def shares_a_person_with(self, *people: int | None) -> bool:
        return False

    def __str__(self) -> str:
        return _("代表人士本人")
