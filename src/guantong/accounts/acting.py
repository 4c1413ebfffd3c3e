"""Acting for an office: what a request carries instead of a bare user."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from guantong.accounts.choices import ADMINISTRATORS, FUNCTIONS
from guantong.accounts.models import Office, Person


@dataclass(frozen=True)
class Acting:
    """A person acting for one office now. Both may be missing: then there are no rights at all."""

    person: Person | None = None
    office: Office | None = None

    @property
    def person_ref(self) -> int | None:
        return self.person.pk if self.person else None

    @property
    def office_ref(self) -> int | None:
        return self.office.pk if self.office else None

    @cached_property
    def functions(self) -> frozenset[str]:
        return FUNCTIONS.get(self.office.role, frozenset()) if self.office else frozenset()

    def may(self, function: str) -> bool:
        return function in self.functions

    @property
    def reads_business(self) -> bool:
        return self.may("business.read")

    @property
    def is_administrator(self) -> bool:
        return bool(self.office and self.office.role in ADMINISTRATORS)

    @property
    def scope_path(self) -> str:
        """Path of the unit whose subtree is visible; empty when nothing is."""
        return self.office.scope.path if self.office and self.reads_business else ""

    def sees(self, path: str) -> bool:
        """Whether a unit's path lies in the visible subtree."""
        return bool(self.scope_path) and path.startswith(self.scope_path)

    def __str__(self) -> str:
        if self.person and self.office:
            return f"{self.person} · {self.office}"
        return str(self.person) if self.person else _("未登录")


@dataclass(frozen=True)
class Console:
    """The operator at the command line: has the machine, so has the functions; is named as such in the log."""

    name: str = "console"

    person_ref: int | None = None
    office_ref: int | None = None

    def may(self, function: str) -> bool:
        return True

    def sees(self, path: str) -> bool:
        return True

    def __str__(self) -> str:
        return self.name


Actor = Acting | Console
