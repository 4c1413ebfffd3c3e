"""Planning a meeting, changing it, calling, cancelling, repeating it, and joining it to another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership import chain
from guantong.leadership.choices import MeetingKind, Reply
from guantong.leadership.models import AgendaItem, Body, Invitation, Meeting
from guantong.leadership.operations.texts import said
from guantong.leadership.rules.meetings import may_call_at, may_keep
from guantong.leadership.sign_codes import digest_for
from guantong.leadership.terms import pillar_of
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Terms:
    """What a meeting is: kind, title, day and hours, place, who chairs it, of which body."""

    kind: str
    title: str
    day: dt.date
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    place: str = ""
    chair: Office | None = None
    body: Body | None = None


@transaction.atomic
def plan_meeting(
    *, cycle: Cycle, unit: Unit, terms: Terms, called_by: Office, actor: Actor, now: dt.datetime
) -> Meeting:
    """Put a meeting down; nobody is told of it before it is called. The same twice is one."""
    if not may_call_at(actor, unit):
        raise Refusal(_("只能召集本单位的会议；统筹协调单位可以召集范围内的会议。"))
    fields = _fields_of(cycle, unit, terms, today=clock.today(now))
    earlier = Meeting.objects.filter(cycle=cycle, unit=unit, called_by=called_by, stage="planned", **fields)
    if found := earlier.first():
        return found
    meeting = Meeting.objects.create(cycle=cycle, unit=unit, called_by=called_by, **fields)
    audit.record(
        "leadership.meeting_planned", target=meeting, actor=actor, at=now, payload=_spoken_of(meeting)
    )
    return meeting


def _spoken_of(meeting: Meeting) -> dict[str, Any]:
    return {"kind": meeting.kind, "unit": meeting.unit_id, "day": meeting.day}


def _fields_of(cycle: Cycle, unit: Unit, terms: Terms, *, today: dt.date) -> dict[str, Any]:
    title = said(terms.title, most=200, missing=_("请写明会议名称。"), too_long=_("会议名称不超过 200 字。"))
    if terms.kind not in MeetingKind.values:
        raise Refusal(_("请选择会议类型。"))
    if terms.day < today:
        raise Refusal(_("会议不能安排在过去的日子。"))
    if not cycle.starts_on <= terms.day <= cycle.ends_on:
        raise Refusal(_("会议日期须在 %(year)s 年度内。") % {"year": cycle.year})
    if terms.ends_at and not terms.starts_at:
        raise Refusal(_("有结束时间的，也要写开始时间。"))
    if terms.starts_at and terms.ends_at and terms.ends_at <= terms.starts_at:
        raise Refusal(_("结束时间须晚于开始时间。"))
    if terms.body is not None and (terms.body.unit_id != unit.pk or terms.body.closed_on):
        raise Refusal(_("这个机构不属于召集单位，或者已经撤销。"))
    if not unit.path.startswith(cycle.unit.path):
        raise Refusal(_("“%(unit)s”不在本周期范围内。") % {"unit": unit.name})
    return {
        "kind": terms.kind,
        "title": title,
        "pillar": pillar_of(cycle.package, terms.kind),
        "day": terms.day,
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
        "place": terms.place.strip()[:200],
        "chair": terms.chair,
        "body": terms.body,
    }


def locked(meeting: Meeting, actor: Actor) -> Meeting:
    """The meeting as it is now, held until the transaction ends, for somebody who may keep it."""
    meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("cycle__stored", "cycle__unit", "unit", "body", "chair", "called_by")
        .get(pk=meeting.pk)
    )
    if not may_keep(actor, meeting):
        raise Refusal(_("只有召集单位可以办理这次会议。"))
    return meeting


def still_open(meeting: Meeting, actor: Actor) -> Meeting:
    """The same, refused once the meeting was held or cancelled."""
    meeting = locked(meeting, actor)
    if meeting.stage not in chain.OPEN:
        raise Refusal(_("会议%(stage)s，不能再改。") % {"stage": meeting.get_stage_display()})
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, terms: Terms, actor: Actor, now: dt.datetime) -> Meeting:
    """Other terms. Where day or hours of a called meeting change, everybody is asked anew."""
    meeting = still_open(meeting, actor)
    fields = _fields_of(meeting.cycle, meeting.unit, terms, today=clock.today(now))
    moved = any(getattr(meeting, name) != fields[name] for name in ("day", "starts_at", "ends_at"))
    for name, value in fields.items():
        setattr(meeting, name, value)
    asked_anew: list[Invitation] = []
    if moved and meeting.called_at:
        meeting.sign_code_digest = digest_for(meeting)
        asked_anew = _ask_anew(meeting)
    meeting.save(update_fields=[*fields, "sign_code_digest"])
    audit.record(
        "leadership.meeting_changed",
        target=meeting,
        actor=actor,
        at=now,
        payload=_spoken_of(meeting) | {"asked_anew": len(asked_anew)},
        states=asked_anew,
    )
    return meeting


def _ask_anew(meeting: Meeting) -> list[Invitation]:
    rows = list(meeting.invitations.all())
    for row in rows:
        row.reply, row.reason, row.stand_in, row.signed_at, row.signed_how = Reply.NONE, "", None, None, ""
    Invitation.objects.bulk_update(rows, ["reply", "reason", "stand_in", "signed_at", "signed_how"])
    return rows


@transaction.atomic
def call_meeting(*, meeting: Meeting, actor: Actor, now: dt.datetime) -> Meeting:
    """Send the notice: from now on those asked see it, answer, and sign in on the day."""
    meeting = locked(meeting, actor)
    chain.moved(
        meeting, "call", said=_("会议%(stage)s，不能再通知。") % {"stage": meeting.get_stage_display()}
    )
    if meeting.day < clock.today(now):
        raise Refusal(_("会议日期已过，请先改日期。"))
    if not meeting.invitations.exists():
        raise Refusal(_("还没有参会岗位，请先添加。"))
    meeting.called_at, meeting.sign_code_digest = now, digest_for(meeting)
    meeting.save(update_fields=["stage", "called_at", "sign_code_digest"])
    audit.record(
        "leadership.meeting_called", target=meeting, actor=actor, at=now, payload=_spoken_of(meeting)
    )
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, actor: Actor, now: dt.datetime) -> Meeting:
    """It does not take place, for a reason those asked can read."""
    meeting = locked(meeting, actor)
    chain.moved(
        meeting, "cancel", said=_("会议%(stage)s，不能取消。") % {"stage": meeting.get_stage_display()}
    )
    meeting.reason = said(
        reason, most=300, missing=_("请写明取消的原因。"), too_long=_("原因不超过 300 字。")
    )
    meeting.cancelled_at = now
    meeting.save(update_fields=["stage", "reason", "cancelled_at"])
    audit.record(
        "leadership.meeting_cancelled", target=meeting, actor=actor, at=now, payload=_spoken_of(meeting)
    )
    return meeting


@transaction.atomic
def merge_meeting(*, meeting: Meeting, into: Meeting, actor: Actor, now: dt.datetime) -> Meeting:
    """Let another meeting of the kind take this one's agenda and round along; this one is cancelled."""
    meeting, into = still_open(meeting, actor), still_open(into, actor)
    if meeting.pk == into.pk or meeting.kind != into.kind:
        raise Refusal(_("只能并入另一次同类会议。"))
    asked = set(into.invitations.values_list("office", flat=True))
    rows: list[Any] = [
        Invitation.objects.create(meeting=into, office_id=each)
        for each in meeting.invitations.order_by("pk").values_list("office", flat=True)
        if each not in asked
    ]
    last = max(into.agenda_rows.values_list("order", flat=True), default=0)
    for item in meeting.agenda.all():
        item.pk, item.meeting, item.order = None, into, last + item.order
        item.save(force_insert=True)
        rows.append(item)
    audit.record(
        "leadership.meeting_merged",
        target=into,
        actor=actor,
        at=now,
        payload={"took_over": meeting.pk},
        states=rows,
    )
    reason = _("与 %(day)s 的“%(title)s”合并召开。") % {"day": into.day, "title": into.title[:200]}
    cancel_meeting(meeting=meeting, reason=reason, actor=actor, now=now)
    return into


def agenda_copied(meeting: Meeting, to: Meeting) -> list[AgendaItem]:
    """The agenda of a recurring meeting without its papers, which are of one day."""
    return [
        AgendaItem.objects.create(
            meeting=to, order=each.order, title=each.title, reporter=each.reporter, minutes=each.minutes
        )
        for each in meeting.agenda.select_related("reporter")
    ]
