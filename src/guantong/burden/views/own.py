"""What the own unit is asked: this month, the year, and by whom."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.burden.queries import meter
from guantong.burden.queries.villages import VILLAGE, Comparison, records_nobody_asked_for
from guantong.burden.views import rows_address, tabs
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import CLAIMABLE, Source
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit


@may("business.read")
@require_GET
def burden(request: Request) -> HttpResponse:
    """In plain words: how many forms this month, how many minutes, who asks; then the year behind it."""
    cycle = cycle_asked(request)
    assert request.acting.office is not None
    unit = request.acting.office.unit
    context: dict[str, Any] = {"tabs": tabs("burden", request.acting), "cycle": cycle, "unit": unit}
    if cycle is not None:
        context |= _year(request, cycle, unit)
    return render(request, "burden/own.html", context)


def _year(request: Request, cycle: Cycle, unit: Unit) -> dict[str, Any]:
    year = meter.year_of(meter.asked(cycle).filter(unit=unit))
    here = year.months[request.today.month - 1] if request.today.year == cycle.year else None
    units = Unit.objects.in_bulk(list(year.issuers))
    common = {"unit": unit.pk, "cycle": cycle.pk}
    return {
        "year": year,
        "month": here,
        "month_url": rows_address(**common, month=here.month) if here else "",
        "month_issuers": [units[key] for key in here.by_issuer if key in units] if here else [],
        "year_url": rows_address(**common),
        "to_fill": _to_fill(request, unit),
        "bars": _bars(year, common),
        "issuers": [
            {"unit": units[key], "total": total, "url": rows_address(**common, issuer=key)}
            for key, total in year.issuers.items()
            if key in units
        ],
        "comparison": _compared(year, cycle, unit) if unit.level == VILLAGE else None,
        "records_url": reverse("burden-records"),
    }


def _compared(year: meter.Year, cycle: Cycle, unit: Unit) -> Comparison:
    return Comparison(year.total, records_nobody_asked_for(cycle).filter(unit=unit).count(), 1)


def _bars(year: meter.Year, common: dict[str, Any]) -> list[dict[str, object]]:
    return [
        {
            "label": _("%(n)s 月") % {"n": each.month},
            "value": each.total.minutes,
            "text": _("%(forms)s 张 · %(minutes)s")
            % {"forms": each.total.forms, "minutes": each.total.minutes}
            if each.total.forms
            else "—",
            "url": rows_address(**common, month=each.month) if each.total.forms else "",
        }
        for each in year.months
    ]


def _to_fill(request: Request, unit: Unit) -> list[dict[str, Any]]:
    """Requests of this room that can be answered now."""
    rows = Obligation.objects.filter(
        unit=unit, source=Source.REQUEST, state__in=CLAIMABLE, starts_on__lte=request.today
    ).order_by("due_on", "pk")
    return [{"item": each, "url": reverse("request-answer", args=[each.pk])} for each in rows[:20]]
