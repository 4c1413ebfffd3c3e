"""Tasks as bars over the year: where each runs, its due days with their lights, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from guantong.accounts.acting import Acting
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import SETTLED, WORST_OF_A_TASK, Source, State
from guantong.obligations.models import Obligation
from guantong.tasks.models import Assignment, Milestone, Task


@dataclass(frozen=True, slots=True)
class Mark:
    """A due day of a task with the worst light of those who owe it then. ``x`` is percent of the year."""

    day: dt.date
    x: float
    light: str
    done: bool
    goal: str


@dataclass(slots=True)
class Bar:
    """One task: from its first day to its last due day, in percent of the year."""

    task: Task
    start: float
    end: float
    marks: list[Mark] = field(default_factory=list)

    @property
    def width(self) -> float:
        return round(self.end - self.start, 3)

    @property
    def done(self) -> int:
        return sum(each.done for each in self.marks)

    @property
    def next(self) -> Mark | None:
        """The first day that is still open."""
        return next((each for each in self.marks if not each.done), None)


def place(day: dt.date, cycle: Cycle) -> float:
    """The day as percent of the cycle's year, held within it."""
    span = (cycle.ends_on - cycle.starts_on).days
    return round(100 * min(max((day - cycle.starts_on).days / span, 0), 1), 3)


def months_of(cycle: Cycle) -> list[tuple[int, float]]:
    """(month, percent of the year at which it begins)."""
    first = [dt.date(cycle.year, month, 1) for month in range(1, 13)]
    return [(each.month, place(each, cycle)) for each in first]


def bars_of(tasks: Sequence[Task], cycle: Cycle, acting: Acting) -> list[Bar]:
    """A bar for each task, from what visible units owe. Three queries, whatever the number of tasks."""
    parts = {
        each.pk: each.task_id
        for each in Assignment.objects.filter(task__in=tasks).select_related("unit")
        if acting.sees(each.unit.path)
    }
    goals = {
        (each.task_id, each.due_on): each.goal for each in Milestone.objects.filter(task__in=tasks) if each.due_on
    }  # fmt: skip
    owed: dict[int, dict[dt.date, list[Obligation]]] = {}
    starts: dict[int, dt.date] = {}
    rows = (
        Obligation.objects.filter(source=Source.TASK, source_ref__in=parts, due_on__isnull=False)
        .exclude(state=State.CANCELLED)
        .only("source_ref", "due_on", "starts_on", "state", "light")
    )
    for each in rows.order_by("due_on"):
        task = parts[each.source_ref]
        assert each.due_on is not None
        owed.setdefault(task, {}).setdefault(each.due_on, []).append(each)
        starts[task] = min(starts.get(task, each.starts_on), each.starts_on)
    return [_bar(each, owed.get(each.pk, {}), starts.get(each.pk), goals, cycle) for each in tasks]


def _bar(
    task: Task,
    owed: dict[dt.date, list[Obligation]],
    start: dt.date | None,
    goals: dict[tuple[int, dt.date], str],
    cycle: Cycle,
) -> Bar:
    marks = [
        Mark(
            day=day,
            x=place(day, cycle),
            light=min((each.light for each in rows), key=WORST_OF_A_TASK.index),
            done=all(each.state in SETTLED for each in rows),
            goal=goals.get((task.pk, day), ""),
        )
        for day, rows in sorted(owed.items())
    ]
    begins = place(start, cycle) if start else 0.0
    return Bar(task, begins, max((each.x for each in marks), default=begins), marks)
