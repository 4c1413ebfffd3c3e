"""Planning a visit: choose the unit, see what it has had, go along with another office, or ask a leader."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Visit
from guantong.supervision.operations import over_cap
from guantong.supervision.operations import visits as operations
from guantong.supervision.queries import visits as queries
from guantong.supervision.queries.findings import units_named
from guantong.supervision.rules import visits as rules
from guantong.supervision.views import tabs
from guantong.supervision.visit_forms import VisitForm
from guantong.ui.forms import say_on

APART = "apart"


@may("supervision.run")
@require_http_methods(["GET", "POST"])
def new_visit(request: Request) -> HttpResponseBase:
    """Nothing typed is lost when something is wrong, or when another office turns out to be going as well."""
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None:
        raise Refusal(_("还没有启动年度周期。"))
    asked = request.POST.get("unit", "") or request.GET.get("unit", "")
    if not asked.isdigit():
        return _choose_unit(request)
    unit = get_object_or_404(units_visible_to(request.acting), pk=int(asked))
    budget = queries.budget_of(unit, cycle)
    together = request.POST.get("together", "")
    posted = request.POST if request.method == "POST" else None
    form = VisitForm(posted, over_cap=budget.is_spent, together=together.isdigit())
    offers: list[Visit] = []
    if request.method == "POST" and form.is_valid():
        offers = _offers(request, cycle, unit, form)
        if together or not offers:
            try:
                return _done(request, cycle, unit, form, together)
            except Refusal as refusal:
                say_on(form, refusal)
    context = {
        "tabs": tabs("visits", request.acting),
        "unit": unit,
        "budget": budget,
        "form": form,
        "offers": offers,
        "within": rules.joint_within(cycle.package).days,
    }
    return render(request, "supervision/visit_new.html", context, status=422 if form.errors else 200)


def _choose_unit(request: Request) -> HttpResponse:
    words = request.GET.get("q", "")
    context = {
        "tabs": tabs("visits", request.acting),
        "q": words,
        "units": [
            each for each in units_named(request.acting, words) if rules.may_plan(request.acting, each)
        ],
    }
    return render(request, "supervision/visit_new.html", context)


def _days(form: VisitForm) -> dict[str, Any]:
    return {key: form.cleaned_data[key] for key in ("starts_on", "ends_on")}


def _offers(request: Request, cycle: Cycle, unit: Unit, form: VisitForm) -> list[Visit]:
    """Other offices' visits near these days, that this one could go along with."""
    assert request.acting.office is not None
    found = queries.near(cycle=cycle, unit=unit, by=request.acting.office, today=request.today, **_days(form))
    return list(found[:5])


def _done(request: Request, cycle: Cycle, unit: Unit, form: VisitForm, together: str) -> HttpResponseBase:
    """Join, plan or ask, as chosen and as the budget allows."""
    assert request.acting.office is not None
    given = form.cleaned_data
    who: dict[str, Any] = {"planned_by": request.acting.office, "actor": request.acting, "now": request.now}
    what: dict[str, Any] = {"purpose": given["purpose"], "basis": given["basis"]}
    if together.isdigit():
        host = get_object_or_404(
            queries.visits_visible_to(request.acting).filter(unit=unit), pk=int(together)
        )
        operations.join_visit(visit=host, **what, **who)
        messages.success(request, _("已并入，合为一次检查，不另计次数。"))
    elif "reason" in given:
        reason = given["reason"]
        over_cap.ask_over_cap(cycle=cycle, unit=unit, reason=reason, **_days(form), **what, **who)
        messages.success(request, _("已报领导签批，签批后列入日程。"))
    else:
        operations.plan_visit(cycle=cycle, unit=unit, **_days(form), **what, **who)
        messages.success(request, _("已列入日程，该单位可以看到。"))
    return redirect("unit-visits", pk=unit.pk)
