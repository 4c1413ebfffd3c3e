"""The ladder remind → talk → circular → refer: from which day a step may be proposed. No step is taken by machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guantong.accounts.acting import Actor
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.package import Package
from guantong.obligations.choices import Light
from guantong.supervision.choices import LadderStep
from guantong.supervision.models import Escalation
from guantong.supervision.rules.findings import ladder_of

FIRST_DAY = 1
LAST_GAP = 5
# What a reminder of the package says it does, and the step that is.
STEP_OF_ACTION = {"": LadderStep.REMIND, "list_in_circular": LadderStep.CIRCULAR} | {
    step.value: step for step in LadderStep
}


@dataclass(frozen=True, slots=True)
class Rung:
    """A step, the working days overdue from which it is proposed, and whether the package names that day.

    A step whose day the package does not name is proposed only after the step below it was confirmed.
    """

    step: str
    day: int
    is_dated: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """The highest step proposed for an obligation so far, and what became of it."""

    step: str
    confirmed: bool | None
    decided_on: dt.date | None


def rungs(package: Package) -> list[Rung]:
    """The ladder of a package with its days, lowest first.

    A day the package does not name lies half-way between its neighbours; the last ones follow at the same distance.
    """
    steps = ladder_of(package)
    dated = _days_named(package)
    found: list[Rung] = []
    for position, step in enumerate(steps):
        before = found[-1].day if found else 0
        if step in dated:
            found.append(Rung(step, max(dated[step], before), True))
            continue
        later = next((dated[each] for each in steps[position + 1 :] if each in dated), None)
        if not found:
            day = FIRST_DAY
        elif later is not None and later > before:
            day = before + max(1, (later - before) // 2)
        else:
            gap = before - found[-2].day if len(found) > 1 else 0
            day = before + max(LAST_GAP, gap)
        found.append(Rung(step, day, False))
    return found


def _days_named(package: Package) -> dict[str, int]:
    days: dict[str, int] = {}
    for reminder in package.supervision.get("reminders") or ():
        overdue = reminder["at"].get("workdays_overdue")
        step = STEP_OF_ACTION.get(str(reminder.get("action", "")))
        if overdue is not None and step is not None:
            days[step] = min(int(overdue), days.get(step, int(overdue)))
    return days


def reminder_days(package: Package) -> int:
    """How many working days before the due day an office is first reminded."""
    days = [
        int(reminder["at"]["workdays_before_due"])
        for reminder in package.supervision.get("reminders") or ()
        if "workdays_before_due" in reminder["at"]
    ]
    return max(days, default=LAST_GAP)


def next_rung(
    ladder: Sequence[Rung], *, overdue: int, earlier: Earlier | None, on: dt.date, calendar: WorkdayCalendar
) -> Rung | None:
    """The step to propose for what is ``overdue`` working days late, one at a time and never a lower one again.

    After a decision the distance between the two steps passes once more before the next one is proposed.
    """
    if earlier is None:
        return ladder[0] if ladder and overdue >= ladder[0].day else None
    if earlier.confirmed is None or earlier.decided_on is None:
        return None
    position = [rung.step for rung in ladder].index(earlier.step) + 1
    if position >= len(ladder):
        return None
    rung, below = ladder[position], ladder[position - 1]
    if not rung.is_dated and not earlier.confirmed:
        return None
    waited = calendar.workdays_between(earlier.decided_on, on)
    return rung if overdue >= rung.day and waited >= rung.day - below.day else None


def highest(ladder: Sequence[Rung], proposed: Mapping[str, Earlier]) -> Earlier | None:
    """Of an obligation's proposals by step, the one highest on the ladder."""
    for rung in reversed(ladder):
        if rung.step in proposed:
            return proposed[rung.step]
    return None


def is_still_owed(escalation: Escalation) -> bool:
    """Whether what it is about is overdue and waits for the unit, not for a reviewer."""
    return escalation.obligation.light == Light.RED and escalation.obligation.is_claimable


def may_decide(actor: Actor, escalation: Escalation) -> bool:
    """The coordinating office over the unit."""
    return actor.may("supervision.run") and actor.sees(escalation.unit.path)
