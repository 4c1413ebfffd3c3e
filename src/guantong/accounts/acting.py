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
    standing_in_for: Person | None = None

    @property
    def person_ref(self) -> int | None:
        return self.person.pk if self.person else None

    @property
    def office_ref(self) -> int | None:
        return self.office.pk if self.office else None

    @property
    def reference(self) -> str:
        """For the log: numbers, no names."""
        parts = [f"person:{self.person_ref}" if self.person else "anonymous"]
        if self.office:
            parts.append(f"office:{self.office_ref}")
        if self.standing_in_for:
            parts.append(f"standing_in_for:{self.standing_in_for.pk}")
        return " ".join(parts)

    @property
    def behind(self) -> frozenset[int]:
        """Everybody who stands behind the act: the person, and the holder they stand in for."""
        people = (self.person, self.standing_in_for)
        return frozenset(each.pk for each in people if each is not None)

    def shares_a_person_with(self, *people: int | None) -> bool:
        """Whether one of the people stands behind this act: for "nobody judges their own work"."""
        return not self.behind.isdisjoint({each for each in people if each is not None})

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
        if self.person and self.office and self.standing_in_for:
            return _("%(person)s 代 %(holder)s · %(office)s") % {
                "person": self.person,
                "holder": self.standing_in_for,
                "office": self.office,
            }
        if self.person and self.office:
            return f"{self.person} · {self.office}"
        return str(self.person) if self.person else _("未登录")


@dataclass(frozen=True)
class Console:
    """The operator at the command line: has the machine, so has the functions; is named as such in the log."""

    name: str = "console"

    person_ref: int | None = None
    office_ref: int | None = None

    @property
    def reference(self) -> str:
        return f"console:{self.name}"

    def shares_a_person_with(self, *people: int | None) -> bool:
        return False

    def may(self, function: str) -> bool:
        return True

    def sees(self, path: str) -> bool:
        return True

    def __str__(self) -> str:
        return self.name


class WithoutAccount:
    """Somebody known by a code or a link alone: no account, no office, no right but over what is their own."""

    __slots__ = ()

    person_ref: None = None
    office_ref: None = None

    def may(self, function: str) -> bool:
        return False

    def sees(self, path: str) -> bool:
        return False

    def shares_a_person_with(self, *people: int | None) -> bool:
        return False


Actor = Acting | Console
