"""The arithmetic of a case's periods: pure functions of days, a term, pauses and the working-day calendar.

The day on which a period begins is not counted. A period in days runs past weekends and holidays; one in working days
goes by the calendar. A day on which the clock stands still is not counted either: a pause stands still from its first
day up to, not including, the day it ends on, and that day counts again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from guantong.cases.terms import Term
from guantong.kernel.workdays import WorkdayCalendar

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Still:
    """The clock stands still from ``starts`` until ``ends``, which counts again."""

    starts: dt.date
    ends: dt.date


def due_day(
    start: dt.date,
    term: Term,
    calendar: WorkdayCalendar,
    *,
    pauses: Iterable[Still] = (),
    longer_by: Term | None = None,
) -> dt.date:
    """The last day of a period that runs from ``start``, made longer and moved by pauses."""
    end = term.end(start, calendar)
    if longer_by is not None:
        end = longer_by.end(end, calendar)
    for pause in sorted(pauses, key=lambda each: (each.starts, each.ends)):
        end = moved(end, start, pause, workdays=term.workdays, calendar=calendar)
    return end


def moved(
    end: dt.date, start: dt.date, pause: Still, *, workdays: bool, calendar: WorkdayCalendar
) -> dt.date:
    """The last day after one more pause: later by the days of the pause that the period would have counted.

    A pause that began after the last day moves nothing: the period was over. Pauses that follow each other are
    applied in order; they do not overlap.
    """
    first = max(pause.starts, start + DAY)
    if pause.ends <= first or first > end:
        return end
    if not workdays:
        return end + (pause.ends - first)
    lost = calendar.workdays_between(first - DAY, pause.ends - DAY)
    return calendar.add_workdays(end, lost) if lost else end


def days_left(due: dt.date, on: dt.date, *, workdays: bool, calendar: WorkdayCalendar) -> int:
    """How many days of the period are left after ``on``; negative once it is over."""
    return calendar.workdays_between(on, due) if workdays else (due - on).days


def is_over(due: dt.date, on: dt.date, *, met_on: dt.date | None = None) -> bool:
    """Whether the period ran out before it was met, as of ``on``."""
    return (met_on or on) > due
