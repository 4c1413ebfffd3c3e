"""Working days of China: statutory days, swapped days, weekends.

The arrangement of a year is announced by the State Council in the November before (for 2026: notice of
4 November 2025). Days come from the `holidays` library, bridge days included; a year it has no swapped days
for is *provisional*: statutory days and weekends count, and pages say that the arrangement is not known.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property, lru_cache

import holidays

DAY = dt.timedelta(days=1)
SATURDAY = 5
# Statutory days with a date of the solar calendar (rule of 2024); all that is known where the library ends.
FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"} | {(10, day): "国庆节" for day in (1, 2, 3)}


class WorkdayCalendar:
    """Working days over a span of years; days outside the span count by weekends alone.

    ``off`` are days off on any weekday, ``work`` working days on any weekday (they win), ``names`` says why,
    ``announced`` are the years whose arrangement is known (None: all of them).
    """

    def __init__(
        self,
        years: Iterable[int],
        *,
        off: Iterable[dt.date] = (),
        work: Iterable[dt.date] = (),
        names: dict[dt.date, str] | None = None,
        announced: Collection[int] | None = None,
    ) -> None:
        self.years = tuple(sorted(set(years)))
        self._off = frozenset(off)
        self._work = frozenset(work)
        self._names = names or {}
        self._announced = frozenset(self.years if announced is None else announced) & frozenset(self.years)

    @classmethod
    def china(
        cls,
        years: Iterable[int],
        *,
        extra_off: Iterable[dt.date] = (),
        extra_work: Iterable[dt.date] = (),
        extra_names: Iterable[tuple[dt.date, str]] = (),
        announced: Iterable[int] = (),
    ) -> WorkdayCalendar:
        """The national calendar, with days of a region's own (an autonomous region may add holidays).

        The extra days win over the national ones; ``announced`` are years that are known besides those of the library.
        Raises ValueError for a day that is both off and a working day.
        """
        return _china(
            tuple(sorted(set(years))),
            frozenset(extra_off),
            frozenset(extra_work),
            tuple(sorted(extra_names)),
            frozenset(announced),
        )

    def is_workday(self, day: dt.date) -> bool:
        if day in self._work:
            return True
        return day.weekday() < SATURDAY and day not in self._off

    def is_provisional(self, year: int) -> bool:
        """Whether the year's swapped days are not announced, or not known here."""
        return year not in self._announced

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
        days = self._exceptions
        return [
            (day, self.name_of(day), self.is_workday(day))
            for day in days[bisect_right(days, first) : bisect_right(days, last)]
        ]

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

    @cached_property
    def _exceptions(self) -> list[dt.date]:
        return sorted([*self._lost, *self._gained])

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
    years: tuple[int, ...],
    extra_off: frozenset[dt.date],
    extra_work: frozenset[dt.date],
    extra_names: tuple[tuple[dt.date, str], ...],
    announced: frozenset[int],
) -> WorkdayCalendar:
    if both := extra_off & extra_work:
        raise ValueError(f"both a day off and a working day: {min(both)}")
    library = holidays.country_holidays("CN", years=list(years), language="zh_CN")
    swapped = {day for day in library.weekend_workdays if day.year in years}
    names = {day: str(name) for day, name in library.items() if day.year in years}
    for year in set(years) - {day.year for day in names}:
        names |= {dt.date(year, *day): name for day, name in FIXED.items()}
    work = (swapped - extra_off) | extra_work
    off = set(names) | extra_off
    names |= dict.fromkeys(work, "调休上班") | dict(extra_names)
    return WorkdayCalendar(
        years, off=off - work, work=work, names=names, announced=_announced_years() | announced
    )


@lru_cache(maxsize=1)
def _announced_years() -> frozenset[int]:
    """The years the library knows swapped working days of; it has some for every year since 2001."""
    library = holidays.country_holidays("CN", years=range(2001, 2061))
    return frozenset(day.year for day in library.weekend_workdays)
