"""The kinds of row that are found, in the order in which the page shows them."""

from __future__ import annotations

from collections.abc import Iterable

from guantong.organisation.models import STEP, Unit
from guantong.search.sources.cases import CASES
from guantong.search.sources.duties import DUTIES
from guantong.search.sources.kind import Kind
from guantong.search.sources.matters import MATTERS
from guantong.search.sources.meetings import MEETINGS
from guantong.search.sources.records import RECORDS
from guantong.search.sources.tasks import TASKS
from guantong.search.sources.units import UNITS
from guantong.search.words import Entry

KINDS: tuple[Kind, ...] = (UNITS, MATTERS, TASKS, DUTIES, RECORDS, MEETINGS, CASES)


def kind_named(name: str) -> Kind | None:
    """The kind of an address."""
    return next((kind for kind in KINDS if kind.name == name), None)


def entries_of(kind: Kind, refs: Iterable[int]) -> list[Entry]:
    """What the index is told of these rows; those that are gone are left out."""
    rows = list(kind.rows().filter(pk__in=list(refs)).order_by("pk"))
    seen = {row.pk: kind.seen_by(row) for row in rows}
    above = _units_above(path for each in seen.values() for path in each.paths)
    made = []
    for row in rows:
        said, them = kind.said(row), seen[row.pk]
        units = frozenset(above[step] for path in them.paths for step in _steps(path) if step in above)
        made.append(Entry(row.pk, said.title, said.text, units, them.offices))
    return made


def _steps(path: str) -> Iterable[str]:
    return (path[:end] for end in range(STEP, len(path) + 1, STEP))


def _units_above(paths: Iterable[str]) -> dict[str, int]:
    """The units on the way from the top to these paths, by path."""
    wanted = {step for path in set(paths) for step in _steps(path)}
    return dict(Unit.objects.filter(path__in=wanted).values_list("path", "pk"))
