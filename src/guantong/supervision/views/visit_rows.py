"""One visit as a line of a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.accounts.middleware import Request
from guantong.calendars.queries import calendar_for
from guantong.kernel.workdays import DAY, WorkdayCalendar
from guantong.supervision.models import Visit
from guantong.supervision.rules import visits as rules


@dataclass(frozen=True, slots=True)
class Row:
    """A visit with how many working days it takes, what state it is in, and whether it may be cancelled."""

    visit: Visit
    workdays: int
    state: str
    tone: str
    is_coming: bool
    may_cancel: bool


def rows_of(visits: Iterable[Visit], request: Request) -> list[Row]:
    found = list(visits)
    calendars = {each.cycle.year: calendar_for(each.cycle.year, each.cycle.unit_id) for each in found}
    return [_row(each, calendars[each.cycle.year], request) for each in found]


def _row(visit: Visit, calendar: WorkdayCalendar, request: Request) -> Row:
    state, tone = _state(visit, request.today)
    coming = visit.cancelled_at is None and visit.ends_on >= request.today
    cancellable = visit.cancelled_at is None and visit.starts_on >= request.today
    return Row(
        visit=visit,
        workdays=calendar.workdays_between(visit.starts_on - DAY, visit.ends_on),
        state=state,
        tone=tone,
        is_coming=coming,
        may_cancel=cancellable and rules.may_cancel(request.acting, visit),
    )


def _state(visit: Visit, today: dt.date) -> tuple[str, str]:
    if visit.cancelled_at:
        return _("已取消"), ""
    if visit.ends_on < today:
        return _("已结束"), ""
    if visit.starts_on <= today:
        return _("进行中"), "info"
    return _("已安排"), "accent"
