"""Vacancy-days: what each unit under a coverage rule lacked over a period, and the sums for every unit above it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from guantong.grassroots.queries.scenes import (
    UNIT_FIELDS,
    Scene,
    is_left_out,
    spans_and_units_above,
    units_asked,
)
from guantong.grassroots.queries.seats import Entry, Seats, doubled_seats, seats_of
from guantong.grassroots.sweeps import Shortfall, Span, common, days_in, joined, seat_days, shortfalls
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import CoverageRule
from guantong.organisation.models import Unit
from guantong.organisation.placements import END

Part = tuple[int, int, tuple[str, ...]]
"""First day, day after the last, and the paths of the units above, from the one looked at down to the unit."""
Row = tuple[int, str, str, dt.date | None, dt.date | None]


@dataclass(slots=True)
class Line:
    """One unit under a rule over a period; what "today" says is the last day of it."""

    unit: int
    path: str
    needs: int
    parts: Sequence[Part]
    needed: Sequence[Span]
    held: Sequence[Entry]
    short: Sequence[Shortfall]
    part_time: Sequence[Entry]
    is_needed: bool = False
    has: int = 0
    acting: int = 0
    doubled: int = 0
    not_full_time: int = 0

    @property
    def vacancy_days(self) -> int:
        return seat_days(self.short)

    @property
    def needed_days(self) -> int:
        return days_in(self.needed) * self.needs

    @property
    def missing(self) -> int:
        """Seats missing today."""
        return max(0, self.needs - self.has) if self.is_needed else 0


def lines(
    cycle: Cycle,
    rule: CoverageRule,
    *,
    since: dt.date,
    on: dt.date,
    within: Unit | None = None,
    with_doubled: bool = True,
) -> Iterator[Line]:
    """Every unit that the rule asked something of from one day to the other, both included, in tree order.

    A fixed number of queries, whatever the size; a few more where units were moved after the first day.
    """
    scene = Scene.between(cycle, rule, since, on, within)
    units = units_asked(scene)
    rows: Iterable[Row] = units.values_list(*UNIT_FIELDS)
    if scene.placements.roots:
        rows = list(rows)
        scene.placements.load(row[0] for row in rows if scene.placements.has_moved(row[1]))
    else:
        rows = units.values_list(*UNIT_FIELDS).iterator(chunk_size=5000)
    return lines_of(scene, rows, seats_of(scene), doubled=doubled_seats(scene, on) if with_doubled else set())


def lines_of(scene: Scene, rows: Iterable[Row], seats: Seats, *, doubled: set[int]) -> Iterator[Line]:
    """The sweep: for each unit, its days asked for against its days held."""
    rule, today = scene.rule, scene.until - 1
    needs, by_path = rule.min or 1, rule.needs_facility is not None
    if not (rule.needs_office or rule.needs_facility):
        return
    for pk, path, code, opened, closed in rows:
        if is_left_out(rule, code):
            continue
        start = max(opened.toordinal() if opened else 0, scene.since)
        end = min(closed.toordinal() if closed else END, scene.until)
        parts = list(spans_and_units_above(scene, pk, path, (start, end)))
        if not parts:
            continue
        needed = joined((first, last) for first, last, _chain in parts)
        key = path if by_path else pk
        held = seats.held.get(key, ())
        short = shortfalls(needed, [entry[:3] for entry in held], needs=needs)
        line = Line(pk, path, needs, parts, needed, held, short, seats.part_time.get(key, ()))
        if needed[-1][1] > today:
            _say_today(line, today, doubled)
        yield line


def _say_today(line: Line, today: int, doubled: set[int]) -> None:
    line.is_needed = True
    seats = {seat for seat, start, end, _acting in line.held if start <= today < end}
    regular = {seat for seat, start, end, acting in line.held if not acting and start <= today < end}
    line.has, line.acting = len(seats), len(seats) - len(regular)
    part_time = {seat for seat, start, end, _acting in line.part_time if start <= today < end}
    line.not_full_time = len(part_time - seats)
    line.doubled = len((seats | part_time) & doubled) if doubled else 0


@dataclass(slots=True)
class Sum:
    """What a unit above adds up. The counts speak of the last day, the days of the whole period."""

    units: int = 0
    needs: int = 0
    has: int = 0
    gaps: int = 0
    missing: int = 0
    acting: int = 0
    doubled: int = 0
    not_full_time: int = 0
    vacancy_days: int = 0
    needed_days: int = 0

    @property
    def met(self) -> int:
        """Units that have what they need."""
        return self.units - self.gaps

    @property
    def percent(self) -> str | None:
        """Units covered in per cent, cut to one place, so that it says 100 only where nothing is missing."""
        if not self.units:
            return None
        tenths = self.met * 1000 // self.units
        return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"

    def add(self, other: Sum) -> None:
        for name in Sum.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Sums:
    """Sums by path; ``children`` are the paths that stood directly below the unit looked at."""

    by_path: dict[str, Sum] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)

    def at(self, path: str) -> Sum:
        return self.by_path.get(path) or Sum()


def sums(found: Iterable[Line], *, own: bool = True) -> Sums:
    """Add the lines up: every day counts where the unit lay on that day, so a whole is the sum of its parts.

    ``own`` keeps a sum for the units under the rule too, not only for those above.
    """
    together: dict[tuple[str, ...], Sum] = {}
    for line in found:
        for number, (start, end, chain) in enumerate(line.parts, start=1):
            above = chain if own else chain[:-1]
            kept = together.get(above)
            if kept is None:
                kept = together[above] = Sum()
            _add_days(kept, line, start, end)
            if line.is_needed and number == len(line.parts):
                _add_today(kept, line)
    made = Sums()
    for above, total in together.items():
        for path in above:
            if path not in made.by_path:
                made.by_path[path] = Sum()
            made.by_path[path].add(total)
        made.children.update(above[1:2])
    return made


def _add_days(kept: Sum, line: Line, start: int, end: int) -> None:
    kept.needed_days += (end - start) * line.needs
    if not line.short:
        return
    if len(line.parts) == 1:
        kept.vacancy_days += seat_days(line.short)
        return
    for first, last, missing in line.short:
        kept.vacancy_days += days_in(common([(first, last)], [(start, end)])) * missing


def _add_today(kept: Sum, line: Line) -> None:
    kept.units += 1
    kept.needs += line.needs
    kept.has += line.has
    kept.gaps += line.missing > 0
    kept.missing += line.missing
    kept.acting += line.acting
    kept.doubled += line.doubled
    kept.not_full_time += line.not_full_time
