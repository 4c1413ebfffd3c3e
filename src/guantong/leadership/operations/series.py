"""Recurring meetings: the same again, some weeks or months on, moved past holidays."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Invitation, Meeting
from guantong.leadership.operations.meetings import agenda_copied, still_open

EVERY = {"week": 7, "two_weeks": 14}  # days
MONTHS = {"month": 1, "quarter": 3}
MOST = 26
SAME = (
    "cycle",
    "kind",
    "body",
    "unit",
    "title",
    "pillar",
    "chair",
    "called_by",
    "starts_at",
    "ends_at",
    "place",
)


@transaction.atomic
def repeat_meeting(
    *, meeting: Meeting, per: str, times: int, actor: Actor, now: dt.datetime
) -> list[Meeting]:
    """Plan the same meeting again ``times`` times. A day already taken by the series is left as it is.

    A day off moves to the next working day. Beyond the year's end nothing is planned.
    """
    meeting = still_open(meeting, actor)
    if per not in EVERY and per not in MONTHS:
        raise Refusal(_("请选择间隔。"))
    if not 1 <= times <= MOST:
        raise Refusal(_("一次最多重复 %(n)s 次。") % {"n": MOST})
    first = meeting.series or meeting
    taken = set(Meeting.objects.filter(series=first).values_list("day", flat=True)) | {first.day, meeting.day}
    made, rows = [], []
    for day in _days_after(meeting, per, times):
        if day not in taken:
            taken.add(day)
            fields: dict[str, Any] = {name: getattr(meeting, name) for name in SAME}
            copy = Meeting.objects.create(**fields, day=day, series=first)
            made.append(copy)
            rows += [copy, *agenda_copied(meeting, copy), *_round_copied(meeting, copy)]
    if not made:
        raise Refusal(_("这一年里没有可以再安排的日子，或者都已经安排了。"))
    audit.record(
        "leadership.meeting_repeated",
        target=first,
        actor=actor,
        at=now,
        payload={"per": per, "days": [each.day for each in made]},
        states=rows,
    )
    return made


def _days_after(meeting: Meeting, per: str, times: int) -> list[dt.date]:
    workdays, last = calendar_for(meeting.cycle.year, meeting.cycle.unit_id), meeting.cycle.ends_on
    plain = [_step(meeting.day, per, number) for number in range(1, times + 1)]
    return [day for day in map(workdays.next_workday, plain) if day <= last]


def _step(day: dt.date, per: str, number: int) -> dt.date:
    """The ``number``-th day after; a month that is too short gives its last day."""
    if per in EVERY:
        return day + dt.timedelta(days=EVERY[per] * number)
    months = day.month - 1 + MONTHS[per] * number
    year, month = day.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _round_copied(meeting: Meeting, to: Meeting) -> list[Invitation]:
    asked = meeting.invitations.order_by("pk").values_list("office", flat=True)
    return [Invitation.objects.create(meeting=to, office_id=each) for each in asked]
