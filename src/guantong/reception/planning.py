"""Reception days of a year, and the stretches of a day: from the rule and the calendar alone.

A day that falls on a holiday or weekend moves to the working day next to it, and stays in its month: receiving is
owed month by month. A swapped working day counts as what it is, a day of work. While the swapped days of a year are
not announced, its days are provisional.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guantong.kernel.periods import month_end
from guantong.kernel.workdays import DAY, WorkdayCalendar
from guantong.reception.terms import PREVIOUS, SKIP, Terms

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """The day the rule gave, the day it is held on, and whether the calendar may still move it."""

    planned_on: dt.date
    day: dt.date
    provisional: bool

    @property
    def moved(self) -> bool:
        return self.day != self.planned_on


def days_of_year(terms: Terms, *, year: int, calendar: WorkdayCalendar) -> list[PlannedDay]:
    """The reception days of a year, one a month at most; none where the rule fixes no day."""
    if terms.monthly_day is None:
        return []
    found = []
    for month in range(1, 13):
        planned = dt.date(year, month, min(max(terms.monthly_day, 1), month_end(year, month).day))
        day = moved_past_holidays(planned, if_holiday=terms.if_holiday, calendar=calendar)
        if day is not None:
            found.append(PlannedDay(planned, day, calendar.is_provisional(year)))
    return found


def moved_past_holidays(planned: dt.date, *, if_holiday: str, calendar: WorkdayCalendar) -> dt.date | None:
    """The working day the planned one becomes, in the same month; None where the rule skips it or the month has none."""
    if calendar.is_workday(planned):
        return planned
    if if_holiday == SKIP:
        return None
    after = _first_workday(planned, month_end(planned.year, planned.month), DAY, calendar)
    before = _first_workday(planned, planned.replace(day=1), -DAY, calendar)
    return (before or after) if if_holiday == PREVIOUS else (after or before)


def _first_workday(
    start: dt.date, last: dt.date, step: dt.timedelta, calendar: WorkdayCalendar
) -> dt.date | None:
    day = start
    while day != last:
        day += step
        if calendar.is_workday(day):
            return day
    return None


def stretches(starts_at: dt.time, ends_at: dt.time, *, minutes: int) -> list[tuple[dt.time, dt.time]]:
    """The day cut into stretches of so many minutes; what is left over is left out, one too short stays whole."""
    start, end = _minute_of(starts_at), _minute_of(ends_at)
    whole = [(at, at + minutes) for at in range(start, end - minutes + 1, minutes)] or [(start, end)]
    return [(_time_of(first), _time_of(last)) for first, last in whole]


def _minute_of(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _time_of(minute: int) -> dt.time:
    return dt.time(*divmod(minute, 60))


def last_day_to_publish(day: dt.date, *, workdays: int, calendar: WorkdayCalendar) -> dt.date:
    """A day is public at least so many working days before it."""
    return calendar.add_workdays(day, -workdays) if workdays else day


def hosts_a_day(*, hosts: int, days: int, times: int) -> int:
    """How many receive on each day so that everybody does ``times`` times over the days; at least one, at most all."""
    return min(hosts, max(1, -(-hosts * min(times, days) // days))) if days and hosts else 0


def in_rotation(
    days: Sequence[dt.date],
    hosts: Sequence[int],
    *,
    a_day: int,
    times: Mapping[int, int] | None = None,
    latest: Mapping[int, dt.date] | None = None,
    away: Mapping[int, Iterable[Span]] | None = None,
) -> list[list[int]]:
    """Who receives on each day: whoever has had fewest, then longest ago, then by the order of the hosts.

    ``times`` and ``latest`` are what was before these days. Whoever is away on a day is passed over; a day on which
    too few are there has fewer. With nobody away and nothing before, no two differ by more than one.
    """
    had = {each: (times or {}).get(each, 0) for each in hosts}
    last = {each: (latest or {}).get(each, dt.date.min) for each in hosts}
    absent = {each: list((away or {}).get(each, ())) for each in hosts}
    place = {each: at for at, each in enumerate(hosts)}
    found = []
    for day in days:
        there = [each for each in hosts if not any(first <= day <= end for first, end in absent[each])]
        chosen = sorted(there, key=lambda each: (had[each], last[each], place[each]))[:a_day]
        for each in chosen:
            had[each], last[each] = had[each] + 1, day
        found.append(chosen)
    return found
