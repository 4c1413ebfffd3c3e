"""The board: tiers by elements, each cell with its figure, its lights and its trend."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from guantong.kernel.bilingual import Text
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import WORST_FIRST, Light, State
from guantong.obligations.models import Obligation
from guantong.obligations.queries import in_subtree
from guantong.organisation.models import Unit
from guantong.reporting.models import Tally, TallyKind


@dataclass
class Tallied:
    """Lights and states of a set of obligations.

    The figure is done / (done + overdue): of what had to be done by now, how much is. Nothing due yet
    gives no figure, which is not 0.
    """

    lights: Counter[str] = field(default_factory=Counter)
    done: int = 0
    waiting: int = 0

    def add(self, light: str, state: str, number: int) -> None:
        self.lights[light] += number
        if state == State.FULFILLED:
            self.done += number
        elif state == State.CLAIMED:
            self.waiting += number

    def without(self, parts: Iterable[Tallied]) -> Tallied:
        """What is left when the parts are taken away."""
        rest = Tallied(Counter(self.lights), self.done, self.waiting)
        for each in parts:
            rest.lights.subtract(each.lights)
            rest.done -= each.done
            rest.waiting -= each.waiting
        return rest

    @property
    def overdue(self) -> int:
        return self.lights[Light.RED]

    @property
    def counted(self) -> int:
        """The denominator: done and overdue."""
        return self.done + self.overdue

    @property
    def total(self) -> int:
        return sum(self.lights.values())

    @property
    def share(self) -> float | None:
        return self.done / self.counted if self.counted else None

    @property
    def percent(self) -> str | None:
        """One decimal, rounded down, so that 100 only stands where nothing is missing."""
        if not self.counted:
            return None
        tenths = self.done * 1000 // self.counted
        return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"

    @property
    def worst(self) -> str:
        """The worst light there is; none where nothing is lit."""
        return next((each for each in WORST_FIRST if self.lights[each]), str(Light.NONE))

    @property
    def light_counts(self) -> dict[str, int]:
        return {light: self.lights[light] for light in Light.values}


@dataclass
class CoverageFigure:
    rule: str
    due: int
    done: int


@dataclass
class Cell:
    """One element of the mechanism within one unit."""

    pillar: str
    name: Text
    tally: Tallied
    trend: list[float | None] = field(default_factory=list)
    coverage: list[CoverageFigure] = field(default_factory=list)


@dataclass
class Tier:
    name: Text
    cells: list[Cell]


@dataclass
class Board:
    cycle: Cycle
    unit: Unit
    tiers: list[Tier]
    counted_at: dt.datetime | None

    @property
    def cells(self) -> list[Cell]:
        return [cell for tier in self.tiers for cell in tier.cells]


# From this many obligations on, a subtree's lights are read from the tallies of the last minute.
LARGE = 4_000


def board(cycle: Cycle, unit: Unit, *, on: dt.date) -> Board:
    """The board of a unit's subtree. At most two queries: its tallies, and live counts where it is not large."""
    tallies: dict[str, Tallied] = defaultdict(Tallied)
    months: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    covered: dict[str, list[CoverageFigure]] = defaultdict(list)
    kept = Tally.objects.filter(cycle=cycle, unit=unit).order_by("pillar", "label")
    for pillar, kind, label, due, done in kept.values_list("pillar", "kind", "label", "due", "done"):
        if kind == TallyKind.MONTH:
            months[pillar][label] = (done, due)
        elif kind == TallyKind.COVERAGE:
            covered[pillar].append(CoverageFigure(label, due, done))
        else:
            light, _colon, state = label.partition(":")
            tallies[pillar].add(light, state, due)
    if sum(each.total for each in tallies.values()) < LARGE:
        tallies = defaultdict(Tallied, _live(cycle, unit))
    last_month = on.month if on.year == cycle.year else 12 if on.year > cycle.year else 0
    tiers = [
        Tier(
            tier.name,
            [
                Cell(
                    pillar.id,
                    pillar.name,
                    tallies[pillar.id],
                    trend=_trend(months[pillar.id], last_month),
                    coverage=covered[pillar.id],
                )
                for pillar in tier.pillars
            ],
        )
        for tier in cycle.package.tiers
    ]
    recount = getattr(cycle, "recount", None)
    return Board(cycle, unit, tiers, recount.counted_at if recount else None)


def _live(cycle: Cycle, unit: Unit) -> dict[str, Tallied]:
    """Counts of this moment by pillar."""
    found: dict[str, Tallied] = defaultdict(Tallied)
    rows = in_subtree(Obligation.objects.filter(cycle=cycle), unit.path).order_by()
    for pillar, light, state, number in rows.values_list("pillar", "light", "state").annotate(n=Count("pk")):
        found[pillar].add(light, state, number)
    return found


def _kept(cycle: Cycle, units: list[Unit], pillar: str | None = None) -> dict[int, dict[str, Tallied]]:
    """The tallies' lights by unit id and pillar."""
    rows = Tally.objects.filter(cycle=cycle, unit__in=units, kind=TallyKind.LIGHT)
    if pillar:
        rows = rows.filter(pillar=pillar)
    found: dict[int, dict[str, Tallied]] = defaultdict(lambda: defaultdict(Tallied))
    for unit, of_pillar, label, number in rows.values_list("unit", "pillar", "label", "due"):
        light, _colon, state = label.partition(":")
        found[unit][of_pillar].add(light, state, number)
    return found


def _trend(months: dict[str, tuple[int, int]], last: int) -> list[float | None]:
    """At each month's end so far, the share done of all that had fallen due by then, in percent."""
    points: list[float | None] = []
    done = due = 0
    for month in range(1, last + 1):
        more_done, more_due = months.get(str(month), (0, 0))
        done, due = done + more_done, due + more_due
        points.append(round(100 * done / due, 1) if due else None)
    return points


@dataclass
class UnitRow:
    unit: Unit
    tally: Tallied


@dataclass
class MatrixRow:
    """A unit with what is owed in its subtree, by element."""

    unit: Unit
    cells: dict[str, Tallied]


def matrix(cycle: Cycle, unit: Unit, *, pillar: str | None = None) -> list[MatrixRow]:
    """The unit itself and its children against the elements; whoever owes nothing is left out. Two queries.

    The children, and the tallies – or live counts where the subtree is not large.
    """
    children = list(Unit.objects.children_of(unit).order_by("path"))
    kept = _kept(cycle, [unit, *children], pillar)
    if sum(each.total for each in kept[unit.pk].values()) < LARGE:
        rows = _live_matrix(cycle, unit, children, pillar)
    else:
        rows = [MatrixRow(child, kept[child.pk]) for child in children]
        own = {each: whole.without(row.cells[each] for row in rows) for each, whole in kept[unit.pk].items()}
        rows.insert(0, MatrixRow(unit, defaultdict(Tallied, own)))
    return [row for row in rows if any(each.total for each in row.cells.values())]


def _live_matrix(cycle: Cycle, unit: Unit, children: list[Unit], pillar: str | None) -> list[MatrixRow]:
    own = MatrixRow(unit, defaultdict(Tallied))
    rows = {child.path: MatrixRow(child, defaultdict(Tallied)) for child in children}
    width = len(children[0].path) if children else 0
    live = in_subtree(Obligation.objects.filter(cycle=cycle), unit.path).order_by()
    if pillar:
        live = live.filter(pillar=pillar)
    counted = live.values_list("unit_path", "pillar", "light", "state").annotate(n=Count("pk"))
    for path, of_pillar, light, state, number in counted:
        row = own if path == unit.path else rows.get(path[:width])
        if row:
            row.cells[of_pillar].add(light, state, number)
    return [own, *rows.values()]


def units_under(cycle: Cycle, unit: Unit, *, pillar: str | None = None) -> list[UnitRow]:
    """The unit itself and its children that owe something, each with the counts of its whole subtree."""
    return [UnitRow(row.unit, _sum(row.cells.values())) for row in matrix(cycle, unit, pillar=pillar)]


def _sum(tallies: Iterable[Tallied]) -> Tallied:
    total = Tallied()
    for each in tallies:
        total.lights.update(each.lights)
        total.done += each.done
        total.waiting += each.waiting
    return total


def pillar_counts(cycle: Cycle, unit: Unit) -> dict[str, Tallied]:
    """Counts by pillar of a unit's subtree: kept where it is large, else of this moment."""
    kept = _kept(cycle, [unit])[unit.pk]
    if sum(each.total for each in kept.values()) >= LARGE:
        return dict(kept)
    return dict(_live(cycle, unit))
