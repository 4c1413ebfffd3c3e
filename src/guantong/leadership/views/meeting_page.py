"""What one meeting's page shows: who is asked, what clashes, what was decided, and what can be done now."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.leadership import chain
from guantong.leadership.choices import LineKind, MeetingKind, MeetingStage
from guantong.leadership.meeting_forms import (
    AgendaForm,
    CancelForm,
    HoldForm,
    LeaveForm,
    LineForm,
    MinutesForm,
    SeriesForm,
    StandInForm,
    TaskForm,
)
from guantong.leadership.models import Invitation, Meeting, MinuteLine
from guantong.leadership.queries import calling
from guantong.leadership.queries import meetings as queries
from guantong.leadership.queries.lines import lines_of, standing_of
from guantong.leadership.queries.offices import business_offices, offices_named
from guantong.leadership.rules import meetings as rules
from guantong.leadership.views import tabs
from guantong.leadership.views.picking import items_of

TONES = {
    MeetingStage.PLANNED: "",
    MeetingStage.CALLED: "accent",
    MeetingStage.HELD: "good",
    MeetingStage.CANCELLED: "",
}


def context_of(request: Request, meeting: Meeting) -> dict[str, Any]:
    keeps = rules.may_keep(request.acting, meeting)
    asked = list(
        meeting.invitations.select_related("office__unit", "stand_in").order_by("office__unit__path", "pk")
    )
    for each in asked:
        each.meeting = meeting
    context: dict[str, Any] = {
        "tabs": tabs("meetings", request.acting),
        "item": meeting,
        "tone": TONES[MeetingStage(meeting.stage)],
        "when_where": _when_and_where(meeting),
        "minutes_long": calling.minutes_of(meeting),
        "asked": [{"row": each, "is_late": queries.is_late(meeting, each)} for each in asked],
        "attendance": queries.attendance_of(meeting, asked),
        "agenda": list(meeting.agenda.select_related("reporter", "paper")),
        "lines": _lines(request, meeting, keeps=keeps),
        "is_hearing": meeting.kind == MeetingKind.HEARING,
        "is_open": meeting.stage in chain.OPEN,
        "keeps": keeps,
    }
    context |= _own_answer(request, meeting, asked)
    if keeps:
        context |= _keeping(request, meeting, asked)
    return context


def _when_and_where(meeting: Meeting) -> str:
    """What kind, when and where in one line: the first thing whoever is called wants to know."""
    hour = f"{meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    said = [meeting.get_kind_display(), f"{meeting.day} {hour}".strip(), meeting.place]
    return " · ".join(each for each in said if each)


def _own_answer(request: Request, meeting: Meeting, asked: list[Invitation]) -> dict[str, Any]:
    """The invitation of the office acted for, and what it can answer."""
    mine = next((each for each in asked if each.office_id == request.acting.office_ref), None)
    if mine is None or mine.signed_at or not rules.takes_replies(meeting, request.today):
        return {"mine": mine, "may_answer": False}
    colleagues = business_offices(Office.objects.filter(unit=mine.office.unit_id)).exclude(pk=mine.office_id)
    return {
        "mine": mine,
        "may_answer": True,
        "leave_form": LeaveForm(),
        "stand_in_form": StandInForm(offices=colleagues) if colleagues.exists() else None,
    }


def _keeping(request: Request, meeting: Meeting, asked: list[Invitation]) -> dict[str, Any]:
    """What only the office that keeps the meeting sees."""
    if meeting.stage == MeetingStage.HELD:
        return {
            "minutes_form": MinutesForm(initial={"text": meeting.minutes}),
            "line_form": LineForm(),
        }
    if meeting.stage == MeetingStage.CANCELLED:
        return {}
    there = {each.office_id for each in asked}
    words = request.GET.get("q", "")
    found = [each for each in offices_named(request.acting, words) if each.pk not in there]
    return {
        "clashes": calling.clashes_of(meeting),
        "merges": calling.merges_for(meeting),
        "proposed": items_of(queries.proposed_for(meeting), checked=True),
        "q": words,
        "found": items_of(found, checked=False),
        "may_call": chain.may_move(meeting, "call") and bool(asked),
        "may_hold": chain.may_move(meeting, "hold") and meeting.day <= request.today,
        "may_sign_today": rules.takes_signatures(meeting, request.today),
        "takes_the_list": rules.takes_the_list(meeting, request.today),
        "agenda_form": AgendaForm(reporters=reporters_of(meeting)),
        "series_form": SeriesForm(),
        "cancel_form": CancelForm(),
        "hold_form": HoldForm(),
    }


def reporters_of(meeting: Meeting) -> QuerySet[Office]:
    """Who can report on an item: those asked, and the chair."""
    asked = meeting.invitations.values("office")
    return (
        Office.objects.filter(Q(pk__in=asked) | Q(pk=meeting.chair_id)).select_related("unit").order_by("pk")
    )


def _lines(request: Request, meeting: Meeting, *, keeps: bool) -> list[dict[str, Any]]:
    rows = list(lines_of([meeting]))
    standing = standing_of(rows)
    return [
        {
            "line": each,
            "standing": standing[each.pk],
            "is_demand": each.kind == LineKind.DEMAND,
            "may_make": keeps and not each.task_id and not each.case_id,
            "task_form": _task_form(each) if keeps and not each.task_id else None,
        }
        for each in rows
    ]


def _task_form(line: MinuteLine) -> TaskForm | None:
    """With an ``id`` of the line's own, since there is one for each line on the page."""
    if line.kind == LineKind.DEMAND:
        return None
    initial = {
        "lead": line.lead.name if line.lead else "",
        "cooperating": "、".join(each.name for each in line.cooperating.all()),
        "due_on": line.due_on,
    }
    return TaskForm(initial=initial, auto_id=f"line-{line.pk}-%s")
