"""Which calendar counts where: the national one, with what territories above the unit have entered."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

from django.db.models import QuerySet

from guantong.calendars.choices import DayKind
from guantong.calendars.models import CalendarDay, KnownYear
from guantong.kernel.workdays import WorkdayCalendar
from guantong.organisation.models import Unit

FRESH_SECONDS = 30  # another process sees a change within this time


@dataclass(slots=True)
class _Kept:
    """What was read from the table, until it is too old. Empty in most installations: then nothing is looked up."""

    read_at: float = float("-inf")
    days: list[tuple[str, dt.date, str, str]] = field(default_factory=list)
    years: list[tuple[str, int]] = field(default_factory=list)
    paths: dict[int, str] = field(default_factory=dict)

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.read_at < FRESH_SECONDS

    def read(self) -> None:
        self.days = list(_standing().values_list("unit__path", "day", "kind", "name"))
        self.years = list(KnownYear.objects.values_list("unit__path", "year"))
        self.paths = {}
        self.read_at = time.monotonic()


_kept = _Kept()


def forget() -> None:
    """The table changed in this process: read it again when next asked."""
    _kept.read_at = float("-inf")


def _standing() -> QuerySet[CalendarDay]:
    return CalendarDay.objects.filter(withdrawn_at__isnull=True).order_by("unit__path", "day")


def calendar_for(year: int, unit: int | None) -> WorkdayCalendar:
    """The working days around a year where the unit (by key) is; nationally where none is named.

    Covers the year before and the two after it, so that periods may run over a new year.
    """
    years = (year - 1, year, year + 1, year + 2)
    if unit is None:
        return WorkdayCalendar.china(years)
    if not _kept.is_fresh:
        _kept.read()
    if not (_kept.days or _kept.years):
        return WorkdayCalendar.china(years)
    path = _path_of(unit)
    said = {day: (kind, name) for above, day, kind, name in _kept.days if path.startswith(above)}
    return WorkdayCalendar.china(
        years,
        extra_off=frozenset(day for day, (kind, _name) in said.items() if kind == DayKind.OFF),
        extra_work=frozenset(day for day, (kind, _name) in said.items() if kind == DayKind.WORK),
        extra_names=tuple(sorted((day, name) for day, (_kind, name) in said.items())),
        announced=frozenset(known for above, known in _kept.years if path.startswith(above)),
    )


def _path_of(unit: int) -> str:
    if unit not in _kept.paths:
        _kept.paths[unit] = Unit.objects.values_list("path", flat=True).get(pk=unit)
    return _kept.paths[unit]


def days_entered(unit: Unit, year: int) -> QuerySet[CalendarDay]:
    """What was entered for a year at the unit or above it, withdrawn rows too, by day."""
    return (
        CalendarDay.objects.filter(unit__in=_line(unit), day__year=year)
        .select_related("unit", "entered_by__unit")
        .order_by("day", "unit__path", "pk")
    )


def years_known(unit: Unit) -> QuerySet[KnownYear]:
    """The years said to be entered in full at the unit or above it."""
    return KnownYear.objects.filter(unit__in=_line(unit)).select_related("unit").order_by("year")


def _line(unit: Unit) -> QuerySet[Unit]:
    """The unit and the territories above it; paths are fixed-width, so each is a prefix of the next."""
    return Unit.objects.filter(path__in=[unit.path[:end] for end in range(1, len(unit.path) + 1)])
