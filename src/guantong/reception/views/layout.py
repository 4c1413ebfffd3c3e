"""Laying out a quarter or a year of reception days, and making them public."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.calendars.queries import calendar_for
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle
from guantong.reception.office_forms import LayOutForm
from guantong.reception.operations.days import publish_days
from guantong.reception.operations.layout import lay_out_days
from guantong.reception.planning import days_of_year
from guantong.reception.queries.days import days_visible_to, units_that_receive
from guantong.reception.terms import first_terms
from guantong.reception.views.calendar import tabs
from guantong.ui.forms import say_on


@may("reception.run")
@require_http_methods(["GET", "POST"])
def lay_out(request: Request) -> HttpResponseBase:
    """The rule of the package, the days it gives this year, and the form; drafts are looked through before publishing."""
    cycle = current_cycle(request.acting, on=request.today)
    terms = first_terms(cycle) if cycle else None
    if cycle is None or terms is None or terms.monthly_day is None:
        raise Refusal(_("本年度的机制没有规定固定接待日，只接受随时约访。"))
    units = units_that_receive(cycle, terms) & units_visible_to(request.acting)
    form = LayOutForm(request.POST or None, units=units, year=cycle.year)
    if request.method == "POST" and form.is_valid():
        given, (first, last) = form.cleaned_data, form.days()
        try:
            made = lay_out_days(
                cycle=cycle, unit=given["unit"], terms=terms, first=first, last=last, place=given["place"],
                place_en=given["place_en"], a_day=given["a_day"], actor=request.acting, now=request.now,
            )  # fmt: skip
            messages.success(request, _("排出 %(n)s 个接待日，请核对后公布。") % {"n": len(made)})
            month = f"?month={made[0].day:%Y-%m}" if made else ""
            return redirect(f"/reception/days/{month}")
        except Refusal as refusal:
            say_on(form, refusal)
    calendar = calendar_for(cycle.year, cycle.unit_id)
    context = {
        "tabs": tabs("reception-days", request.acting),
        "form": form,
        "terms": terms,
        "cycle": cycle,
        "days": days_of_year(terms, year=cycle.year, calendar=calendar),
        "provisional": calendar.is_provisional(cycle.year),
    }
    return render(request, "reception/lay_out.html", context, status=422 if form.errors else 200)


@may("reception.run")
@require_POST
def publication(request: Request) -> HttpResponseBase:
    """Make drafts public: those ticked, or one."""
    keys = [int(each) for each in request.POST.getlist("days") if each.isdigit()]
    days = list(days_visible_to(request.acting).filter(pk__in=keys))
    made = publish_days(days=days, actor=request.acting, now=request.now)
    messages.success(request, _("已公布 %(n)s 个接待日，可以预约了。") % {"n": len(made)})
    if len(days) == 1:
        return redirect("reception-day", pk=days[0].pk)
    return redirect(f"/reception/days/?month={days[0].day:%Y-%m}")
