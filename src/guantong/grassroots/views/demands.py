"""Demands: the list with what waits for me first, and writing one down."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.demand_chain import ENDED_STAGES
from guantong.grassroots.demand_forms import DemandForm
from guantong.grassroots.models import Demand, Home
from guantong.grassroots.operations.demands import raise_demand
from guantong.grassroots.queries import demands as queries
from guantong.grassroots.rules import demands as rules
from guantong.grassroots.views.service_tabs import cycle_or_404, tabs
from guantong.grassroots.views.services import homes_below
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("wording", gettext_lazy("群众要什么")),
    Column("where", gettext_lazy("哪里")),
    Column("at", gettext_lazy("现在在谁那里")),
    Column("stage", gettext_lazy("进展")),
    Column("raised", gettext_lazy("提出")),
]
TONES = {
    DemandStage.RAISED: "info", DemandStage.TAKEN_UP: "info", DemandStage.CASE: "info", DemandStage.ANSWERED: "warn",
    DemandStage.TOLD: "good", DemandStage.DROPPED: "",
}  # fmt: skip


@may("business.read")
@require_GET
def demands(request: Request) -> HttpResponse:
    """What people asked for, within sight: what waits for this office first."""
    cycle = cycle_asked(request)
    visible = queries.demands_visible_to(request.acting)
    visible = visible.filter(cycle=cycle) if cycle else visible.none()
    visible, kept = _narrowed(visible, request)
    shown = {
        "mine": visible.filter(queries.waiting_for(request.acting)),
        "open": queries.still_open(visible),
        "all": visible,
    }
    counts = {key: found.count() for key, found in shown.items()}
    view = request.GET.get("view", "mine" if counts["mine"] and not kept else "all")
    view = view if view in shown else "all"
    listing = Listing.of(queries.mine_first(shown[view], request.acting), request.GET, COLUMNS, id="demands")
    labels = {"mine": _("等我办"), "open": _("还没有结果"), "all": _("全部")}
    context = {
        "tabs": tabs("demands", request.acting),
        "cycle": cycle,
        "views": [
            {
                "label": labels[key],
                "url": f"?{urlencode({'view': key} | kept)}",
                "count": counts[key],
                "current": key == view,
            }
            for key in shown
        ],
        "kept": kept,
        "listing": listing,
        "rows": [row_of(each, request) for each in listing],
        "may_raise": cycle is not None and rules.may_raise(request.acting),
    }
    return render(request, "grassroots/demands.html", context)


def _narrowed(visible: QuerySet[Demand], request: Request) -> tuple[QuerySet[Demand], dict[str, str]]:
    """``?in=`` is a unit with all below it, ``?where=`` a place on the way; what cannot be read is ignored."""
    kept = {}
    asked, where = request.GET.get("in", ""), request.GET.get("where", "")
    if asked.isdecimal() and (unit := units_visible_to(request.acting).filter(pk=int(asked)).first()):
        visible, kept["in"] = queries.below(visible, unit), asked
    if where in queries.WHERE:
        visible, kept["where"] = visible.filter(queries.WHERE[where]), where
    return visible, kept


def row_of(demand: Demand, request: Request) -> dict[str, Any]:
    return {
        "demand": demand,
        "tone": TONES[DemandStage(demand.stage)],
        "is_mine": rules.waits_for(request.acting, demand),
        "is_ended": demand.stage in ENDED_STAGES,
    }


@may("records.write")
@require_http_methods(["GET", "POST"])
def new_demand(request: Request) -> HttpResponseBase:
    """Write down what people ask for: what, where. Who asked is not written."""
    cycle, office = cycle_or_404(request), request.acting.office
    assert office is not None
    if not rules.may_raise(request.acting):
        raise Refusal(_("群众诉求由联络员、专职委员和之家负责人收集。"))
    homes = homes_below(office)
    form = DemandForm(
        request.POST if request.method == "POST" else None,
        units=rules.places_of(office, request.today),
        homes=homes,
        initial={"home": homes.first() if office.unit.kind == "home" else None},
    )
    if request.method == "POST" and form.is_valid():
        try:
            demand = raise_demand(
                raised_by=office, cycle=cycle, actor=request.acting, now=request.now, **form.cleaned_data
            )
            messages.success(request, _("已记下，现在在“%(office)s”。") % {"office": demand.at_office})
            return redirect("demand", pk=demand.pk)
        except Refusal as refusal:
            say_on(form, refusal)
    context = {"tabs": tabs("demands", request.acting), "form": form, "has_homes": Home.objects.exists()}
    return render(request, "grassroots/demand_new.html", context, status=422 if form.errors else 200)
