"""Who calls a meeting and keeps its papers, who is in it, and who may stand in."""

from __future__ import annotations

import datetime as dt

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.leadership.choices import MeetingStage
from guantong.leadership.models import Invitation, Meeting
from guantong.organisation.models import Unit


def may_call_at(actor: Actor, unit: Unit) -> bool:
    """An office of the unit itself, or the coordinating office over the units in its sight."""
    if not actor.may("leadership.call"):
        return False
    if not isinstance(actor, Acting):
        return True
    assert actor.office is not None
    return actor.office.unit_id == unit.pk or (actor.may("leadership.run") and actor.sees(unit.path))


def may_keep(actor: Actor, meeting: Meeting) -> bool:
    """Whoever may call it, and the offices that chair it or called it."""
    if may_call_at(actor, meeting.unit):
        return True
    if not isinstance(actor, Acting) or not actor.may("leadership.call"):
        return False
    return actor.office_ref in (meeting.chair_id, meeting.called_by_id)


def is_meant_by(invitation: Invitation, office: Office) -> bool:
    """Whether the office is the one that comes: the stand-in where one was named, else the invited office."""
    return office.pk == (invitation.stand_in_id or invitation.office_id)


def may_stand_in(office: Office, stand_in: Office) -> bool:
    """Another open office of the same unit."""
    return stand_in.pk != office.pk and stand_in.unit_id == office.unit_id and stand_in.closed_on is None


def takes_replies(meeting: Meeting, today: dt.date) -> bool:
    return meeting.stage == MeetingStage.CALLED and today <= meeting.day


def takes_signatures(meeting: Meeting, today: dt.date) -> bool:
    """The sign-in code works on the day of the meeting alone."""
    return meeting.stage == MeetingStage.CALLED and today == meeting.day


def takes_the_list(meeting: Meeting, today: dt.date) -> bool:
    """The printed list is typed in on the day or after it."""
    return meeting.stage == MeetingStage.CALLED and today >= meeting.day
