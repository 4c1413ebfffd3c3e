"""Where a filtered list can be saved: a room above says so, this one only shows the link."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

Offer = Callable[[HttpRequest], str]

_offers: list[Offer] = []


def offered_by(offer: Offer) -> None:
    """``offer`` gives the address under which the list of a request is saved; empty where it is none."""
    if offer not in _offers:
        _offers.append(offer)


def save_url(request: HttpRequest) -> str:
    """The address that saves the list of a request; empty where there is none."""
    return next((found for each in _offers if (found := each(request))), "")
