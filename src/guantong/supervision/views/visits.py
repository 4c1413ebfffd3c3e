"""The calendar of checks: of the office, of one unit; cancelling."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.mechanisms.asked import cycle_asked
from guantong.supervision.models import Visit
from guantong.supervision.operations import visits as operations
from guantong.supervision.queries import visits as queries
from guantong.supervision.rules import visits as rules
from guantong.supervision.views import tabs
from guantong.supervision.views.visit_rows import rows_of
from guantong.supervision.visit_forms import ALL, CANCELLED, VisitFilter
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("day", gettext_lazy("日期"), ("starts_on",)),
    Column("unit", gettext_lazy("单位"), ("unit__path",)),
    Column("who", gettext_lazy("谁来检查")),
    Column("purpose", gettext_lazy("检查什么")),
    Column("state", gettext_lazy("状态")),
]


@may("business.read")
@require_GET
def visits(request: Request) -> HttpResponse:
    """Who checks which unit when, by month."""
    cycle = cycle_asked(request)
    form = VisitFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = _filtered(queries.visits_visible_to(request.acting).filter(cycle=cycle), wanted, request)
    months = Counter(day.month for day in found.order_by().values_list("starts_on", flat=True))
    if wanted.get("month"):
        found = found.filter(starts_on__month=wanted["month"])
    listing = Listing.of(found, request.GET, COLUMNS, id="visits", sort="day")
    context = {
        "tabs": tabs("visits", request.acting),
        "form": form,
        "cycle": cycle,
        "months": _months(months, wanted.get("month"), request.GET),
        "listing": listing,
        "rows": rows_of(listing, request),
        "cap": rules.cap_of(cycle.package) if cycle else 0,
        "may_plan": cycle is not None and request.acting.may("supervision.run"),
    }
    return render(request, "supervision/visits.html", context)


def _filtered(found: QuerySet[Visit], wanted: dict[str, Any], request: Request) -> QuerySet[Visit]:
    if wanted.get("q"):
        found = found.filter(unit__name__icontains=wanted["q"])
    if wanted.get("state") == CANCELLED:
        return found.filter(cancelled_at__isnull=False)
    found = found.filter(cancelled_at__isnull=True)
    return found if wanted.get("state") == ALL else found.filter(ends_on__gte=request.today)


def _months(counts: Counter[int], chosen: int | None, params: QueryDict) -> list[dict[str, Any]]:
    """The year as a strip: the months in which visits begin, with how many."""

    def item(label: str, month: int | None, count: int) -> dict[str, Any]:
        asked = params.copy()
        for key in ("month", "page"):
            asked.pop(key, None)
        if month:
            asked["month"] = str(month)
        url = f"?{asked.urlencode()}"
        return {"label": label, "url": url, "count": count, "current": month == chosen}

    shown = [month for month in range(1, 13) if counts[month] or month == chosen]
    named = [item(_("%(n)s 月") % {"n": month}, month, counts[month]) for month in shown]
    return [item(_("各月"), None, counts.total()), *named]


@may("business.read")
@require_GET
def unit_visits(request: Request, pk: int) -> HttpResponse:
    """One unit's calendar and what is left of its budget."""
    unit = get_object_or_404(units_visible_to(request.acting), pk=pk)
    cycle = cycle_asked(request)
    found = queries.visits_visible_to(request.acting).filter(cycle=cycle, unit=unit)
    rows = rows_of(found.order_by("starts_on", "pk"), request)
    context = {
        "tabs": tabs("visits", request.acting),
        "unit": unit,
        "cycle": cycle,
        "budget": queries.budget_of(unit, cycle) if cycle else None,
        "coming": [row for row in rows if row.is_coming],
        "past": [row for row in rows if not row.is_coming],
        "waiting": list(queries.waiting_for_a_leader(unit)) if cycle else [],
        "may_plan": cycle is not None and rules.may_plan(request.acting, unit),
    }
    return render(request, "supervision/visits_of_unit.html", context)


@may("supervision.run")
@require_POST
def visit_cancellation(request: Request, pk: int) -> HttpResponseBase:
    """Take a visit out of the calendar."""
    visit = get_object_or_404(queries.visits_visible_to(request.acting), pk=pk)
    operations.cancel_visit(visit=visit, actor=request.acting, now=request.now)
    messages.success(request, _("已取消，这次不再计入该单位的次数。"))
    return redirect("unit-visits", pk=visit.unit_id)
