"""One issuing unit: what it asked in the year, of its budget; and setting the budget."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.burden.models import Budget
from guantong.burden.operations.budgets import MOST, set_budget
from guantong.burden.queries import budgets, meter
from guantong.burden.queries.requests import requests_visible_to
from guantong.burden.rules.asking import may_set_budget
from guantong.burden.views import cycle_or_404, rows_address, tabs
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source
from guantong.organisation.models import Unit
from guantong.ui.forms import valid


class BudgetForm(forms.Form):
    minutes = forms.IntegerField(
        label=gettext_lazy("全年最多分钟数"),
        min_value=0,
        max_value=MOST,
        help_text=gettext_lazy("要求别的单位填报的分钟数合计：每份用时 × 单位数 × 次数。"),
    )
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("文件、会议或减负安排。")
    )


@may("business.read")
@require_GET
def issuer(request: Request, pk: int) -> HttpResponse:
    """What a unit asks of others, month by month and by where it comes from, against its budget."""
    unit = get_object_or_404(units_visible_to(request.acting), pk=pk)
    cycle = cycle_asked(request)
    context: dict[str, Any] = {"tabs": tabs("", request.acting), "unit": unit, "cycle": cycle}
    if cycle is not None:
        context |= _of_year(request, unit, cycle)
    return render(request, "burden/issuer.html", context)


def _of_year(request: Request, unit: Unit, cycle: Cycle) -> dict[str, Any]:
    about = {"cycle": cycle.pk, "issuer": unit.pk}
    found = meter.by_month(meter.asked_visibly(request.acting, cycle, issuer=unit))
    by_source: dict[str, meter.Total] = {}
    by_month: dict[int | None, meter.Total] = {}
    for (source, month), each in meter.totals_by(found, "source", "month").items():
        by_source[source] = by_source.get(source, meter.ZERO) + each
        by_month[month] = by_month.get(month, meter.ZERO) + each
    names = dict(Source.choices)
    return {
        "standing": budgets.standing_of(unit, cycle),
        "url": rows_address(**about),
        "sources": [
            {"name": names.get(key, key), "total": each, "url": rows_address(**about, source=key)}
            for key, each in sorted(by_source.items(), key=lambda row: -row[1].minutes)
        ],
        "bars": [
            {
                "label": _("%(n)s 月") % {"n": number},
                "value": by_month[number].minutes if number in by_month else 0,
                "url": rows_address(**about, month=number) if number in by_month else "",
            }
            for number in range(1, 13)
        ],
        "history": list(
            Budget.objects.filter(cycle=cycle, unit=unit).select_related("set_by").order_by("-pk")
        ),
        "requests": list(
            requests_visible_to(request.acting).filter(cycle=cycle, issuer=unit).order_by("-pk")[:20]
        ),
        "form": BudgetForm() if may_set_budget(request.acting, cycle) else None,
    }


@may("cycles.run")
@require_POST
def budget(request: Request, pk: int) -> HttpResponseBase:
    """Set the yearly budget of a unit."""
    unit = get_object_or_404(units_visible_to(request.acting), pk=pk)
    cycle = cycle_or_404(request)
    data = valid(BudgetForm(request.POST))
    set_budget(cycle=cycle, unit=unit, actor=request.acting, now=request.now, **data)
    messages.success(request, _("额度已核定。"))
    return redirect("burden-issuer", pk=unit.pk)
