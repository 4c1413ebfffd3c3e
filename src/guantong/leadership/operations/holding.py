"""A meeting was held: one record for everybody who was there, and the duties it fulfils."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership import chain
from guantong.leadership.models import Meeting
from guantong.leadership.operations.meetings import locked
from guantong.leadership.queries.meetings import offices_present
from guantong.leadership.terms import RECORD_OF, fulfilled_by
from guantong.obligations.claiming import claim_what_it_fulfils
from guantong.obligations.models import Claim
from guantong.records.models import Record
from guantong.records.operations import enter_record


@transaction.atomic
def hold_meeting(
    *,
    meeting: Meeting,
    summary: str,
    entered_by: Office,
    actor: Actor,
    now: dt.datetime,
    outside: int | None = None,
) -> Meeting:
    """Say that it took place. The record is made once, and nobody who was there types it again (X1).

    ``outside`` counts guests without an office. Refuses where nobody signed in: an empty room is no meeting.
    """
    meeting = locked(meeting, actor)
    chain.moved(
        meeting, "hold", said=_("会议%(stage)s，不能标记召开。") % {"stage": meeting.get_stage_display()}
    )
    if meeting.day > clock.today(now):
        raise Refusal(_("会议 %(day)s 才召开。") % {"day": meeting.day})
    present = offices_present(meeting)
    if not present:
        raise Refusal(_("还没有人签到，请先签到或录入签到表。"))
    record = _recorded(meeting, present, summary, entered_by=entered_by, actor=actor, now=now)
    meeting.held_at, meeting.record, meeting.outside = now, record, outside
    meeting.save(update_fields=["stage", "held_at", "record", "outside"])
    claims = _claimed(meeting, record, present, actor=actor, now=now)
    audit.record(
        "leadership.meeting_held",
        target=meeting,
        actor=actor,
        at=now,
        payload={
            "record": record.pk,
            "present": len(present),
            "outside": outside,
            "claims": [each.pk for each in claims],
        },
    )
    return meeting


def _recorded(
    meeting: Meeting,
    present: list[Office],
    summary: str,
    *,
    entered_by: Office,
    actor: Actor,
    now: dt.datetime,
) -> Record:
    words = summary.strip() or _("%(kind)s：%(title)s") % {
        "kind": meeting.get_kind_display(),
        "title": meeting.title,
    }
    record = enter_record(
        kind=RECORD_OF[meeting.kind],
        happened_on=meeting.day,
        summary=words,
        entered_by=entered_by,
        actor=actor,
        now=now,
        today=clock.today(now),
        place=meeting.place,
        participants=present,
        references=[_("会议记录：%(title)s（%(day)s）") % {"title": meeting.title[:200], "day": meeting.day}],
    )
    if entered_by.pk not in {each.pk for each in present}:  # writing it down is not being there
        record.participations.filter(office=entered_by).delete()
    return record


def _claimed(
    meeting: Meeting, record: Record, present: list[Office], *, actor: Actor, now: dt.datetime
) -> list[Claim]:
    """What it shows done: for everybody who was there, and for the chair what only a chair does."""
    fulfils = fulfilled_by(meeting.cycle.package, meeting.kind)
    chair = [each for each in present if each.pk == meeting.chair_id]
    claims: list[Claim] = []
    for offices, rules in ((present, fulfils.everybody), (chair, fulfils.chair)):
        if offices and rules:
            claims += claim_what_it_fulfils(
                record=record, offices=offices, pillars=fulfils.pillars, rules=rules, actor=actor, now=now
            )
    return claims
