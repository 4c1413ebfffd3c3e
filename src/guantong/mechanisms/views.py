"""Packages as they were frozen."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.mechanisms.models import StoredPackage, package_by_digest
from guantong.mechanisms.package import form_counts
from guantong.mechanisms.queries import cycles_visible_to


@may("business.read")
@require_GET
def package(request: Request, pk: int) -> HttpResponse:
    """What a frozen package holds: tiers, duties, scorecards, what it asks in a year, what is not used yet."""
    visible = cycles_visible_to(request.acting).values("stored")
    stored = get_object_or_404(StoredPackage.objects.filter(pk__in=visible), pk=pk)
    parsed = package_by_digest(stored)
    seats = {seat.id: seat.name for seat in parsed.offices}
    pillars = {pillar.id: pillar.name for tier in parsed.tiers for pillar in tier.pillars}
    duties = [
        {"duty": duty, "seat": seats.get(duty.who, duty.who), "pillar": pillars.get(duty.pillar, "")}
        for duty in parsed.duties
    ]
    cards = [
        {
            "card": card,
            "items": [{"item": item, "indicator": parsed.indicator(item.use)} for item in card.items],
        }
        for card in parsed.scorecards
    ]
    context = {
        "stored": stored,
        "package": parsed,
        "duties": duties,
        "cards": cards,
        "forms": form_counts(parsed, tree=None),
    }
    return render(request, "mechanisms/package.html", context)
