"""From the deadline a task states to dated steps in the year. Writes nothing, guesses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from guantong.kernel.periods import due_date, periods
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package

PER_OF_RULE = {
    "weekly": "week",
    "ten-daily": "ten_days",
    "monthly": "month",
    "quarterly": "quarter",
    "half-yearly": "half",
    "yearly": "year",
}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as it was understood: kind, dates, the rule in words, and the original text."""

    kind: str
    dates: tuple[dt.date, ...] = ()
    value: str = ""
    text: str = ""
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One dated step: from when the work runs, by when it is due, towards what."""

    starts_on: dt.date
    due_on: dt.date
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Steps in the year; where there are none, ``undecided`` says a person must set a date."""

    steps: tuple[Step, ...] = field(default=())
    undecided: bool = False


def schedule(due: Due, cycle: Cycle) -> Schedule:
    """Steps for the cycle's year.

    ``ongoing`` work has no due date; it is looked at by the package's reporting cadence. ``relative``,
    ``external``, ``immediate``, ``none`` and ``unknown`` wait for a person.
    """
    if due.kind == "milestones" or (due.kind == "due" and due.dates):
        return _dated(due.dates, due.goals, cycle)
    if due.kind == "span" and len(due.dates) == 2:
        return _dated((min(due.dates[1], cycle.ends_on),), (), cycle)
    if due.kind == "recurring":
        return _recurring(due.value, cycle)
    if due.kind == "ongoing":
        per, due_day = report_cadence(cycle.package)
        return Schedule(tuple(_each_period(per, due_day, cycle)))
    return Schedule(undecided=True)


def _dated(dates: Sequence[dt.date], goals: Sequence[str], cycle: Cycle) -> Schedule:
    steps, start = [], cycle.starts_on
    for number, day in enumerate(sorted(dates)):
        goal = goals[number] if number < len(goals) else ""
        steps.append(Step(starts_on=min(start, day), due_on=day, goal=goal))
        start = day + dt.timedelta(days=1)
    return Schedule(tuple(steps))


def _recurring(rule: str, cycle: Cycle) -> Schedule:
    word, _sep, tail = rule.partition(":")
    if word == "yearly" and "-" in tail:
        dates = [dt.date(cycle.year, *(int(part) for part in each.split("-"))) for each in tail.split(",")]
        return _dated(dates, (), cycle)
    per = PER_OF_RULE.get(word)
    if per is None:
        return Schedule(undecided=True)
    days: list[int | None] = (
        [int(each) for each in tail.split(",") if each.isdigit()] if per != "week" else []
    )
    steps = {step.due_on: step for day in (days or [None]) for step in _each_period(per, day, cycle)}
    return Schedule(tuple(steps[day] for day in sorted(steps)))


def _each_period(per: str, due_day: int | None, cycle: Cycle) -> list[Step]:
    found = []
    for period in periods(per, start=cycle.starts_on, end=cycle.ends_on):
        due = due_date(period, due=None, due_day=due_day)
        found.append(Step(starts_on=min(period.starts, due), due_on=due))
    return found


def report_cadence(package: Package) -> tuple[str, int | None]:
    """(per, due day) of the package's task reports; quarterly where it says nothing."""
    for task_list in package.task_lists:
        report = task_list.get("report")
        if isinstance(report, dict):
            return str(report.get("per", "quarter")), report.get("due_day")
    return "quarter", None


def task_pillar(package: Package) -> str:
    """The pillar that tasks feed: the one named for tasks, else the last pillar of the middle tier."""
    pillars = [pillar.id for tier in package.tiers for pillar in tier.pillars]
    named = [each for each in pillars if "task" in each]
    if named:
        return named[0]
    middle = package.tiers[len(package.tiers) // 2]
    return middle.pillars[-1].id
