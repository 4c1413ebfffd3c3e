"""Meetings: the list, one with everything about it, and how many each township was called to."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.leadership.meeting_forms import MeetingFilter
from guantong.leadership.models import Meeting
from guantong.leadership.queries import meetings as queries
from guantong.leadership.queries.load import load_of_townships
from guantong.leadership.views import tabs
from guantong.leadership.views.meeting_page import context_of
from guantong.mechanisms.asked import cycle_asked
from guantong.organisation.models import Unit
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("day", gettext_lazy("日期"), ("day", "starts_at")),
    Column("title", gettext_lazy("会议"), ("title",)),
    Column("unit", gettext_lazy("召集单位"), ("unit__path",)),
    Column("round", gettext_lazy("应到／实到"), is_number=True),
    Column("stage", gettext_lazy("状态"), ("stage",)),
]
LOAD = [
    Column("unit", gettext_lazy("苏木乡镇街道")),
    Column("meetings", gettext_lazy("上级会议"), is_number=True),
    Column("minutes", gettext_lazy("时长（分钟）"), is_number=True),
    Column("people", gettext_lazy("参会人次"), is_number=True),
]


@may("business.read")
@require_GET
def meetings(request: Request) -> HttpResponse:
    """Meetings in sight, the newest first; on top those that wait for this office's answer."""
    cycle = cycle_asked(request)
    form = MeetingFilter(request.GET)
    form.is_valid()
    found, unit = _filtered(request, queries.meetings_visible_to(request.acting).filter(cycle=cycle), form)
    listing = Listing.of(queries.with_attendance(found), request.GET, COLUMNS, id="meetings", sort="-day")
    context = {
        "tabs": tabs("meetings", request.acting),
        "form": form,
        "cycle": cycle,
        "listing": listing,
        "unit": unit,
        "waiting": list(queries.invitations_waiting(request.acting, today=request.today)[:10]),
        "may_call": cycle is not None and request.acting.may("leadership.call"),
    }
    return render(request, "leadership/meetings.html", context)


def _filtered(
    request: Request, found: QuerySet[Meeting], form: MeetingFilter
) -> tuple[QuerySet[Meeting], Unit | None]:
    """``called`` is a unit: meetings of bodies above it that it was called to, as the load counts them."""
    wanted: dict[str, Any] = form.cleaned_data
    for name in ("kind", "stage", "body"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    if wanted.get("q"):
        found = found.filter(Q(title__icontains=wanted["q"]) | Q(unit__name__icontains=wanted["q"]))
    unit = None
    if wanted.get("called"):
        unit = get_object_or_404(units_visible_to(request.acting), pk=wanted["called"])
        found = queries.called_from_above(found, unit)
    return found, unit


@may("business.read")
@require_GET
def meeting(request: Request, pk: int) -> HttpResponse:
    item = get_object_or_404(queries.meetings_visible_to(request.acting), pk=pk)
    return render(request, "leadership/meeting.html", context_of(request, item))


@may("business.read")
@require_GET
def meeting_load(request: Request) -> HttpResponse:
    """How many meetings from above each township in sight was called to this year, and how long they took."""
    cycle = cycle_asked(request)
    rows = load_of_townships(request.acting, cycle) if cycle else []
    context = {
        "tabs": tabs("meeting-load", request.acting),
        "cycle": cycle,
        "listing": Listing.of(rows, request.GET, LOAD, id="load", per_page=100),
        "most": rows[0] if rows else None,
        "mean": round(sum(each.meetings for each in rows) / len(rows), 1) if rows else None,
    }
    return render(request, "leadership/meeting_load.html", context)
