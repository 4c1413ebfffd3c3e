"""What paired contact holds about a representative, for that person's own page: who, when, about what, in which words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from guantong.cases.models import Case
from guantong.leadership.models import Pairing, PartnerContact
from guantong.partners import own_page
from guantong.partners.models import Partner


def held(partner: Partner, today: dt.date) -> Mapping[str, Any]:
    """Pairings, every contact with what was written down about it, and cases. Empty where there is nothing."""
    pairings = list(
        Pairing.objects.filter(partner=partner).select_related("office__unit").order_by("-starts_on")
    )
    contacts = list(
        PartnerContact.objects.filter(partner=partner, cancelled_at__isnull=True)
        .select_related("office__unit", "record")
        .order_by("-day", "-pk")
    )
    cases = list(Case.objects.filter(partner=partner).order_by("-received_on", "-pk"))
    if not (pairings or contacts or cases):
        return {}
    return {"pairings": pairings, "contacts": contacts, "cases": cases}


def register() -> None:
    own_page.register(own_page.Panel("pairings", "leadership/pairing_held.html", held))
