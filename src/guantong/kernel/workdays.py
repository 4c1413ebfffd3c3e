"""Working days of China: statutory days, swapped days, weekends.

The arrangement of a year is announced by the State Council in the November before (for 2026: notice of
4 November 2025). Days come from the `holidays` library; a year it has no swapped days for yet is
*provisional*: statutory days and weekends count, and pages say that the arrangement is not known.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

import holidays

DAY = dt.timedelta(days=1)
SATURDAY = 5


class WorkdayCalendar:
    """Working days over a span of years; days outside the span count by weekends alone.

    ``extra_off`` and ``extra_work`` are days of a region's own (an autonomous region may add holidays).
    """

    def __init__(
        self,
        years: Iterable[int],
        *,
        off: Iterable[dt.date] = (),
        work: Iterable[dt.date] = (),
        names: dict[dt.date, str] | None = None,
        known_through: int = 9999,
    ) -> None:
        self.years = tuple(sorted(set(years)))
        self._off = frozenset(off)
        self._work = frozenset(work)
        self._names = names or {}
        self._known_through = known_through

    @classmethod
    def china(
        cls, years: Iterable[int], *, extra_off: Iterable[dt.date] = (), extra_work: Iterable[dt.date] = ()
    ) -> WorkdayCalendar:
        return _china(tuple(sorted(set(years))), tuple(extra_off), tuple(extra_work))

    def is_workday(self, day: dt.date) -> bool:
        if day in self._work:
            return True
        return day.weekday() < SATURDAY and day not in self._off

    def is_provisional(self, year: int) -> bool:
        """Whether the year's swapped days are not announced, or not known here, yet."""
        return year > self._known_through

    def name_of(self, day: dt.date) -> str:
        """Why a day is off or swapped; empty for an ordinary day."""
        return self._names.get(day, "")

    def next_workday(self, day: dt.date) -> dt.date:
        """The day itself if it is a working day, else the next one."""
        while not self.is_workday(day):
            day += DAY
        return day

    def previous_workday(self, day: dt.date) -> dt.date:
        """The day itself if it is a working day, else the one before."""
        while not self.is_workday(day):
            day -= DAY
        return day

    def add_workdays(self, day: dt.date, number: int) -> dt.date:
        """The ``number``-th working day after ``day`` (before it when negative); ``day`` is not counted."""
        step = DAY if number > 0 else -DAY
        left = abs(number)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, first: dt.date, last: dt.date) -> int:
        """Working days after ``first`` up to and including ``last``; negative when ``last`` is earlier."""
        if last < first:
            return -self.workdays_between(last, first)
        return self._count_through(last) - self._count_through(first)

    def exceptions_between(self, first: dt.date, last: dt.date) -> list[tuple[dt.date, str, bool]]:
        """Days after ``first`` through ``last`` that are not what their weekday says: (day, name, is work)."""
        found = []
        for day in sorted(self._off | self._work):
            if first < day <= last and self.is_workday(day) != (day.weekday() < SATURDAY):
                found.append((day, self.name_of(day), self.is_workday(day)))
        return found

    def _count_through(self, day: dt.date) -> int:
        """Working days from year 1 through the day: weekdays by arithmetic, exceptions by bisection."""
        weeks, rest = divmod(day.toordinal(), 7)  # ordinal 1 was a Monday
        return weeks * 5 + min(rest, 5) - bisect_right(self._lost, day) + bisect_right(self._gained, day)

    @cached_property
    def _lost(self) -> list[dt.date]:
        return sorted(day for day in self._off - self._work if day.weekday() < SATURDAY)

    @cached_property
    def _gained(self) -> list[dt.date]:
        return sorted(day for day in self._work if day.weekday() >= SATURDAY)

    def __iter__(self) -> Iterator[dt.date]:
        """Every working day of the calendar's years."""
        for year in self.years:
            day = dt.date(year, 1, 1)
            while day.year == year:
                if self.is_workday(day):
                    yield day
                if day == dt.date.max:
                    return
                day += DAY


@lru_cache(maxsize=64)
def _china(
    years: tuple[int, ...], extra_off: tuple[dt.date, ...], extra_work: tuple[dt.date, ...]
) -> WorkdayCalendar:
    library = holidays.country_holidays("CN", years=list(years), language="zh_CN")
    swapped = sorted(library.weekend_workdays)
    work = {day for day in swapped if day.year in years} | set(extra_work)
    names = {day: str(name) for day, name in library.items()}
    names |= dict.fromkeys(work, "调休上班")
    return WorkdayCalendar(
        years,
        off=(set(library) | set(extra_off)) - work,
        work=work,
        names=names,
        known_through=max((day.year for day in _swapped_days()), default=0),
    )


@lru_cache(maxsize=1)
def _swapped_days() -> tuple[dt.date, ...]:
    """Every swapped working day the library knows, whatever the year."""
    newest = dt.date(2000, 1, 1)
    library = holidays.country_holidays("CN", years=range(2001, 2061))
    days = sorted(library.weekend_workdays)
    return tuple(days[bisect_left(days, newest) :])
