"""Where units lay on each day of a period: today's tree with the moves and mergers since then taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from guantong.organisation.models import STEP, Succession, Unit, UnitChange

BEGINNING, END = 0, dt.date.max.toordinal()
BATCH = 5000
DEEPEST = 40  # changes dated against each other could put a unit above itself
Chain = tuple[str, ...]
Placed = tuple[int, int, Chain]
"""First day, day after the last, and the paths (as they are now) from the root down to the unit itself."""


@dataclass
class Placements:
    """The parents that units had before they were moved, by day. ``roots`` are the paths of what was moved."""

    before: dict[int, list[tuple[int, int | None]]] = field(default_factory=dict)
    roots: frozenset[str] = frozenset()
    _frame: dict[int, tuple[str, int | None]] = field(default_factory=dict)

    def has_moved(self, path: str) -> bool:
        """Whether the unit or one above it was moved, so that its path does not say where it lay before."""
        return bool(self.roots) and any(path[:end] in self.roots for end in range(STEP, len(path) + 1, STEP))

    def load(self, units: Iterable[int]) -> None:
        """Read what stands above these units now and stood above them before; one query a level."""
        wanted = {pk for pk in units if pk not in self._frame}
        while wanted:
            for pk, path, parent in _rows(wanted, "pk", "pk", "path", "parent_id"):
                self._frame[pk] = (path, parent)
            above = {parent for pk in wanted for _on, parent in self.before.get(pk, ())}
            above |= {self._frame[pk][1] for pk in wanted}
            wanted = {pk for pk in above if pk is not None and pk not in self._frame}

    def of(self, pk: int, *, since: int, until: int, depth: int = 0) -> Iterator[Placed]:
        """Where a loaded unit lay from day ``since`` to before day ``until``, in order."""
        path, parent = self._frame[pk]
        if depth > DEEPEST:
            return
        start = since
        for on, above in [*self.before.get(pk, ()), (END, parent)]:
            end = min(on, until)
            if end <= start:
                continue
            if above is None:
                yield start, end, (path,)
            else:
                for first, last, chain in self.of(above, since=start, until=end, depth=depth + 1):
                    yield first, last, (*chain, path)
            start = end


def placements_since(day: dt.date) -> Placements:
    """What was moved after the day; whatever was moved until then has lain where it lies ever since.

    Two queries where nothing was moved, three where something was.
    """
    moves: list[tuple[int, str, str]] = []  # day, code of what was moved, code of what it lay under
    changes = UnitChange.objects.filter(kind__in=[UnitChange.Kind.MOVED, UnitChange.Kind.MERGED], on__gt=day)
    for kind, day_of, details, code in changes.order_by("on", "pk").values_list(
        "kind", "on", "details", "unit__code"
    ):
        on = day_of.toordinal()
        if kind == UnitChange.Kind.MOVED:
            moves.append((on, code, details.get("before", "")))
        else:
            moves += [(on, child, code) for child in details.get("children", ())]
    if not moves:
        return Placements()
    codes = {code for _on, *both in moves for code in both}
    known = {code: (pk, path) for code, pk, path in _rows(codes, "code", "code", "pk", "path")}
    before: dict[int, list[tuple[int, int | None]]] = {}
    for on, code, under in moves:
        if code in known:
            before.setdefault(known[code][0], []).append((on, known[under][0] if under in known else None))
    roots = frozenset(known[code][1] for _on, code, _under in moves if code in known)
    return Placements(before, roots)


def _rows(wanted: Iterable[Any], by: str, *fields: str) -> Iterator[tuple[Any, ...]]:
    """Units by a column, however many: a database takes only so many values at once."""
    values = sorted(wanted)
    for first in range(0, len(values), BATCH):
        found = Unit.objects.filter(**{f"{by}__in": values[first : first + BATCH]})
        yield from found.values_list(*fields)


Heirs = dict[int, tuple[int, int]]


def heirs_by_merger() -> Heirs:
    """Unit merged away → (the day, the unit that goes on). A split has no single heir, so it is not here."""
    merged = Succession.objects.filter(kind=UnitChange.Kind.MERGED).order_by("on", "pk")
    return {
        before: (on.toordinal(), after)
        for before, after, on in merged.values_list("predecessor_id", "successor_id", "on")
    }


def carried(unit: int, start: int, end: int, heirs: Heirs) -> Sequence[tuple[int, int, int]]:
    """A span of something of the unit's, as (unit, first day, day after the last): its heirs' from each merger on."""
    spans: list[tuple[int, int, int]] = []
    seen = {unit}
    while unit in heirs and heirs[unit][1] not in seen:
        on, heir = heirs[unit]
        if start < min(end, on):
            spans.append((unit, start, min(end, on)))
        start, unit = max(start, on), heir
        seen.add(unit)
    if start < end:
        spans.append((unit, start, end))
    return spans
