"""Where an obligation came from: rooms above say which page of theirs it belongs to.

Some are answered for on that page alone – a case by its answer, a contact with the one counter of visits, a request by
its form – and not by any record of work.
"""

from __future__ import annotations

from collections.abc import Callable

from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation

Page = Callable[[Obligation], str]
ON_THEIR_OWN_PAGE = (Source.CASE, Source.PAIRING, Source.REQUEST)

_pages: dict[str, Page] = {}


def register(source: Source, page: Page) -> None:
    """Say how to get from an obligation of this source to the page it belongs to."""
    _pages[source] = page


def page_of(obligation: Obligation) -> str:
    """The address of the page it came from; empty where no room named one."""
    page = _pages.get(obligation.source)
    return page(obligation) if page else ""


def is_answered_on_its_page(obligation: Obligation) -> bool:
    return obligation.source in ON_THEIR_OWN_PAGE
