"""Whoever brought a demand, as an actor: no account, no office, no right but over their own case."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor, WithoutAccount


@dataclass(frozen=True, slots=True)
class Applicant(WithoutAccount):
    """Somebody who follows their own case by its code. ``case_ref`` is empty only while it is being filed."""

    case_ref: int | None = None

    @property
    def reference(self) -> str:
        """For the log: the number of the case, nothing about the person."""
        return "applicant" if self.case_ref is None else f"applicant case:{self.case_ref}"

    def __str__(self) -> str:
        return _("当事人")


Doer = Actor | Applicant
