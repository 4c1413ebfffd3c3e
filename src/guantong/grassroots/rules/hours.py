"""Opening hours: how they are written, whether it is open now, how many minutes of a stretch are open."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal

Span = tuple[dt.time, dt.time]
Hours = list[dict[str, Any]]
DAY = dt.timedelta(days=1)
MOST_A_DAY = 4
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至到]+\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class HoursOverTime:
    """The hours of a home by day: ``past`` pairs the last day of each with them, the earliest first."""

    past: Sequence[tuple[dt.date, Hours]]
    now: Hours

    def on(self, day: dt.date) -> Hours:
        return next((hours for last, hours in self.past if day <= last), self.now)


def read_day(text: str) -> list[Span]:
    """The stretches somebody typed for a day, such as 8:30-11:30 14:30-17:30. Refuses what cannot be read."""
    plain = unicodedata.normalize("NFKC", text).replace("点", ":00")
    rest = _SPAN.sub(" ", plain)
    if rest.strip(" ,;、，；。和"):
        raise Refusal(_("“%(text)s”看不懂，请写成 8:30-11:30 14:30-17:30 这样。") % {"text": text.strip()})
    spans = []
    for found in _SPAN.finditer(plain):
        hour, minute, last_hour, last_minute = map(int, found.groups())
        if max(hour, last_hour) > 23 or max(minute, last_minute) > 59:
            raise Refusal(_("“%(text)s”不是时间。") % {"text": found[0]})
        spans.append((dt.time(hour, minute), dt.time(last_hour, last_minute)))
    return in_order(spans)


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Stretches of one day, the earliest first. Refuses those that end before they begin, or overlap."""
    found = sorted(spans)
    for start, end in found:
        if end <= start:
            raise Refusal(
                _("结束时间 %(end)s 不晚于开始时间 %(start)s。") % {"end": shown(end), "start": shown(start)}
            )
    for (_start, end), (start, _end) in pairwise(found):
        if start < end:
            raise Refusal(_("同一天的两段开放时间重叠了。"))
    if len(found) > MOST_A_DAY:
        raise Refusal(_("一天最多写 %(n)s 段开放时间。") % {"n": MOST_A_DAY})
    return found


def hours_of(week: dict[int, Sequence[Span]]) -> Hours:
    """What is kept, from stretches by day of the week (1 is Monday)."""
    return [
        {"day": day, "from": shown(start), "to": shown(end)}
        for day in sorted(week)
        for start, end in in_order(week[day])
    ]


def shown(time: dt.time) -> str:
    return f"{time:%H:%M}"


def spans_on(hours: Hours, day: dt.date) -> list[Span]:
    """When it is open on the day."""
    return [
        (dt.time.fromisoformat(each["from"]), dt.time.fromisoformat(each["to"]))
        for each in hours
        if each["day"] == day.isoweekday()
    ]


def open_until(hours: Hours, at: dt.datetime) -> dt.time | None:
    """When it closes, if it is open at that local moment."""
    clock = at.time().replace(tzinfo=None)
    return next((end for start, end in spans_on(hours, at.date()) if start <= clock < end), None)


def opens_next(hours: Hours, at: dt.datetime) -> tuple[dt.date, dt.time] | None:
    """The next opening within a week."""
    clock = at.time().replace(tzinfo=None)
    for ahead in range(8):
        day = at.date() + ahead * DAY
        for start, _end in spans_on(hours, day):
            if ahead or start > clock:
                return day, start
    return None


def minutes(span: Span) -> int:
    (start, end) = span
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def open_minutes_within(hours: Hours, day: dt.date, span: Span) -> int:
    """How many minutes of the stretch lie in the opening hours of the day."""
    return sum(
        max(0, minutes((max(start, span[0]), min(end, span[1])))) for start, end in spans_on(hours, day)
    )


def week_of(hours: Hours) -> dict[int, str]:
    """By day of the week, the stretches as they are typed."""
    found: dict[int, list[str]] = {}
    for each in hours:
        found.setdefault(each["day"], []).append(f"{each['from']}-{each['to']}")
    return {day: " ".join(spans) for day, spans in found.items()}
