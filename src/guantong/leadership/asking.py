"""Who moves next about meetings: asked through a notice, once, while it is so. Part of the daily sweep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.leadership.choices import MeetingStage, Reply
from guantong.leadership.models import Invitation, Meeting
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.models import Notice
from guantong.notices.operations import Asked, Change, ask_only
from guantong.notices.said import Said, say

MEETING = "leadership.meeting"
TO_REPLY = say("请回复参加、请假或者委托参会。")
TO_HOLD = say("会议日期已过，请登记召开情况；没有开的请取消并说明原因。")
TO_MINUTE = say("会议已开，请整理会议纪要，议定事项随之列入任务。")
MINUTES_WITHIN = dt.timedelta(days=7)


@transaction.atomic
def ask_about_meetings(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> Change:
    """Recompute who is asked for what about the meetings of a cycle; a fixed number of queries."""
    change = ask_only(_asked(cycle, on), among=notices_about_meetings(cycle), on=on)
    if change:
        audit.record(
            "leadership.notices_refreshed", target=cycle, actor=actor, at=now,
            payload=change.payload(on),
        )  # fmt: skip
    return change


def notices_about_meetings(cycle: Cycle) -> QuerySet[Notice]:
    """The notices that speak of meetings of this cycle."""
    return Notice.objects.filter(
        about=MEETING, about_ref__in=Meeting.objects.filter(cycle=cycle).values("pk")
    )


def _asked(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    yield from _to_reply(cycle, on)
    yield from _to_write_down(cycle, on)


def _to_reply(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    """Offices that were called and have not said whether they come."""
    waiting = Invitation.objects.filter(
        meeting__cycle=cycle, meeting__stage=MeetingStage.CALLED, meeting__day__gte=on,
        reply=Reply.NONE, signed_at=None, dropped_at=None,
    )  # fmt: skip
    for each in waiting.select_related("meeting").order_by("meeting__day", "pk"):
        yield _notice(each.office_id, NoticeKind.MEETING, each.meeting, TO_REPLY, 1, each.meeting.day)


def _to_write_down(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    """Whoever called a meeting that is over: was it held, and what was decided."""
    over = Meeting.objects.filter(cycle=cycle, day__lt=on).filter(
        Q(stage=MeetingStage.CALLED) | Q(stage=MeetingStage.HELD, minuted_at=None)
    )
    for each in over.order_by("day", "pk"):
        if each.stage == MeetingStage.CALLED:
            yield _notice(each.called_by_id, NoticeKind.OVERDUE, each, TO_HOLD, 5, each.day)
            continue
        last = each.day + MINUTES_WITHIN
        kind = NoticeKind.OVERDUE if on > last else NoticeKind.DUE
        yield _notice(each.called_by_id, kind, each, TO_MINUTE, 20, last)


def _notice(office: int, kind: str, meeting: Meeting, missing: Said, minutes: int, due_on: dt.date) -> Asked:
    title = say(
        "%(day)s “%(title)s”", day=meeting.day.isoformat(), title={"zh": meeting.title, "en": meeting.title}
    )
    return Asked(
        office,
        kind,
        MEETING,
        meeting.pk,
        title,
        missing,
        minutes,
        reverse("meeting", args=[meeting.pk]),
        due_on,
    )
