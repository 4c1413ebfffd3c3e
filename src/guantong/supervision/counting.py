"""Counting what a unit's subtree owed by a day: what became of it, by element and by unit below; matters and measures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.queries import in_subtree
from guantong.organisation.models import STEP, Unit
from guantong.supervision.choices import LadderStep, MatterStage
from guantong.supervision.models import Escalation, MatterPart
from guantong.supervision.queries.ladder import listed_already, still_owed

NOT_COUNTED = (State.EXCUSED, State.CANCELLED, State.SUSPENDED)


@dataclass
class Heap:
    """The obligations of one unit, element or of all, by what became of them."""

    refs: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def n(self, what: str) -> int:
        return len(self.refs[what]) if what in self.refs else 0


@dataclass
class Counting:
    """Counts the obligations of a unit's subtree that were due by a day."""

    cycle: Cycle
    unit: Unit
    as_of: dt.date
    all: Heap = field(default_factory=Heap)
    by_pillar: dict[str, Heap] = field(default_factory=lambda: defaultdict(Heap))
    by_child: dict[int, Heap] = field(default_factory=lambda: defaultdict(Heap))
    matters_overdue: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, cycle: Cycle, unit: Unit, *, as_of: dt.date) -> Self:
        made = cls(cycle, unit, as_of)
        made._count()
        return made

    @cached_property
    def children(self) -> dict[int, Unit]:
        return {each.pk: each for each in Unit.objects.children_of(self.unit).order_by("path")}

    @cached_property
    def pillars(self) -> list[tuple[str, str]]:
        """(id, Chinese name) in the order of the package; a figure names one by its place."""
        return [(each.id, each.name.zh) for tier in self.cycle.package.tiers for each in tier.pillars]

    def _count(self) -> None:
        by_path = {each.path: pk for pk, each in self.children.items()}
        width = len(self.unit.path) + STEP
        rows = in_subtree(Obligation.objects.filter(cycle=self.cycle), self.unit.path)
        counted = rows.filter(due_on__lte=self.as_of).exclude(state__in=NOT_COUNTED)
        shown = ("pk", "unit_path", "pillar", "source", "state", "due_on", "claimed_on", "settled_on")
        for pk, path, pillar, source, state, due_on, claimed_on, settled_on in counted.values_list(
            *shown
        ).order_by("pk"):
            became = self._became(state, due_on, claimed_on, settled_on)
            heaps = [self.all, self.by_pillar[pillar]]
            if (child := by_path.get(path[:width])) is not None:
                heaps.append(self.by_child[child])
            for heap in heaps:
                for what in became:
                    heap.refs[what].append(pk)
            if source == Source.MATTER and "overdue" in became:
                self.matters_overdue.append(pk)

    def _became(
        self, state: str, due_on: dt.date, claimed_on: dt.date | None, settled_on: dt.date | None
    ) -> list[str]:
        """By the day of the circular, whatever was done since."""
        claimed = claimed_on or (settled_on if state == State.FULFILLED else None)
        if claimed is not None and claimed <= self.as_of:
            if state != State.FULFILLED:
                return ["due", "waiting"]
            return ["due", "done", "on_time" if claimed <= due_on else "late"]
        return ["due", "overdue"] if due_on < self.as_of else ["due"]

    @cached_property
    def listed(self) -> dict[int, list[int]]:
        """Unit → obligations whose step "circular" was confirmed, still overdue and in no issued circular yet."""
        before = listed_already(self.cycle)
        found: dict[int, list[int]] = defaultdict(list)
        for unit, obligation in self._confirmed(LadderStep.CIRCULAR, only_owed=True):
            if obligation not in before:
                found[unit].append(obligation)
        return dict(found)

    def _confirmed(self, step: str, *, only_owed: bool = False) -> Iterable[tuple[int, int]]:
        rows = Escalation.objects.filter(
            cycle=self.cycle,
            step=step,
            confirmed=True,
            decided_at__date__lte=self.as_of,
            unit__path__startswith=self.unit.path,
        )
        rows = still_owed(rows) if only_owed else rows
        return rows.order_by("unit__path", "obligation").values_list("unit", "obligation")

    @cached_property
    def overdue_matters(self) -> list[int]:
        """Matters with a part overdue in the subtree, the longest overdue first."""
        parts = MatterPart.objects.filter(
            obligation__in=self.matters_overdue, matter__number__isnull=False
        ).values_list("matter", "obligation__due_on")
        first: dict[int, dt.date] = {}
        for matter, due_on in parts:
            if due_on is not None:
                first[matter] = min(due_on, first.get(matter, due_on))
        return sorted(first, key=lambda matter: (first[matter], matter))

    @cached_property
    def struck_off(self) -> dict[int, list[int]]:
        """Matter struck off by the day → the obligations of its parts in the subtree."""
        parts = MatterPart.objects.filter(
            matter__cycle=self.cycle,
            matter__stage=MatterStage.CLOSED,
            matter__closed_on__lte=self.as_of,
            unit__path__startswith=self.unit.path,
            obligation__isnull=False,
        )
        found: dict[int, list[int]] = defaultdict(list)
        for matter, obligation in parts.order_by("matter", "pk").values_list("matter", "obligation"):
            found[matter].append(obligation or 0)
        return dict(found)

    def is_perfect(self, child: int) -> bool:
        """Something was due, and all of it was done in time."""
        heap = self.by_child.get(child, Heap())
        return 0 < heap.n("due") == heap.n("on_time")
