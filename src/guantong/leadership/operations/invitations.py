"""Asking offices to come, what they answer, and how they sign in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import Reply, SignedHow
from guantong.leadership.models import Invitation, Meeting
from guantong.leadership.operations.meetings import locked, still_open
from guantong.leadership.operations.texts import said
from guantong.leadership.queries.meetings import own_invitations
from guantong.leadership.rules import meetings as allowed
from guantong.privacy.operations import link_digest


@transaction.atomic
def ask_offices(
    *, meeting: Meeting, offices: Sequence[Office], actor: Actor, now: dt.datetime
) -> list[Invitation]:
    """Put offices on the round. Who is on it already stays as they are."""
    meeting = still_open(meeting, actor)
    if not offices:
        raise Refusal(_("请至少选择一个岗位。"))
    asked = set(meeting.invitations.values_list("office", flat=True))
    wanted = {each.pk: each for each in offices if each.pk not in asked}
    rows = [Invitation.objects.create(meeting=meeting, office=each) for each in wanted.values()]
    if rows:
        audit.record(
            "leadership.offices_asked",
            target=meeting,
            actor=actor,
            at=now,
            payload={"offices": sorted(wanted)},
            states=rows,
        )
    return rows


@transaction.atomic
def take_back(*, invitation: Invitation, actor: Actor, now: dt.datetime) -> None:
    """Take an office off the round, unless it has signed in."""
    meeting = still_open(invitation.meeting, actor)
    if invitation.signed_at:
        raise Refusal(_("这个岗位已经签到，不能移出。"))
    if invitation.dropped_at is not None:
        return
    invitation.dropped_at = now
    invitation.save(update_fields=["dropped_at"])
    audit.record(
        "leadership.invitation_taken_back",
        target=meeting,
        actor=actor,
        at=now,
        payload={"office": invitation.office_id},
        states=[invitation],
    )


@transaction.atomic
def reply(
    *,
    meeting: Meeting,
    office: Office,
    answer: str,
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
    stand_in: Office | None = None,
) -> Invitation:
    """The office says whether it comes, is away, or sends another office of its unit. May be said again."""
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("meeting").filter(
        meeting=meeting, office=office, dropped_at=None
    ).first()  # fmt: skip
    if invitation is None:
        raise Refusal(_("这次会议没有通知您的岗位。"))
    if not allowed.takes_replies(invitation.meeting, clock.today(now)):
        raise Refusal(_("这次会议已不再接受回复。"))
    if invitation.signed_at:
        raise Refusal(_("已经签到，不需要再回复。"))
    if answer not in (Reply.COMING, Reply.LEAVE, Reply.STAND_IN):
        raise Refusal(_("请选择参加、请假或委托参会。"))
    if answer != Reply.COMING:
        reason = said(reason, most=300, missing=_("请写明原因。"), too_long=_("原因不超过 300 字。"))
    if answer == Reply.STAND_IN and (stand_in is None or not allowed.may_stand_in(office, stand_in)):
        raise Refusal(_("请从本单位的岗位中选择代为参会的人选。"))
    invitation.reply = answer
    invitation.reason = reason if answer != Reply.COMING else ""
    invitation.stand_in = stand_in if answer == Reply.STAND_IN else None
    invitation.save(update_fields=["reply", "reason", "stand_in"])
    audit.record(
        "leadership.invitation_answered",
        target=meeting,
        actor=actor,
        at=now,
        payload={"office": office.pk, "reply": answer},
        states=[invitation],
    )
    return invitation


def meeting_of_code(code: str) -> Meeting | None:
    """The meeting whose sign-in code this is, whatever the day."""
    return Meeting.objects.filter(sign_code_digest=link_digest(code.strip().upper())).exclude(
        sign_code_digest=""
    ).select_related("unit", "cycle").first()  # fmt: skip


@transaction.atomic
def sign_by_code(*, code: str, office: Office, actor: Actor, now: dt.datetime) -> list[Invitation]:
    """The office signs in for itself, and for those it stands in for. Twice is once."""
    meeting = meeting_of_code(code)
    if meeting is None:
        raise Refusal(_("签到码不对，请重新扫描会场的二维码。"))
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if not allowed.takes_signatures(meeting, clock.today(now)):
        raise Refusal(_("签到只在会议当天开放。"))
    meant = [each for each in own_invitations(meeting, office) if allowed.is_meant_by(each, office)]
    if not meant:
        raise Refusal(_("这次会议没有通知您的岗位，请到会务处登记。"))
    fresh = [each for each in meant if each.signed_at is None]
    for each in fresh:
        each.signed_at, each.signed_how = now, SignedHow.CODE
        each.save(update_fields=["signed_at", "signed_how"])
    if fresh:
        audit.record(
            "leadership.signed_in",
            target=meeting,
            actor=actor,
            at=now,
            payload={"office": office.pk},
            states=fresh,
        )
    return meant


@transaction.atomic
def sign_from_list(
    *, meeting: Meeting, present: Collection[int], actor: Actor, now: dt.datetime
) -> list[Invitation]:
    """Type in the printed list: ``present`` are the invitations that signed. Who used the code stays signed in."""
    meeting = locked(meeting, actor)
    if not allowed.takes_the_list(meeting, clock.today(now)):
        raise Refusal(_("会议当天起、标记召开前，才能录入签到表。"))
    changed = []
    for each in meeting.invitations.exclude(signed_how=SignedHow.CODE).order_by("pk"):
        is_there = each.pk in present
        if is_there != (each.signed_at is not None):
            each.signed_at, each.signed_how = (now, SignedHow.LIST) if is_there else (None, "")
            each.save(update_fields=["signed_at", "signed_how"])
            changed.append(each)
    if changed:
        audit.record(
            "leadership.list_typed_in",
            target=meeting,
            actor=actor,
            at=now,
            payload={"present": sum(each.signed_at is not None for each in changed)},
            states=changed,
        )
    return changed
