"""Drawing the brief of a hearing, and drawing it again until it is held."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.briefing import drawn
from guantong.leadership.choices import MeetingKind
from guantong.leadership.models import Brief, Meeting
from guantong.leadership.operations.meetings import still_open


@transaction.atomic
def draw_brief(*, meeting: Meeting, actor: Actor, now: dt.datetime) -> Brief:
    """The brief as things stand now. What was heard is not drawn again: it stays as it lay on the table."""
    meeting = still_open(meeting, actor)
    if meeting.kind != MeetingKind.HEARING:
        raise Refusal(_("只有听取汇报的会议有汇报提要。"))
    content = drawn(meeting, today=clock.today(now))
    brief, _made = Brief.objects.update_or_create(
        meeting=meeting, defaults={"content": content, "made_at": now}
    )
    audit.record(
        "leadership.brief_drawn",
        target=brief,
        actor=actor,
        at=now,
        payload={each["key"]: each["n"] for each in content["figures"] if not each["source"]},
    )
    return brief
