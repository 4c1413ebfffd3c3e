"""Where an obligation came from: rooms above say which page of theirs it belongs to.

Some are answered for on that page alone – a case by its answer, a contact with the one counter of visits, a request by
its form – and not by any record of work.
"""

from __future__ import annotations

from collections.abc import Callable

from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation

Page = Callable[[Obligation], str]
Rule = Callable[[Obligation], str]
ON_THEIR_OWN_PAGE = (Source.CASE, Source.PAIRING, Source.REQUEST)

_pages: dict[str, Page] = {}
_rules: dict[str, Rule] = {}


def register(source: Source, page: Page | None = None, *, due_by: Rule | None = None) -> None:
    """Say how to get from an obligation of this source to the page it belongs to, and what set its day."""
    if page is not None:
        _pages[source] = page
    if due_by is not None:
        _rules[source] = due_by


def page_of(obligation: Obligation) -> str:
    """The address of the page it came from; empty where no room named one."""
    page = _pages.get(obligation.source)
    return page(obligation) if page else ""


def due_rule_of(obligation: Obligation) -> str:
    """What set the day, in words; empty where no room says."""
    rule = _rules.get(obligation.source)
    return rule(obligation) if rule else ""


def is_answered_on_its_page(obligation: Obligation) -> bool:
    return obligation.source in ON_THEIR_OWN_PAGE
