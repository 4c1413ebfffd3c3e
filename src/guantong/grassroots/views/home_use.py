"""How much a home is used and how varied what goes on there is: a figure, its formula, the rows behind it."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.grassroots.choices import ContentKind, HostKind, ResultKind
from guantong.grassroots.home_terms import LEAST, least_told
from guantong.grassroots.models import Home
from guantong.grassroots.queries.activities import held_between
from guantong.grassroots.queries.use import diversity_of, use_of
from guantong.grassroots.rules.diversity import Diversity
from guantong.grassroots.views.home_frame import span_asked, span_chips, tabs, visible_home
from guantong.mechanisms.queries import current_cycle


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


@may("business.read")
@require_GET
def home_use(request: Request, pk: int) -> HttpResponse:
    """Booked hours of open hours, people of places."""
    home = visible_home(request, pk)
    since, until, days = span_asked(request)
    use = use_of(home, since=since, until=until)
    context = {
        "tabs": tabs("", request.acting),
        "home": home,
        "use": use,
        "spans": span_chips(days),
        "booked": _hours(use.booked_minutes),
        "open": _hours(use.open_minutes),
        "rooms": [{"room": room, "hours": _hours(n)} for room, n in use.rooms],
        "bookings": [{"booking": row, "hours": _hours(n)} for row, n in use.bookings],
    }
    return render(request, "grassroots/home_use.html", context)


@may("business.read")
@require_GET
def home_diversity(request: Request, pk: int) -> HttpResponse:
    """Who hosted, what went on, what came of it: how evenly over the kinds."""
    home = visible_home(request, pk)
    since, until, days = span_asked(request)
    cycle = current_cycle(request.acting, on=request.today)
    activities = list(held_between(Home.objects.filter(pk=home.pk), since, until))
    found = diversity_of(activities, least=least_told(cycle.package) if cycle else LEAST)
    context = {
        "tabs": tabs("", request.acting),
        "home": home,
        "since": since,
        "until": until,
        "spans": span_chips(days),
        "activities": activities,
        "parts": [
            _part(_("主办方多元"), found.hosts, HostKind),
            _part(_("内容多元"), found.contents, ContentKind),
            _part(_("成效多元"), found.results, ResultKind),
        ],
    }
    return render(request, "grassroots/home_diversity.html", context)


def _part(title: str, found: Diversity, kinds: type[TextChoices]) -> dict[str, Any]:
    return {
        "title": title,
        "found": found,
        "n_kinds": len(found.counts),
        "bars": [{"label": str(kinds(kind).label), "value": n} for kind, n in found.counts],
    }
