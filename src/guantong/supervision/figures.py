"""The numbers a circular may use: each by a key, with the obligations it was counted from.

Every key can be counted again on another day, so a sentence that a person wrote around a figure stays true.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from guantong.kernel.decimals import round_half_up
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.queries import in_subtree
from guantong.organisation.models import STEP, Unit
from guantong.supervision.choices import LadderStep, MatterStage
from guantong.supervision.models import Escalation, Figure, MatterPart
from guantong.supervision.queries.ladder import still_owed

NOT_COUNTED = (State.EXCUSED, State.CANCELLED, State.SUSPENDED)
LISTED = "listed"
WHAT = {
    "due": "应完成事项",
    "done": "已完成事项",
    "on_time": "按期完成事项",
    "late": "逾期后完成事项",
    "waiting": "已申报待审核事项",
    "overdue": "逾期未完成事项",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure before it is stored. ``refs`` are the obligations behind it."""

    key: str
    label: str
    value: str
    refs: tuple[int, ...]

    def as_row(self) -> Figure:
        return Figure(key=self.key, label=self.label, value=self.value, refs=list(self.refs))


@dataclass
class Heap:
    """The obligations of one unit, element or of all, by what became of them."""

    refs: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def n(self, what: str) -> int:
        return len(self.refs[what]) if what in self.refs else 0


@dataclass
class Numbers:
    """Counts the obligations of a unit's subtree that were due by a day."""

    cycle: Cycle
    unit: Unit
    as_of: dt.date
    all: Heap = field(default_factory=Heap)
    by_pillar: dict[str, Heap] = field(default_factory=lambda: defaultdict(Heap))
    by_child: dict[int, Heap] = field(default_factory=lambda: defaultdict(Heap))
    matters_overdue: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, cycle: Cycle, unit: Unit, *, as_of: dt.date) -> Numbers:
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
        before: set[int] = set()
        issued = Figure.objects.filter(circular__cycle=self.cycle, circular__number__isnull=False, key=LISTED)
        for refs in issued.values_list("refs", flat=True):
            before.update(refs)
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

    def figure(self, key: str) -> Counted | None:
        """The figure of a key, or None where no such figure exists."""
        head, _, what = key.partition("_")
        if key in WHAT:
            return self._of(key, "", self.all, key)
        if key == "rate":
            return self._rate()
        if head[:1] == "p" and head[1:].isdigit() and what in WHAT and int(head[1:]) < len(self.pillars):
            identifier, name = self.pillars[int(head[1:])]
            return self._of(key, name, self.by_pillar.get(identifier, Heap()), what)
        if head[:1] == "u" and head[1:].isdigit() and what in WHAT and int(head[1:]) in self.children:
            child = self.children[int(head[1:])]
            return self._of(key, child.name, self.by_child.get(child.pk, Heap()), what)
        return self._of_supervision(key)

    def _of(self, key: str, name: str, heap: Heap, what: str) -> Counted:
        refs = tuple(heap.refs.get(what, ()))
        return Counted(key, f"{name}{WHAT[what]}", str(len(refs)), refs)

    def _rate(self) -> Counted:
        due = tuple(self.all.refs.get("due", ()))
        share = Decimal(self.all.n("done") * 100) / Decimal(len(due)) if due else None
        value = "—" if share is None else f"{round_half_up(share, Decimal('0.1'))}%"
        return Counted("rate", "已完成事项占应完成事项的比重（列出应完成事项）", value, due)

    def _of_supervision(self, key: str) -> Counted | None:
        if key == "struck":
            refs = tuple(pk for parts in self.struck_off.values() for pk in parts)
            return Counted(key, "已销号督办事项（列出各承办单位的部分）", str(len(self.struck_off)), refs)
        if key == "matters_overdue":
            refs = tuple(self.matters_overdue)
            return Counted(key, "逾期未办结的督办事项", str(len(refs)), refs)
        if key in ("reminded", "talked"):
            step = LadderStep.REMIND if key == "reminded" else LadderStep.TALK
            refs = tuple(obligation for _unit, obligation in self._confirmed(step))
            return Counted(key, f"已确认{step.label}的事项", str(len(refs)), refs)
        if key == LISTED:
            refs = tuple(pk for found in self.listed.values() for pk in found)
            return Counted(key, "予以通报的逾期事项", str(len(refs)), refs)
        if key.startswith("l") and key[1:].isdigit():
            refs = tuple(self.listed.get(int(key[1:]), ()))
            return Counted(key, "予以通报的逾期事项", str(len(refs)), refs)
        if key.startswith("all_on_time_"):
            return self._all_on_time(key)
        return None

    def _all_on_time(self, key: str) -> Counted | None:
        group = key.removeprefix("all_on_time_")
        units = [pk for pk, each in self.children.items() if group_of(each) == group and self.is_perfect(pk)]
        if not any(group_of(each) == group for each in self.children.values()):
            return None
        refs = tuple(ref for pk in units for ref in self.by_child[pk].refs["due"])
        return Counted(key, "应完成事项全部按期完成的单位（列出其事项）", str(len(units)), refs)

    def is_perfect(self, child: int) -> bool:
        """Something was due, and all of it was done in time."""
        heap = self.by_child.get(child, Heap())
        return 0 < heap.n("due") == heap.n("on_time")


def group_of(unit: Unit) -> str:
    """Units that may be compared: of one kind on one level."""
    return f"{unit.kind}_{unit.level}"[:28]
