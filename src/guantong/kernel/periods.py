"""Periods of a cadence – years, halves, quarters, months, ten-day periods, weeks – and their due days."""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from guantong.kernel.bilingual import Text
from guantong.kernel.workdays import WorkdayCalendar

DAY = dt.timedelta(days=1)
QUARTERS = "一二三四"
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
PER = ("year", "half", "quarter", "month", "ten_days", "week", "workday")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included."""

    label: Text
    starts: dt.date
    ends: dt.date


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, months_of.monthrange(year, month)[1])


def periods(
    per: str,
    *,
    start: dt.date,
    end: dt.date,
    months: Sequence[int] | None = None,
    calendar: WorkdayCalendar | None = None,
) -> list[Period]:
    """The periods that lie wholly in the window, in order.

    ``months`` keeps those whose last day – for weeks the Thursday – falls in one of these months.
    ``workday`` needs a calendar. Raises ValueError for an unknown ``per``.
    """
    if per not in PER:
        raise ValueError(f"unknown cadence: {per}")
    if per == "week":
        found = _weeks(start, end)
    elif per == "workday":
        found = _workdays(start, end, calendar or WorkdayCalendar.china(range(start.year, end.year + 1)))
    else:
        found = [each for year in range(start.year, end.year + 1) for each in _of_year(per, year)]
        found = [each for each in found if start <= each.starts and each.ends <= end]
    if months:
        wanted = set(months)
        found = [each for each in found if _month_of(per, each) in wanted]
    return found


def times(
    per: str,
    *,
    start: dt.date,
    end: dt.date,
    months: Sequence[int] | None = None,
    calendar: WorkdayCalendar | None = None,
) -> int:
    """How many periods the window holds."""
    return len(periods(per, start=start, end=end, months=months, calendar=calendar))


def _month_of(per: str, period: Period) -> int:
    """The month a period counts for: its last day's; a week's is its Thursday's, also when the window cuts it."""
    if per == "week":
        return (period.starts + (3 - period.starts.weekday()) * DAY).month
    return period.ends.month


def _of_year(per: str, year: int) -> list[Period]:
    if per == "year":
        return [Period(Text(f"{year}年", f"{year}"), dt.date(year, 1, 1), dt.date(year, 12, 31))]
    if per == "half":
        return [
            Period(Text(f"{year}年上半年", f"H1 {year}"), dt.date(year, 1, 1), dt.date(year, 6, 30)),
            Period(Text(f"{year}年下半年", f"H2 {year}"), dt.date(year, 7, 1), dt.date(year, 12, 31)),
        ]
    if per == "quarter":
        return [
            Period(
                Text(f"{year}年第{QUARTERS[number]}季度", f"Q{number + 1} {year}"),
                dt.date(year, 3 * number + 1, 1),
                month_end(year, 3 * number + 3),
            )
            for number in range(4)
        ]
    if per == "month":
        return [
            Period(
                Text(f"{year}年{month}月", f"{MONTH_NAMES[month - 1]} {year}"),
                dt.date(year, month, 1),
                month_end(year, month),
            )
            for month in range(1, 13)
        ]
    return [third for month in range(1, 13) for third in _ten_days(year, month)]


def _ten_days(year: int, month: int) -> list[Period]:
    """旬: 1-10, 11-20, 21 to the month's end."""
    ends = [dt.date(year, month, 10), dt.date(year, month, 20), month_end(year, month)]
    starts = [dt.date(year, month, 1), dt.date(year, month, 11), dt.date(year, month, 21)]
    name = MONTH_NAMES[month - 1]
    return [
        Period(Text(f"{year}年{month}月{word}旬", f"{name} {year}, {number}/3"), starts[at], ends[at])
        for at, (word, number) in enumerate(zip("上中下", (1, 2, 3), strict=True))
    ]


def _weeks(start: dt.date, end: dt.date) -> list[Period]:
    """ISO weeks, Monday to Sunday; cut at the window, kept when their Thursday lies in it."""
    monday = start - start.weekday() * DAY
    found = []
    while monday <= end:
        thursday = monday + 3 * DAY
        if start <= thursday <= end:
            year, number, _day = thursday.isocalendar()
            label = Text(f"{year}年第{number}周", f"week {number} of {year}")
            found.append(Period(label, max(monday, start), min(monday + 6 * DAY, end)))
        monday += 7 * DAY
    return found


def _workdays(start: dt.date, end: dt.date, calendar: WorkdayCalendar) -> list[Period]:
    found = []
    day = start
    while day <= end:
        if calendar.is_workday(day):
            found.append(Period(Text(f"{day.year}年{day.month}月{day.day}日", day.isoformat()), day, day))
        day += DAY
    return found


def due_date(
    period: Period, *, due: str | None, due_day: int | None, shift: WorkdayCalendar | None = None
) -> dt.date:
    """When a period's duty is due: a fixed ``MM-DD`` of its year, that day of its last month, or its end.

    A day past the month's end means the month's end; a ``due_day`` that the period does not hold (a week, the
    first half of a month) means the period's end. With ``shift`` a day off moves to the next working day.
    """
    if due:
        month, day = (int(part) for part in due.split("-"))
        found = dt.date(period.ends.year, month, min(day, month_end(period.ends.year, month).day))
    elif due_day:
        last = period.ends
        found = dt.date(last.year, last.month, min(due_day, month_end(last.year, last.month).day))
        if not period.starts <= found <= last:
            found = last
    else:
        found = period.ends
    return shift.next_workday(found) if shift else found


def share(period: Period, part: int, parts: int) -> Period:
    """The ``part``-th (from 1) of ``parts`` equal shares of a period, by whole months where they divide.

    The shares follow each other without gap; more shares than days fall together on a day.
    """
    if not 1 <= part <= parts:
        raise ValueError(f"there is no share {part} of {parts}")
    if parts == 1:
        return period
    starts = _bound(period, part - 1, parts)
    ends = max(starts, _bound(period, part, parts) - DAY)
    label = Text(f"{period.label.zh}第{part}次", f"{period.label.en}, {part} of {parts}")
    return Period(label, starts, ends)


def _bound(period: Period, part: int, parts: int) -> dt.date:
    """First day of the share after ``part`` shares."""
    past = period.ends + DAY
    whole = (past.year - period.starts.year) * 12 + past.month - period.starts.month
    if period.starts.day == 1 and past.day == 1 and whole % parts == 0:
        months = period.starts.month - 1 + whole * part // parts
        return dt.date(period.starts.year + months // 12, months % 12 + 1, 1)
    return period.starts + dt.timedelta(days=(past - period.starts).days * part // parts)
