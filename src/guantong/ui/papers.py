"""Links to documents on the pages of rooms that know nothing of documents: a room above registers what it offers.

The tag ``{% papers "circular" item %}`` asks for what is offered of an object on a page of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PaperLink:
    label: object
    url: str


OFFERS: dict[str, list[Callable[[Any], Sequence[PaperLink]]]] = {}


def register(page: str, offer: Callable[[Any], Sequence[PaperLink]]) -> None:
    """Have ``offer(object)`` say which documents there are of it. Called in ``AppConfig.ready``."""
    OFFERS.setdefault(page, []).append(offer)


def offered(page: str, item: Any) -> list[PaperLink]:
    return [link for offer in OFFERS.get(page, ()) for link in offer(item)]
