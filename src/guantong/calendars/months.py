"""A year as twelve months of weeks, for the page."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from guantong.kernel.workdays import SATURDAY, WorkdayCalendar

WEEKDAYS = (  # the head of a month's columns, from Monday
    pgettext_lazy("weekday", "一"),
    pgettext_lazy("weekday", "二"),
    pgettext_lazy("weekday", "三"),
    pgettext_lazy("weekday", "四"),
    pgettext_lazy("weekday", "五"),
    pgettext_lazy("weekday", "六"),
    pgettext_lazy("weekday", "日"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day on the page: ``swapped`` where it is not what its weekday says."""

    day: dt.date
    is_work: bool
    swapped: bool
    name: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: list[list[Cell | None]]
    workdays: int


def months_of(year: int, days: WorkdayCalendar, *, today: dt.date) -> Iterator[Month]:
    """The year's months, Monday first; days of a neighbouring month are None."""
    for number in range(1, 13):
        weeks: list[list[Cell | None]] = [
            [
                _cell(dt.date(year, number, each), days, today) if each else None
                for each in week
            ]
            for week in calendar.Calendar().monthdayscalendar(year, number)
        ]  # fmt: skip
        yield Month(number, weeks, sum(cell is not None and cell.is_work for week in weeks for cell in week))


def _cell(day: dt.date, days: WorkdayCalendar, today: dt.date) -> Cell:
    is_work = days.is_workday(day)
    return Cell(day, is_work, is_work != (day.weekday() < SATURDAY), days.name_of(day), day == today)
