"""The roster of a unit on a day, and whose term ends soon."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.grassroots.queries import roster as queries
from guantong.grassroots.views.coverage import open_below
from guantong.grassroots.views.roster_tabs import day_asked, rule_chips, scope_of, tabs
from guantong.grassroots.wording import asked_for
from guantong.mechanisms.asked import cycle_asked
from guantong.privacy import keys
from guantong.ui.tables import Column, Listing

PLACE_COLUMNS = [Column("unit", _("单位")), Column("seat", _("岗位")), Column("who", _("任职情况"))]
TERM_COLUMNS = [
    Column("ends", _("任期届满"), ("ends_on",)),
    Column("unit", _("单位"), ("office__unit__path",)),
    Column("seat", _("岗位")),
    Column("who", _("任职人")),
    Column("next", _("接任")),
]


@may("business.read")
@require_GET
def rosters(request: Request) -> HttpResponseBase:
    """The roster of what the office acted for sees."""
    return redirect("roster", pk=scope_of(request).pk)


@may("business.read")
@require_GET
def roster(request: Request, pk: int) -> HttpResponse:
    """Every seat that must be held in a unit's subtree on a day: by whom, with what else, since when."""
    unit = get_object_or_404(units_visible_to(request.acting), pk=pk)
    cycle, on = cycle_asked(request), day_asked(request)
    found = queries.roster_lines(cycle, unit, on=on) if cycle else []
    if "short" in request.GET:
        found = [(rule, line) for rule, line in found if line.missing or line.not_full_time or line.doubled]
    else:
        found.sort(key=lambda each: each[1].path)
    listing = Listing.of(found, request.GET, PLACE_COLUMNS, id="roster", per_page=40)
    places = queries.places(cycle, list(listing), on=on) if cycle else []
    context = {
        "tabs": tabs("rosters"),
        "cycle": cycle,
        "unit": unit,
        "on": on,
        "is_today": on == request.today,
        "only_short": "short" in request.GET,
        "listing": listing,
        "rows": [
            {"place": place, "seat": asked_for(cycle, place.rule), "may_enter": request.acting.may("records.write")}
            for place in places
            if cycle
        ],
        "rules": rule_chips(cycle, unit, "coverage-districts", "") if cycle else [],
        "n_gaps": open_below(cycle, unit) if cycle else 0,
        "crumbs": [
            {"label": str(each), "url": reverse("roster", args=[each.pk])}
            for each in unit.ancestors()
            if request.acting.sees(each.path)
        ],
    }  # fmt: skip
    return render(request, "grassroots/roster.html", context)


@may("business.read")
@require_GET
def term_ends(request: Request) -> HttpResponse:
    """Terms that end within 90 days, and whether somebody follows."""
    cycle = cycle_asked(request)
    found = queries.term_ends(cycle, scope_of(request), on=request.today) if cycle else None
    listing = Listing.of(
        found if found is not None else [], request.GET, TERM_COLUMNS, id="terms", sort="ends"
    )
    keys.load(each.person.subject_id for each in listing)
    context = {
        "tabs": tabs("term-ends"),
        "listing": listing,
        "rows": [{"holding": each, "left": (each.ends_on - request.today).days} for each in listing],
    }
    return render(request, "grassroots/roster_terms.html", context)
