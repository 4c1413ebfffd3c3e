"""The periods of a case in words with their days, for its applicant and for offices alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.calendars.queries import calendar_for
from guantong.cases.choices import ClockKind
from guantong.cases.clocks import days_left
from guantong.cases.models import Case, Clock
from guantong.cases.operations.periods import OF_THE_OFFICE
from guantong.kernel.workdays import WorkdayCalendar
from guantong.ui.tags.marks import moment


@dataclass(frozen=True, slots=True)
class ClockWords:
    """One period: what it is for, its days, what moved it. ``tone`` as state tags take it."""

    label: str
    words: str
    state: str
    tone: str
    moved: str


def clocks_in_words(case: Case, *, on: dt.date) -> list[ClockWords]:
    """Every period of the case, the earliest first; dropped ones are left out."""
    still = case.pauses.filter(ends_on__isnull=True).exists()
    clocks = case.clocks.filter(dropped_on__isnull=True).order_by("round", "starts_on", "pk")
    calendar = calendar_for(on.year, case.cycle.unit_id)
    return [_words(each, on=on, still=still, calendar=calendar) for each in clocks]


def _words(clock: Clock, *, on: dt.date, still: bool, calendar: WorkdayCalendar) -> ClockWords:
    mine = clock.kind not in OF_THE_OFFICE
    state, tone = _state(clock, on, still=still, mine=mine, calendar=calendar)
    label = str(ClockKind(clock.kind).label)
    if clock.round > 1:
        label = _("%(label)s（第 %(n)s 次办理）") % {"label": label, "n": clock.round}
    return ClockWords(label, _days(clock, mine=mine), state, tone, _moved(clock))


def _days(clock: Clock, *, mine: bool) -> str:
    days = {"from": moment(clock.starts_on), "n": clock.number, "due": moment(clock.due_on)}
    if mine:
        return _("您最迟 %(due)s 可以提出（%(from)s 起 %(n)s 天）") % days
    if clock.workdays:
        return _("最迟 %(due)s（%(from)s 起 %(n)s 个工作日）") % days
    return _("最迟 %(due)s（%(from)s 起 %(n)s 天）") % days


def _state(
    clock: Clock, on: dt.date, *, still: bool, mine: bool, calendar: WorkdayCalendar
) -> tuple[str, str]:
    if clock.met_on is not None:
        on_time = clock.met_on <= clock.due_on
        words = _("%(day)s 已完成") if on_time else _("%(day)s 完成，已超期")
        return words % {"day": moment(clock.met_on)}, "good" if on_time else "bad"
    if still:
        return _("暂停计算，恢复后顺延"), "warn"
    left = days_left(clock.due_on, on, workdays=clock.workdays, calendar=calendar)
    if left < 0:
        return (_("已过期"), "") if mine else (_("已超过 %(n)s 天") % {"n": -left}, "bad")
    if left == 0:
        return _("今天到期"), "warn"
    return _("还有 %(n)s 天") % {"n": left}, "info"


def _moved(clock: Clock) -> str:
    parts = []
    if clock.due_on != clock.first_due_on:
        parts.append(_("原定 %(day)s") % {"day": moment(clock.first_due_on)})
    if clock.extended_days:
        parts.append(_("延长 %(n)s 天：%(why)s") % {"n": clock.extended_days, "why": clock.extension_reason})
    return " · ".join(parts)
