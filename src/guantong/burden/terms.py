"""What a package's burden block says, with defaults where it is silent; and the practice to compare with."""

from __future__ import annotations

from collections.abc import Iterable

from guantong.mechanisms.package import Package
from guantong.mechanisms.package.vocabulary import ways_of_what_is_never_asked

# What a village is known to fill in a year in practice, from the design of this room; not a rule and no target.
# The ground for counting at all is the 规定 on formalism at the base of 2024-08-06 (rules.md §2.8).
PRACTICE_FORMS = 90
MAX_FIELDS = 8  # of one request, where a package says nothing


def max_fields(package: Package) -> int:
    return int(package.burden.get("max_fields_per_report", MAX_FIELDS))


def minutes_per_issuer(package: Package) -> int | None:
    """The yearly budget of every issuing unit; None where the package sets none."""
    found = package.burden.get("minutes_per_issuer")
    return int(found) if found is not None else None


def never(packages: Iterable[Package]) -> dict[str, str]:
    """Every way of writing what is never asked, with the word of the ban."""
    return ways_of_what_is_never_asked(
        [word for package in packages for word in package.burden.get("never") or ()]
    )
