"""The tab bar of a room: its pages, without those that the office acted for may not open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import resolve, reverse

from guantong.accounts.acting import Acting
from guantong.accounts.policies import PUBLIC, SIGNED_IN, policy_of

TO_ANYBODY = (PUBLIC, SIGNED_IN)


def tabs_of(pages: Iterable[tuple[str, object]], current: str, acting: Acting | None) -> list[dict[str, Any]]:
    """For the template tag; ``pages`` are (address name, label), ``current`` the name of the page shown.

    Without ``acting`` every page is there.
    """
    addresses = [(name, label, reverse(name)) for name, label in pages]
    return [
        {"label": label, "url": url, "current": name == current}
        for name, label, url in addresses
        if acting is None or _opens(url, acting)
    ]


def _opens(url: str, acting: Acting) -> bool:
    policy = policy_of(resolve(url).func)
    return policy in TO_ANYBODY or acting.may(str(policy))
