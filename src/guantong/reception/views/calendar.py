"""The office's calendar: reception days, appointments and walk-ins in one list, a month at a time."""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle
from guantong.reception.choices import BookingStage
from guantong.reception.models import Booking, ReceptionDay, Slot
from guantong.reception.queries.bookings import bookings_visible_to, meetings_visible_to
from guantong.reception.queries.days import days_visible_to, slots_by_day
from guantong.reception.terms import first_terms


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar. Nothing about anybody who comes."""

    on: dt.date
    at: dt.time | None
    kind: object
    office: Office
    what: str
    state: object
    tone: str
    url: str = ""
    draft: int = 0  # the day, where it is still to be published


def tabs(current: str, acting: Acting) -> list[dict[str, Any]]:
    """The two lists of the room."""
    items = (("reception-days", _("接待日程")), ("bookings", pgettext_lazy("navigation", "预约")))
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label in items
        if acting.may("reception.read")
    ]


@may("reception.read")
@require_GET
def reception_days(request: Request) -> HttpResponse:
    """Who receives when, what is free, what was agreed outside the days."""
    cycle = current_cycle(request.acting, on=request.today)
    first = _month_asked(request, cycle)
    last = first.replace(day=months_of.monthrange(first.year, first.month)[1])
    days = list(days_visible_to(request.acting).filter(day__range=(first, last)))
    meetings = list(meetings_visible_to(request.acting).filter(meet_on__range=(first, last)))
    visible = set(
        bookings_visible_to(request.acting)
        .filter(pk__in=[each.pk for each in meetings])
        .values_list("pk", flat=True)
    )
    slots = slots_by_day(days)
    entries = [
        *(_of_day(each, slots[each.pk]) for each in days),
        *(_of_meeting(each, visible) for each in meetings),
    ]
    entries.sort(key=lambda each: (each.on, each.at or dt.time.min, each.office.pk))
    context = {
        "tabs": tabs("reception-days", request.acting),
        "cycle": cycle,
        "entries": entries,
        "months": _months(cycle, first) if cycle else [],
        "asked": bookings_visible_to(request.acting).filter(stage=BookingStage.ASKED).count(),
        "drafts": sum(1 for each in days if each.published_at is None and each.cancelled_at is None),
        "fixed": bool(cycle and (terms := first_terms(cycle)) and terms.monthly_day is not None),
        "may_run": cycle is not None and request.acting.may("reception.run"),
        "month": f"{first:%Y-%m}",
    }
    return render(request, "reception/calendar.html", context)


def _month_asked(request: Request, cycle: Cycle | None) -> dt.date:
    asked = request.GET.get("month", "")
    try:
        return dt.date.fromisoformat(f"{asked}-01")
    except ValueError:
        pass
    if cycle is not None and cycle.year != request.today.year:
        return dt.date(cycle.year, 1, 1)
    return request.today.replace(day=1)


def _months(cycle: Cycle, current: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "label": formats.date_format(dt.date(cycle.year, month, 1), "F"),
            "url": f"?month={cycle.year}-{month:02}",
            "current": (cycle.year, month) == (current.year, current.month),
        }
        for month in range(1, 13)
    ]


def _of_day(day: ReceptionDay, slots: list[Slot]) -> Entry:
    capacity = sum(each.capacity for each in slots)
    taken, waiting = (sum(getattr(each, name) for each in slots) for name in ("taken", "waiting"))
    if day.cancelled_at:
        state, tone = _("已取消"), "bad"
    elif day.held_on:
        state, tone = _("已接待"), "good"
    elif day.published_at is None:
        state, tone = _("未公布"), "warn"
    else:
        state, tone = _("已公布"), "accent"
    what = (
        _("已约 %(taken)s / %(capacity)s") % {"taken": taken, "capacity": capacity}
        if slots
        else str(day.place_text)
    )
    if waiting:
        what += _("，候补 %(n)s") % {"n": waiting}
    url = reverse("reception-day", args=[day.pk])
    draft = day.pk if day.published_at is None and day.cancelled_at is None else 0
    return Entry(day.day, day.starts_at, _("接待日"), day.receiver, what, state, tone, url, draft)


def _of_meeting(booking: Booking, visible: set[int]) -> Entry:
    assert booking.meet_on is not None
    good = booking.stage in (BookingStage.BOOKED, BookingStage.MET)
    return Entry(
        booking.meet_on,
        booking.meet_at,
        booking.get_kind_display(),
        booking.host,
        booking.place,
        booking.get_stage_display(),
        "good" if good else "warn" if booking.stage == BookingStage.PROPOSED else "",
        reverse("booking", args=[booking.pk]) if booking.pk in visible else "",
    )
