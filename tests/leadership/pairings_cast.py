"""Leaders and their partners in the small city."""

from __future__ import annotations

from typing import Any

from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.leadership.models import Pairing, PartnerContact
from guantong.leadership.operations.contacts import plan_contact
from guantong.leadership.operations.pairings import confirm_pairings
from guantong.leadership.queries.pairing_proposal import proposed_for
from guantong.leadership.rules.pairings import PairingTerms, terms_of
from guantong.partners.models import Partner


def terms(city: City) -> PairingTerms:
    return terms_of(city.cycle.package)[0]


def leader(city: City, number: int = 1) -> Acting:
    return city.acting("1506-LG", "leader", number)


def confirm_all(city: City, *, month: int = 1, day: int = 12) -> dict[str, Pairing]:
    """Confirm the whole proposal; pairings by the neutral name of the partner."""
    proposed = proposed_for(city.cycle, terms(city))
    chosen = {each.partner: each.office for each in proposed.placed if each.office is not None}
    made = confirm_pairings(
        cycle=city.cycle, terms=terms(city), chosen=chosen, actor=city.coordinator, now=at(month, day)
    )
    return {each.partner.neutral_name: each for each in made}


def planned(
    city: City, partner: Partner, actor: Acting, month: int, of_month: int, **more: Any
) -> PartnerContact:
    assert actor.office is not None
    given: dict[str, Any] = {
        "cycle": city.cycle, "partner": partner, "office": actor.office, "mode": "visit", "purpose": "了解用工情况",
        "day": at(month, of_month).date(), "actor": actor, "now": at(2, 2),
    }  # fmt: skip
    return plan_contact(**given | more)


def spend(city: City, partner: Partner) -> list[PartnerContact]:
    """As many visits as the partner bears in the year, by several leaders."""
    return [planned(city, partner, leader(city, 1 + month % 3), month, 10) for month in (3, 4, 5, 6, 7, 8)]
