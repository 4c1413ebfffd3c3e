"""The working calendar of the place one works in, and its upkeep by the coordinating office."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.calendars import operations, rules
from guantong.calendars.forms import CompleteForm, DaysForm, WithdrawForm
from guantong.calendars.models import CalendarDay
from guantong.calendars.months import WEEKDAYS, months_of
from guantong.calendars.queries import calendar_for, days_entered, years_known
from guantong.organisation.models import Unit
from guantong.ui.forms import valid

FIRST, LAST = 2004, 2100


def _territory(request: Request) -> Unit:
    """What the acting office looks after where it keeps the calendar, else where it sits."""
    office = request.acting.office
    if office is None:
        raise Http404
    return office.scope if rules.may_keep(request.acting, office.scope) else office.unit


@may("business.read")
@require_GET
def this_year(request: Request) -> HttpResponseBase:
    """The calendar of the running year."""
    return redirect("calendar-year", year=request.today.year)


@may("business.read")
@require_GET
def year(request: Request, year: int) -> HttpResponse:
    """Twelve months, what was entered, and what the deadlines go by."""
    if not FIRST <= year <= LAST:
        raise Http404
    unit = _territory(request)
    days = calendar_for(year, unit.pk)
    keeps = rules.may_keep(request.acting, unit)
    context = {
        "year": year,
        "before": year - 1 if year > FIRST else None,
        "after": year + 1 if year < LAST else None,
        "unit": unit,
        "weekdays": list(zip(WEEKDAYS, WEEKDAY_NAMES.values(), strict=True)),
        "months": list(months_of(year, days, today=request.today)),
        "provisional": days.is_provisional(year),
        "known": [each for each in years_known(unit) if each.year == year],
        "entered": _entered(request, unit, year),
        "form": DaysForm() if keeps else None,
        "complete_form": CompleteForm() if keeps else None,
    }
    return render(request, "calendars/year.html", context)


def _entered(request: Request, unit: Unit, year: int) -> list[dict[str, object]]:
    return [
        {
            "row": each,
            "form": WithdrawForm(auto_id=f"withdraw-{each.pk}-%s")
            if each.withdrawn_at is None and rules.may_keep(request.acting, each.unit)
            else None,
        }
        for each in days_entered(unit, year)
    ]


@may("cycles.run")
@require_POST
def days(request: Request, year: int) -> HttpResponseBase:
    """Enter days off or swapped working days."""
    unit = _territory(request)
    data = valid(DaysForm(request.POST))
    rows = operations.enter_days(
        unit=unit, actor=request.acting, now=request.now, today=request.today, **data
    )
    messages.success(request, _("已登记 %(n)s 天，以后计算的期限按新的日历。") % {"n": len(rows)})
    return redirect("calendar-year", year=rows[0].day.year)


@may("cycles.run")
@require_POST
def withdrawal(request: Request, pk: int) -> HttpResponseBase:
    """Take a wrong entry back."""
    day = get_object_or_404(
        CalendarDay.objects.filter(unit__in=Unit.objects.below(_territory(request))), pk=pk
    )
    data = valid(WithdrawForm(request.POST))
    operations.withdraw_day(
        day=day, actor=request.acting, now=request.now, today=request.today, reason=data["reason"]
    )
    messages.success(request, _("已撤销。"))
    return redirect("calendar-year", year=day.day.year)


@may("cycles.run")
@require_POST
def completion(request: Request, year: int) -> HttpResponseBase:
    """Say that the year's arrangement is entered in full."""
    data = valid(CompleteForm(request.POST))
    operations.complete_year(
        unit=_territory(request),
        year=year,
        actor=request.acting,
        now=request.now,
        today=request.today,
        **data,
    )
    messages.success(request, _("%(year)s 年的安排已确认，不再标注“可能调整”。") % {"year": year})
    return redirect("calendar-year", year=year)
