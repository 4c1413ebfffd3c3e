"""Hearings: which fall due, the two-page brief, and what its figures were counted from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.leadership.choices import MeetingKind
from guantong.leadership.models import Brief, Meeting
from guantong.leadership.operations.briefs import draw_brief
from guantong.leadership.queries.hearings import hearings_due
from guantong.leadership.queries.meetings import meetings_visible_to, with_attendance
from guantong.leadership.rules.meetings import may_keep
from guantong.leadership.views import tabs
from guantong.mechanisms.asked import cycle_asked
from guantong.obligations.choices import Light, Source
from guantong.obligations.queries import obligations_visible_to
from guantong.obligations.views import address_of
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("title", gettext_lazy("谁来听取"), ("unit__path",)),
    Column("due", gettext_lazy("期限"), ("due_on",)),
    Column("light", gettext_lazy("亮灯"), ("light",)),
    Column("act", gettext_lazy("安排")),
]
BEHIND = [
    Column("title", gettext_lazy("事项")),
    Column("unit", gettext_lazy("单位"), ("unit__path",)),
    Column("due", gettext_lazy("期限"), ("due_on",)),
    Column("state", gettext_lazy("现在的状态")),
]
SHOWN = 20


@may("business.read")
@require_GET
def hearings(request: Request) -> HttpResponse:
    """The duties to hear a report that are open, and the hearings planned and held."""
    cycle = cycle_asked(request)
    due = hearings_due(request.acting, cycle) if cycle else obligations_visible_to(request.acting).none()
    due = due.filter(starts_on__lte=request.today)
    met = meetings_visible_to(request.acting).filter(cycle=cycle, kind=MeetingKind.HEARING)
    context = {
        "tabs": tabs("hearings", request.acting),
        "cycle": cycle,
        "listing": Listing.of(due, request.GET, COLUMNS, id="due", sort="due", per_page=20),
        "meetings": list(with_attendance(met).order_by("-day", "-pk")[:SHOWN]),
        "may_call": request.acting.may("leadership.call"),
    }
    return render(request, "leadership/hearings.html", context)


def _hearing(request: Request, pk: int) -> Meeting:
    return get_object_or_404(meetings_visible_to(request.acting).filter(kind=MeetingKind.HEARING), pk=pk)


@may("business.read")
@require_GET
def hearing_brief(request: Request, pk: int) -> HttpResponse:
    """The brief, fit for two pages of paper; every number a link to what it was counted from."""
    item = _hearing(request, pk)
    brief = Brief.objects.filter(meeting=item).first()
    may_draw = may_keep(request.acting, item) and item.stage in ("planned", "called")
    context: dict[str, Any] = {
        "tabs": tabs("hearings", request.acting),
        "item": item,
        "brief": brief,
        "may_draw": may_draw,
    }
    if brief is not None:
        context |= _shown(item, brief)
    return render(request, "leadership/brief.html", context)


def _shown(item: Meeting, brief: Brief) -> dict[str, Any]:
    content = brief.content
    sources = list(dict.fromkeys(each["source"] for each in content["figures"] if each["source"]))
    figures = {each["key"]: each for each in content["figures"]}
    last = content["last"]
    return {
        "totals": [figures[colour] for colour in (Light.RED, Light.YELLOW)],
        "sources": [
            {
                "label": Source(source).label,
                "red": figures.get(f"red-{source}"),
                "yellow": figures.get(f"yellow-{source}"),
            }
            for source in sources
        ],
        "units": [
            each
            | {
                "red_url": address_of(cycle=item.cycle_id, unit=each["unit"], light="red"),
                "yellow_url": address_of(cycle=item.cycle_id, unit=each["unit"], light="yellow"),
            }
            for each in content["units"]
        ],
        "reds": content["items"]["red"],
        "yellows": content["items"]["yellow"],
        "last": last and last | {"day": dt.date.fromisoformat(last["day"])},
        "as_of": dt.date.fromisoformat(content["as_of"]),
    }


@may("leadership.call")
@require_POST
def brief_drawing(request: Request, pk: int) -> HttpResponseBase:
    """Draw the brief as things stand now."""
    draw_brief(meeting=_hearing(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("汇报提要已按现在的数据生成。"))
    return redirect("hearing-brief", pk=pk)


@may("business.read")
@require_GET
def brief_figure(request: Request, pk: int, key: str) -> HttpResponse:
    """The obligations a number of the brief was counted from, as far as the office may see them."""
    item = _hearing(request, pk)
    brief = get_object_or_404(Brief, meeting=item)
    figure = next((each for each in brief.content["figures"] if each["key"] == key), None)
    if figure is None:
        raise Http404
    behind = obligations_visible_to(request.acting).filter(pk__in=figure["refs"]).select_related("unit")
    listing = Listing.of(behind, request.GET, BEHIND, id="behind", sort="due")
    filters = {"cycle": item.cycle_id, "unit": item.unit_id, "light": figure["light"]}
    source = figure["source"]
    context = {
        "tabs": tabs("hearings", request.acting),
        "item": item,
        "figure": figure,
        "label": f"{Source(source).label} · {Light(figure['light']).label}"
        if source
        else Light(figure["light"]).label,
        "listing": listing,
        "n_hidden": figure["n"] - listing.total,
        "now_url": address_of(**filters, source=source),
        "as_of": dt.date.fromisoformat(brief.content["as_of"]),
    }
    return render(request, "leadership/brief_figure.html", context)
