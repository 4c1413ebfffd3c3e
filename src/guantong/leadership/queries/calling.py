"""What is shown while a meeting is called: clashes in the diary, and meetings it could go together with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from guantong.accounts.models import Office
from guantong.leadership.chain import OPEN
from guantong.leadership.models import Invitation, Meeting

SHARED = 0.5  # from which share of the smaller round two meetings of a week are offered as one


@dataclass(frozen=True, slots=True)
class Clash:
    """Another meeting at the same time, and the offices that would have to be in both."""

    meeting: Meeting
    offices: list[Office]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another meeting of the kind in the week, with how many offices are asked to both."""

    meeting: Meeting
    shared: int
    minutes: int | None


def clashes_of(meeting: Meeting) -> list[Clash]:
    """Open meetings of the day that overlap and ask an office that this one asks; one without hours takes the day."""
    found: dict[int, tuple[Meeting, dict[int, Office]]] = {}
    mine = _round_of(meeting)
    others = (
        Invitation.objects.filter(meeting__day=meeting.day, meeting__stage__in=OPEN, dropped_at=None)
        .exclude(meeting=meeting.pk)
        .select_related("meeting__unit", "office", "stand_in")
        .order_by("meeting__starts_at", "meeting", "pk")
    )
    for each in others:
        office = each.stand_in or each.office
        if office.pk in mine and overlap(meeting, each.meeting):
            found.setdefault(each.meeting_id, (each.meeting, {}))[1][office.pk] = office
    return [Clash(other, list(offices.values())) for other, offices in found.values()]


def overlap(one: Meeting, other: Meeting) -> bool:
    """Whether two meetings of one day share a moment. One that ends when the other begins does not."""
    first, last = _hours(one)
    begins, ends = _hours(other)
    return first < ends and begins < last


def _hours(meeting: Meeting) -> tuple[dt.time, dt.time]:
    """From when to when; without an end it takes the rest of the half-day, without a start the whole day."""
    if meeting.starts_at is None:
        return dt.time.min, dt.time.max
    if meeting.ends_at is not None:
        return meeting.starts_at, meeting.ends_at
    noon = dt.time(12)
    return meeting.starts_at, noon if meeting.starts_at < noon else dt.time.max


def _round_of(meeting: Meeting) -> set[int]:
    """Who has to be there: those asked, or standing in, and the chair."""
    asked = {stand_in or office for office, stand_in in meeting.invitations.values_list("office", "stand_in")}
    return asked | ({meeting.chair_id} if meeting.chair_id else set())


def merges_for(meeting: Meeting) -> list[Likeness]:
    """Open meetings of the same kind in the same week that ask at least half of the same offices."""
    monday = meeting.day - dt.timedelta(days=meeting.day.weekday())
    mine = set(meeting.invitations.values_list("office", flat=True))
    rounds: dict[int, set[int]] = {}
    meetings: dict[int, Meeting] = {}
    others = (
        Invitation.objects.filter(meeting__kind=meeting.kind, meeting__stage__in=OPEN, dropped_at=None)
        .filter(meeting__day__gte=monday, meeting__day__lte=monday + dt.timedelta(days=6))
        .exclude(meeting=meeting.pk)
        .select_related("meeting__unit")
        .order_by("meeting__day", "meeting", "pk")
    )
    for each in others:
        meetings[each.meeting_id] = each.meeting
        rounds.setdefault(each.meeting_id, set()).add(each.office_id)
    found = []
    for key, asked in rounds.items():
        shared = len(asked & mine)
        if shared and shared >= SHARED * min(len(asked), len(mine)):
            found.append(Likeness(meetings[key], shared, minutes_of(meetings[key])))
    return found


def minutes_of(meeting: Meeting) -> int | None:
    """How long it takes; None where its hours are not known."""
    if meeting.starts_at is None or meeting.ends_at is None:
        return None
    day = dt.date.min
    span = dt.datetime.combine(day, meeting.ends_at) - dt.datetime.combine(day, meeting.starts_at)
    return int(span.total_seconds() // 60)
