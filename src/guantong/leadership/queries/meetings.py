"""Reading meetings: which are in sight, who was asked, who came, what waits for an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.leadership.choices import MeetingStage, Reply, SignedHow
from guantong.leadership.models import AgendaItem, Invitation, Meeting
from guantong.leadership.queries.bodies import members_on
from guantong.leadership.rules.meetings import is_meant_by
from guantong.organisation.models import PAST, Unit


def meetings_visible_to(actor: Actor) -> QuerySet[Meeting]:
    """Meetings of the units in sight, those the acting office chairs or called, and those it was called to."""
    meetings = Meeting.objects.select_related(
        "unit", "body", "chair", "called_by__unit", "cycle__stored", "cycle__unit", "minuted_by"
    )
    if not isinstance(actor, Acting):
        return meetings
    if not actor.scope_path or actor.office is None:
        return meetings.none()
    path = actor.scope_path
    inside = Q(unit__path__gte=path, unit__path__lt=path + PAST)
    own = Q(chair=actor.office) | Q(called_by=actor.office)
    asked = Invitation.objects.filter(
        Q(office=actor.office) | Q(stand_in=actor.office), dropped_at=None
    ).values("meeting")
    return meetings.filter(inside | own | (Q(pk__in=asked) & ~Q(stage=MeetingStage.PLANNED)))


def invitations_waiting(actor: Acting, *, today: dt.date) -> QuerySet[Invitation]:
    """Meetings that the acting office has not answered yet, the nearest first."""
    if actor.office is None or not actor.reads_business:
        return Invitation.objects.none()
    return (
        Invitation.objects.filter(office=actor.office, reply=Reply.NONE, signed_at=None, dropped_at=None)
        .filter(meeting__stage=MeetingStage.CALLED, meeting__day__gte=today)
        .select_related("meeting__unit")
        .order_by("meeting__day", "meeting__starts_at", "pk")
    )


def own_invitations(meeting: Meeting, office: Office) -> list[Invitation]:
    """The invitations that the office answers or signs for: its own, and those it stands in for."""
    found = meeting.invitations.filter(Q(office=office) | Q(stand_in=office)).select_related("office")
    return sorted(found, key=lambda each: each.office_id != office.pk)


def proposed_for(meeting: Meeting) -> list[Office]:
    """Members of the body on the day who were not asked yet."""
    if meeting.body is None:
        return []
    asked = set(meeting.invitations.values_list("office", flat=True))
    members = (each.office for each in members_on(meeting.body, meeting.day))
    return [each for each in members if each.pk not in asked and each.closed_on is None]


@dataclass(frozen=True, slots=True)
class Attendance:
    """A meeting in numbers: asked, there, late, away with leave, away without a word, stood in for."""

    asked: int
    present: int
    late: int
    on_leave: int
    absent: int
    stood_in: int


def attendance_of(meeting: Meeting, invitations: Iterable[Invitation]) -> Attendance:
    """Counted, not tracked. Absent without a word counts once the meeting was held."""
    asked = list(invitations)
    there = [each for each in asked if each.signed_at]
    away = [each for each in asked if not each.signed_at]
    held = meeting.stage == MeetingStage.HELD
    return Attendance(
        asked=len(asked),
        present=len(there),
        late=sum(is_late(meeting, each) for each in there),
        on_leave=sum(each.reply == Reply.LEAVE for each in away),
        absent=sum(each.reply != Reply.LEAVE for each in away) if held else 0,
        stood_in=sum(each.stand_in_id is not None for each in there),
    )


def is_late(meeting: Meeting, invitation: Invitation) -> bool:
    """Signed in by the code after the meeting began; a printed list says nothing about when."""
    if meeting.starts_at is None or invitation.signed_at is None or invitation.signed_how != SignedHow.CODE:
        return False
    return timezone.localtime(invitation.signed_at).time() > meeting.starts_at


def offices_present(meeting: Meeting) -> list[Office]:
    """The offices that were really there: the stand-in in place of whom it stood in for."""
    signed = meeting.invitations.exclude(signed_at=None).select_related("office__unit", "stand_in__unit")
    there = {}
    for each in signed.order_by("pk"):
        office = each.stand_in or each.office
        assert is_meant_by(each, office)
        there[office.pk] = office
    return list(there.values())


def with_attendance(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Each meeting with ``n_asked`` and ``n_present``."""
    return meetings.annotate(
        n_asked=Count("invitation_rows", filter=Q(invitation_rows__dropped_at=None)),
        n_present=Count("invitation_rows", filter=Q(invitation_rows__signed_at__isnull=False)),
    )


def called_from_above(meetings: QuerySet[Meeting], unit: Unit) -> QuerySet[Meeting]:
    """Meetings of bodies outside the unit's subtree to which an office of the subtree was called."""
    asked = Invitation.objects.filter(
        office__unit__path__gte=unit.path, office__unit__path__lt=unit.path + PAST, dropped_at=None
    )
    outside = ~Q(unit__path__gte=unit.path, unit__path__lt=unit.path + PAST)
    return meetings.filter(outside, pk__in=asked.values("meeting")).filter(
        stage__in=[MeetingStage.CALLED, MeetingStage.HELD]
    )


def papers_visible_to(actor: Actor) -> QuerySet[AgendaItem]:
    """Papers of the meetings in sight."""
    return AgendaItem.objects.filter(
        paper__isnull=False, dropped_at=None, meeting__in=meetings_visible_to(actor).values("pk")
    )
