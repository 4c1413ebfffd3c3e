"""Minutes, their lines, and what the lines become."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import LineKind, MeetingStage
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.operations.meetings import locked
from guantong.leadership.operations.texts import said
from guantong.organisation.models import Unit

MOST_LINES = 60


def held(meeting: Meeting, actor: Actor) -> Meeting:
    """The meeting, locked, once it was held: only then is there something to write down."""
    meeting = locked(meeting, actor)
    if meeting.stage != MeetingStage.HELD:
        raise Refusal(_("会议召开以后才能写会议记录。"))
    return meeting


@transaction.atomic
def write_minutes(
    *, meeting: Meeting, text: str, minuted_by: Office, actor: Actor, now: dt.datetime
) -> Meeting:
    """Keep the minutes; writing them again keeps the newer words, and the log says that they changed."""
    meeting = held(meeting, actor)
    meeting.minutes = said(
        text, most=20000, missing=_("请写会议记录。"), too_long=_("会议记录不超过 20000 字。")
    )
    meeting.minuted_by, meeting.minuted_at = minuted_by, now
    meeting.save(update_fields=["minutes", "minuted_by", "minuted_at"])
    audit.record(
        "leadership.minutes_written", target=meeting, actor=actor, at=now, payload={"n": len(meeting.minutes)}
    )
    return meeting


@transaction.atomic
def add_line(
    *,
    meeting: Meeting,
    kind: str,
    wording: str,
    actor: Actor,
    now: dt.datetime,
    lead: Unit | None = None,
    cooperating: Sequence[Unit] = (),
    due_on: dt.date | None = None,
) -> MinuteLine:
    """One line: decided, found or asked, with whose it is and by when, where that was said."""
    meeting = held(meeting, actor)
    if kind not in LineKind.values:
        raise Refusal(_("请选择这一条是议定事项、发现问题还是听取诉求。"))
    wording = said(wording, most=500, missing=_("请写明这一条的内容。"), too_long=_("每条不超过 500 字。"))
    orders = meeting.line_rows.values_list("order", flat=True)
    if meeting.lines.count() >= MOST_LINES:
        raise Refusal(_("一次会议最多 %(n)s 条。") % {"n": MOST_LINES})
    line = MinuteLine.objects.create(
        meeting=meeting,
        order=max(orders, default=0) + 1,
        kind=kind,
        wording=wording,
        lead=lead,
        due_on=due_on,
    )
    line.cooperating.set([each for each in cooperating if lead is None or each.pk != lead.pk])
    audit.record(
        "leadership.line_added",
        target=meeting,
        actor=actor,
        at=now,
        payload={"line": line.pk, "kind": kind},
        states=[line],
    )
    return line


@transaction.atomic
def drop_line(*, line: MinuteLine, actor: Actor, now: dt.datetime) -> None:
    """Take a line out again, while nothing was made of it."""
    meeting = held(line.meeting, actor)
    line = MinuteLine.objects.select_for_update().get(pk=line.pk)
    if line.task_id or line.case_id:
        raise Refusal(_("这一条已经下达任务或转为诉求，不能删除。"))
    if line.dropped_at is None:
        line.dropped_at = now
        line.save(update_fields=["dropped_at"])
        audit.record("leadership.line_dropped", target=meeting, actor=actor, at=now, states=[line])
