"""The light: one pure function of dates, state and the working-day calendar. Never typed by anybody.

Order of the rule, first match wins:

1. suspended, excused, cancelled        → grey: not counted, which is not 0
2. fulfilled in time                    → green; fulfilled late → none, under a rule of its own: nothing is left to
                                          do, so red would send people to a closed matter, and green would be untrue
3. no due date                          → none
4. claimed and waiting for review       → judged as of the day of the claim: the waiting is the reviewer's
5. not started yet                      → none
6. past the due day                     → red
7. behind, or returned twice or more    → yellow
8. due within `near` working days       → blue
9. otherwise                            → green
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guantong.kernel.workdays import WorkdayCalendar

DAY = dt.timedelta(days=1)
NEAR = 5
if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = object


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a light depends on. ``claimed_on`` is the day of the claim in force."""

    state: str
    due_on: dt.date | None = None
    original_due_on: dt.date | None = None
    starts_on: dt.date | None = None
    claimed_on: dt.date | None = None
    settled_on: dt.date | None = None
    returns: int = 0
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Lighting:
    """The light, the rule that gave it, and the next day it changes by time alone (None: never).

    ``reason`` and ``rows`` say why; they are put into words only when somebody asks.
    """

    light: str
    rule: str
    relight_on: dt.date | None
    facts: Facts
    on: dt.date
    calendar: WorkdayCalendar
    near: int

    @property
    def reason(self) -> Words:
        """One sentence with the dates put in."""
        return _with_numbers(RULES[self.rule][1], self.facts, self.on, self.calendar, self.near)

    @property
    def rows(self) -> list[tuple[Words, Words]]:
        """(label, value) pairs for the drawer."""
        return _rows(self.facts, on=self.on, calendar=self.calendar)


def light(facts: Facts, *, on: dt.date, calendar: WorkdayCalendar, near: int = NEAR) -> Lighting:
    """The light of the day, with its explanation. ``near`` is the number of working days that shows blue."""
    code, relight_on = light_code(facts, on=on, calendar=calendar, near=near)
    return Lighting(RULES[code][0], code, relight_on, facts, on, calendar, near)


def light_code(
    facts: Facts, *, on: dt.date, calendar: WorkdayCalendar, near: int = NEAR
) -> tuple[str, dt.date | None]:
    """(rule, next change day). Raises ValueError for a negative ``near``."""
    if near < 0:
        raise ValueError("near is a number of working days, 0 or more")
    due = facts.due_on
    if facts.state in {"suspended", "excused", "cancelled"}:
        return facts.state, None
    if facts.state == "fulfilled":
        return _fulfilled(facts), None
    if due is None:
        return "no_due_date", None
    if facts.state == "claimed" and facts.claimed_on is not None:
        return ("claimed" if facts.claimed_on <= due else "claimed_late"), None
    if facts.starts_on is not None and on < facts.starts_on:
        return "not_started", facts.starts_on
    if on > due:
        return "overdue", None
    if facts.behind or facts.returns >= 2:
        return ("behind" if facts.behind else "returned_twice"), _after(due)
    if calendar.workdays_between(on, due) <= near:
        return "near", _after(due)
    return "in_time", _near_from(due, calendar, near)


def _fulfilled(facts: Facts) -> str:
    """The day of the accepted claim counts; the day of settling only where no claim was made."""
    done_on = facts.claimed_on or facts.settled_on
    if facts.due_on is None or done_on is None:
        return "fulfilled_undated"
    return "fulfilled_late" if done_on > facts.due_on else "fulfilled"


def _after(day: dt.date) -> dt.date | None:
    return None if day == dt.date.max else day + DAY


def _near_from(due: dt.date, calendar: WorkdayCalendar, near: int) -> dt.date:
    """The first day from which at most ``near`` working days are left to the due day."""
    day = due
    left = 0
    while True:
        left += calendar.is_workday(day)
        if left > near:
            return day
        day -= DAY


# rule code -> (light, sentence); the sentence's numbers are put in by `_with_numbers`
RULES: dict[str, tuple[str, Words]] = {
    "suspended": ("grey", _("已暂停计时，恢复前不亮灯。")),
    "excused": ("grey", _("已免除，不计入完成情况，也不算 0。")),
    "cancelled": ("grey", _("已取消，不再计入。")),
    "fulfilled": ("green", _("{done} 申报完成并通过审核，没有超过期限 {due}。")),
    "fulfilled_undated": ("green", _("已完成，没有逾期。")),
    "fulfilled_late": ("none", _("已完成，但 {done} 才申报，超过期限 {due}。")),
    "no_due_date": ("none", _("没有具体期限，不亮灯。")),
    "claimed": ("green", _("{done} 已在期限内申报，正在等待审核，等待时间不算承担单位的。")),
    "claimed_late": ("red", _("{done} 才申报，已超过期限 {due}，正在等待审核。")),
    "overdue": ("red", _("期限 {due} 已过 {days} 天，还没有申报完成。")),
    "not_started": ("none", _("{start} 才开始，现在不亮灯。")),
    "behind": ("yellow", _("进展落后于节点要求，期限 {due}。")),
    "returned_twice": ("yellow", _("已被退回 {returns} 次，期限 {due}。")),
    "near": ("blue", _("距期限 {due} 还有 {left} 个工作日，不超过 {near} 个。")),
    "in_time": ("green", _("距期限 {due} 还有 {left} 个工作日。")),
}


def _with_numbers(sentence: Words, facts: Facts, on: dt.date, calendar: WorkdayCalendar, near: int) -> Words:
    due = facts.due_on
    return format_lazy(
        sentence,
        due=due or "—",
        done=facts.claimed_on or facts.settled_on or "—",
        start=facts.starts_on or "—",
        days=(on - due).days if due else 0,
        left=calendar.workdays_between(on, due) if due else 0,
        returns=facts.returns,
        near=near,
    )


def _rows(facts: Facts, *, on: dt.date, calendar: WorkdayCalendar) -> list[tuple[Words, Words]]:
    """What the drawer lists: the dates and how they moved, the days off and swapped in between."""
    rows: list[tuple[Words, Words]] = [(_("今天"), on.isoformat())]
    if facts.starts_on:
        rows.append((_("起算"), facts.starts_on.isoformat()))
    if facts.due_on:
        rows.append((_("期限（含当日）"), facts.due_on.isoformat()))
        if facts.original_due_on and facts.original_due_on != facts.due_on:
            rows.append((_("原定期限"), facts.original_due_on.isoformat()))
    if facts.claimed_on and facts.state in {"claimed", "fulfilled"}:
        rows.append((_("申报时间"), facts.claimed_on.isoformat()))
    if facts.returns:
        rows.append((_("退回次数"), str(facts.returns)))
    if facts.due_on and on <= facts.due_on and facts.state in {"open", "returned"}:
        rows += _days_left(on, facts.due_on, calendar)
    return rows


def _days_left(on: dt.date, due: dt.date, calendar: WorkdayCalendar) -> list[tuple[Words, Words]]:
    """Working days left, the days that are not what their weekday says, and how sure the calendar is."""
    rows: list[tuple[Words, Words]] = [(_("剩余工作日"), str(calendar.workdays_between(on, due)))]
    days = calendar.exceptions_between(on, due)
    off = "、".join(day.isoformat() for day, _name, works in days if not works)
    swapped = "、".join(day.isoformat() for day, _name, works in days if works)
    if off:
        rows.append((_("其间放假"), off))
    if swapped:
        rows.append((_("其间调休上班"), swapped))
    if any(calendar.is_provisional(year) for year in range(on.year, due.year + 1)):
        rows.append((_("日历"), _("该年放假安排尚未公布，按法定节日和周末暂计。")))
    return rows
