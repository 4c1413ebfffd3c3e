"""Pages for anybody: who receives when and where, and the order of a waiting list."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import public
from guantong.reception.models import ReceptionDay, Slot
from guantong.reception.queries.bookings import appointment_hosts
from guantong.reception.queries.days import bookable_slots, public_days, slots_by_day
from guantong.reception.queries.waiting import order_of


@public
@require_GET
def reception(request: Request) -> HttpResponse:
    """The schedule, a month at a time: who receives, what they are in charge of, when, where, how many places."""
    found = public_days(on=request.today)
    months = sorted({(day.year, day.month) for day in found.order_by().values_list("day", flat=True)})
    chosen = _chosen(request.GET.get("month", ""), months)
    days = list(found.filter(day__year=chosen[0], day__month=chosen[1])) if chosen else []
    context = {
        "months": [_month(each, each == chosen) for each in months],
        "dates": _by_date(days, today=request.today),
        "any_time": appointment_hosts(on=request.today).exists(),
    }
    return render(request, "reception/schedule.html", context)


def _chosen(asked: str, months: list[tuple[int, int]]) -> tuple[int, int] | None:
    named = {f"{year}-{month:02}": (year, month) for year, month in months}
    if asked in named:
        return named[asked]
    return months[0] if months else None


def _month(each: tuple[int, int], current: bool) -> dict[str, Any]:
    year, month = each
    label = formats.date_format(dt.date(year, month, 1), "YEAR_MONTH_FORMAT")
    return {"label": label, "url": f"?month={year}-{month:02}", "current": current}


def _by_date(days: list[ReceptionDay], *, today: dt.date) -> list[dict[str, Any]]:
    """The days of a month under their dates, each with its slots."""
    slots = slots_by_day(days)
    dates: dict[dt.date, list[dict[str, Any]]] = {}
    for day in days:
        row = {
            "day": day,
            "slots": slots[day.pk] if day.is_open and day.day > today else [],
            "left": sum(each.left for each in slots[day.pk]),  # type: ignore[attr-defined]
        }
        dates.setdefault(day.day, []).append(row)
    return [{"date": date, "rows": rows} for date, rows in dates.items()]


def _open_slot(request: Request, pk: int) -> Slot:
    """A slot of a public day, past ones too: whoever waited may still look at the order."""
    slots = Slot.objects.select_related("day__host__unit", "day__stand_in__unit", "day__cycle__stored")
    return get_object_or_404(slots, pk=pk, day__published_at__isnull=False)


@public
@require_GET
def waiting_order(request: Request, pk: int) -> HttpResponse:
    """The rule by which places go on, the numbers that wait, the seeds: enough for anybody to repeat it."""
    slot = _open_slot(request, pk)
    context = {
        "slot": slot,
        "day": slot.day,
        "groups": order_of(slot),
        "is_bookable": bookable_slots(after=request.today).filter(pk=slot.pk).exists(),
    }
    return render(request, "reception/order.html", context)


@public
@require_GET
def waiting_order_file(request: Request, pk: int) -> HttpResponse:
    """The numbers that have waited since one day, as the draw program reads them."""
    slot = _open_slot(request, pk)
    asked = request.GET.get("since", "")
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["id"])
    for group in order_of(slot):
        if group.since.isoformat() == asked:
            rows.writerows([each] for each in sorted(group.numbers))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="waiting-{slot.pk}.csv"'
    return answer
