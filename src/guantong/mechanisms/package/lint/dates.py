"""Rule 8: deadlines fall on real days of every year; phases do not overlap unless they say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.forms import DAYS_OF_MONTH
from guantong.mechanisms.package.spots import Outline, Spot

CLOSING_MONTHS = {"year": (12,), "half": (6, 12), "quarter": (3, 6, 9, 12), "month": tuple(range(1, 13))}
DAYS_OF_YEAR = 366


def dates_are_real(outline: Outline, findings: Findings) -> None:
    for spot in _days(outline):
        _real_day(spot, findings)
    for cadence, months in _cadences(outline):
        _due_day(cadence, months, findings)
        _due_once_a_year(cadence, findings)
    for reception in outline.top.at("reception").each():
        spot = reception.at("calendar", "monthly_day")
        _day_of_months(spot, tuple(range(1, 13)), findings)
    _phases(list(outline.top.at("cycle", "phases").each()), findings)


def _days(outline: Outline) -> Iterator[Spot]:
    top = outline.top
    for phase in top.at("cycle", "phases").each():
        yield from phase.at("window").each()
    yield from top.at("supervision", "campaign", "window").each()
    yield top.at("cycle", "self_score_due")
    yield top.at("cycle", "results_due")
    for block in ("duties", "pairing"):
        for each in top.at(block).each():
            yield each.at("cadence", "due")


def _cadences(outline: Outline) -> Iterator[tuple[Spot, tuple[int, ...]]]:
    top = outline.top
    for block in ("duties", "pairing"):
        for each in top.at(block).each():
            cadence = each.at("cadence")
            said = [*cadence.at("months").each(), *each.at("months").each()]
            yield cadence, tuple(spot.whole for spot in said if spot.whole is not None)
    for task_list in top.at("task_lists").each():
        yield task_list.at("report"), ()


def month_and_day(text: str) -> tuple[int, int] | None:
    """(month, day) of "MM-DD" where that day is in every year."""
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", text):
        return None
    month, day = int(text[:2]), int(text[3:])
    return (month, day) if 1 <= month <= 12 and 1 <= day <= DAYS_OF_MONTH[month - 1] else None


def _real_day(spot: Spot, findings: Findings) -> None:
    if spot.text is None or month_and_day(spot.text) is not None:
        return
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", spot.text):
        suggestion = _('请写成 "月-日"，月和日各两位，如 "03-31"。')
    elif spot.text == "02-29":
        suggestion = _('2 月 29 日不是每年都有，请写 "02-28" 或 "03-01"。')
    elif 1 <= int(spot.text[:2]) <= 12:
        last = f"{spot.text[:2]}-{DAYS_OF_MONTH[int(spot.text[:2]) - 1]:02d}"
        suggestion = _('这个月的最后一天是 "%(last)s"。') % {"last": last}
    else:
        suggestion = _("月份在 01 到 12 之间。")
    findings.error(8, spot, _("“%(day)s”不是每年都有的日子。") % {"day": spot.text}, suggestion)


def _due_day(cadence: Spot, months: tuple[int, ...], findings: Findings) -> None:
    spot, per = cadence.at("due_day"), cadence.at("per").text
    if not spot.there or per is None:
        return
    if per not in CLOSING_MONTHS:
        findings.error(
            8,
            spot,
            _("周期 %(per)s 里没有“几号”，due_day 不起作用。") % {"per": per},
            _("请删去 due_day（到期日为周期末），或把 per 改为 month、quarter、half、year。"),
        )
        return
    closing = CLOSING_MONTHS[per]
    _day_of_months(
        spot, tuple(month for month in closing if not months or month in months) or closing, findings
    )


def _day_of_months(spot: Spot, months: tuple[int, ...], findings: Findings) -> None:
    """The day is in each of the months, in every year."""
    if spot.whole is None:
        return
    last = min(DAYS_OF_MONTH[month - 1] for month in months)
    if not 1 <= spot.whole <= last:
        findings.error(
            8,
            spot,
            _("每期的 %(day)s 号并不总是存在（最短的月份只有 %(last)s 天）。")
            % {"day": spot.whole, "last": last},
            _("请写 %(last)s 以内的日子，或删去它，以周期末为到期日。") % {"last": last},
        )


def _due_once_a_year(cadence: Spot, findings: Findings) -> None:
    due, per = cadence.at("due"), cadence.at("per").text
    if due.there and per is not None and per != "year":
        findings.error(
            8,
            due,
            _("固定日期 due 只适合一年一次的职责，这里的周期是 %(per)s。") % {"per": per},
            _("请改用 due_day:（每期几号），或把 per 改为 year。"),
        )
    if due.there and (cadence.at("count").whole or 1) > 1:
        findings.error(
            8,
            due,
            _("一年 %(n)s 次却只有一个到期日。") % {"n": cadence.at("count").whole},
            _("请删去 due，让各次在全年内均分，或拆成几项职责。"),
        )


def _day_of_year(text: str | None) -> int | None:
    found = month_and_day(text) if text else None
    return None if found is None else sum(DAYS_OF_MONTH[: found[0] - 1]) + found[1]


def _phases(phases: list[Spot], findings: Findings) -> None:
    """In one cycle; a phase that ends before it begins runs into the next year."""
    spans = []
    for phase in phases:
        days = [_day_of_year(day.text) for day in phase.at("window").each()]
        if len(days) == 2 and days[0] is not None and days[1] is not None:
            ends = days[1] if days[1] >= days[0] else days[1] + DAYS_OF_YEAR
            spans.append((phase, days[0], ends))
    for at, (phase, starts, ends) in enumerate(spans):
        for other, from_day, to_day in spans[:at]:
            if starts <= to_day and from_day <= ends and not _declared(phase, other):
                findings.error(
                    8,
                    phase.at("window"),
                    _("阶段“%(one)s”与“%(other)s”的时间重叠。")
                    % {"one": phase.at("id").text or "", "other": other.at("id").text or ""},
                    _("请改窗口日期；如确需重叠，请写 overlaps: [%(other)s]。")
                    % {"other": other.at("id").text or ""},
                )


def _declared(one: Spot, other: Spot) -> bool:
    return (
        other.at("id").text in one.at("overlaps").words() or one.at("id").text in other.at("overlaps").words()
    )
