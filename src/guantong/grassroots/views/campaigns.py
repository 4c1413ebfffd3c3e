"""The improvement campaigns: which there are, launching one, its picture, and one unit in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.grassroots.campaign_forms import LaunchForm
from guantong.grassroots.campaign_terms import CRITERIA, Terms, campaigns_of, terms_named
from guantong.grassroots.models import Campaign
from guantong.grassroots.operations.campaigns import launch_campaign
from guantong.grassroots.queries import campaigns as queries
from guantong.grassroots.views import campaign_rows
from guantong.grassroots.views.service_tabs import cycle_or_404, tabs
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.organisation.models import Unit
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("unit", gettext_lazy("单位")),
    Column("part", gettext_lazy("是否开展")),
    Column("before", gettext_lazy("之前"), is_number=True),
    Column("after", gettext_lazy("之后"), is_number=True),
    Column("change", gettext_lazy("变化"), is_number=True),
]


@may("business.read")
@require_GET
def campaigns(request: Request) -> HttpResponse:
    """The campaigns of the package, with what they are measured by and where they run or ran."""
    cycle = cycle_asked(request)
    runs: dict[str, list[Campaign]] = {}
    if cycle:
        for each in queries.campaigns_visible_to(request.acting).filter(cycle=cycle):
            runs.setdefault(each.identifier, []).append(each)
    rows = [
        {
            "terms": terms,
            "criteria": criteria_of(terms),
            "runs": runs.get(terms.id, []),
            "is_running": any(each.ended_at is None for each in runs.get(terms.id, [])),
        }
        for terms in (campaigns_of(cycle.package) if cycle else [])
    ]
    context = {
        "tabs": tabs("campaigns", request.acting),
        "cycle": cycle,
        "rows": rows,
        "may_launch": request.acting.may("grassroots.run"),
    }
    return render(request, "grassroots/campaigns.html", context)


def criteria_of(terms: Terms) -> list[dict[str, Any]]:
    """Each criterion with its label; one the program cannot measure shows its name and says so."""
    return [{"id": each, "criterion": CRITERIA.get(each)} for each in terms.criteria]


@may("grassroots.run")
@require_http_methods(["GET", "POST"])
def new_campaign(request: Request, identifier: str) -> HttpResponseBase:
    """Choose where, and until when. ``?in=`` chooses among the divisions of one unit below."""
    cycle = cycle_or_404(request)
    terms = terms_named(cycle.package, identifier)
    if terms is None:
        raise Http404
    top, asked = cycle.unit, request.GET.get("in", "")
    if asked.isdecimal():
        top = get_object_or_404(units_visible_to(request.acting).filter(kind="territory"), pk=asked)
    places = Unit.objects.filter(parent=top, kind="territory", closed_on__isnull=True).order_by("path")
    form = LaunchForm(request.POST if request.method == "POST" else None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            made = launch_campaign(
                cycle=cycle, identifier=identifier, actor=request.acting, now=request.now, **form.cleaned_data
            )
            messages.success(request, _("已启动。"))
            return redirect("campaign", pk=made.pk)
        except Refusal as refusal:
            say_on(form, refusal)
    context = {
        "tabs": tabs("campaigns", request.acting),
        "terms": terms,
        "criteria": criteria_of(terms),
        "form": form,
        "top": top,
        "below": places if top == cycle.unit else [],
    }
    return render(request, "grassroots/campaign_new.html", context, status=422 if form.errors else 200)


def _terms_or_404(campaign: Campaign) -> Terms:
    terms = queries.terms_of(campaign)
    if terms is None:
        raise Http404
    return terms


@may("business.read")
@require_GET
def campaign(request: Request, pk: int) -> HttpResponse:
    """One measure on both days: how it is spread among the units treated and those beside them, and every unit."""
    found = get_object_or_404(queries.campaigns_visible_to(request.acting), pk=pk)
    terms = _terms_or_404(found)
    asked = request.GET.get("criterion", "")
    chosen = asked if asked in terms.criteria else terms.criteria[0]
    path = max(request.acting.scope_path, found.cycle.unit.path, key=len)
    shown = queries.picture(found, chosen, path=path, today=request.today)
    lines = [each for each in shown.lines if each.is_treated] if "treated" in request.GET else shown.lines
    listing = Listing.of(lines, request.GET, COLUMNS, id="units")
    context = {
        "tabs": tabs("campaigns", request.acting),
        "campaign": found,
        "terms": terms,
        "picture": shown,
        "chips": campaign_rows.criterion_chips(terms, chosen),
        "groups": campaign_rows.drawn(shown),
        "top": campaign_rows.top_of(shown),
        "min_n": terms.min_n,
        "listing": listing,
        "rows": [campaign_rows.line_of(each, found, shown) for each in listing],
        "place": request.acting.office.scope if request.acting.office else "",
        "all_treated": all(each.is_treated for each in shown.lines),
        "only_treated": "treated" in request.GET,
    }
    return render(request, "grassroots/campaign.html", context)


@may("business.read")
@require_GET
def campaign_unit(request: Request, pk: int, unit: int) -> HttpResponse:
    """The rows behind one unit's figures, on both days."""
    found = get_object_or_404(queries.campaigns_visible_to(request.acting), pk=pk)
    terms = _terms_or_404(found)
    of_unit = get_object_or_404(units_visible_to(request.acting), pk=unit)
    asked = request.GET.get("criterion", "")
    chosen = asked if asked in terms.criteria else terms.criteria[0]
    last = queries.last_day(found, request.today)
    before, after = (
        campaign_rows.behind(found, chosen, of_unit, day, terms, which, request.acting)
        for which, day in (("before", found.starts_on), ("after", last))
    )
    label = CRITERIA[chosen].label if chosen in CRITERIA else chosen
    context = {
        "tabs": tabs("campaigns", request.acting),
        "campaign": found,
        "unit": of_unit,
        "label": label,
        "how": CRITERIA[chosen].how if chosen in CRITERIA else "",
        "back": f"{reverse('campaign', args=[found.pk])}?criterion={chosen}",
        "sides": [
            {"title": _("之前"), "day": found.starts_on, "rows": before},
            {"title": _("之后"), "day": last, "rows": after},
        ],
    }
    return render(request, "grassroots/campaign_unit.html", context)
