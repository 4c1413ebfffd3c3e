"""From a sentence down to its rows, each through the scoped query of its own room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guantong.accounts.acting import Actor
from guantong.assessment.queries import scores_visible_to
from guantong.cases.queries import cases_visible_to
from guantong.leadership.queries.meetings import meetings_visible_to
from guantong.obligations.queries import obligations_visible_to
from guantong.records.queries import records_visible_to

# kind of row: its name, its scoped query, the name of its page
KINDS: dict[str, tuple[object, Callable[[Actor], QuerySet], str]] = {  # type: ignore[type-arg]
    "record": (_("工作记录"), records_visible_to, "record"),
    "meeting": (_("会议活动"), meetings_visible_to, "meeting"),
    "case": (_("诉求"), cases_visible_to, "case"),
    "obligation": (_("事项"), obligations_visible_to, "obligation"),
    "score": (_("得分"), scores_visible_to, "score"),
}


@dataclass(frozen=True)
class Row:
    text: str
    url: str


def rows_behind(sources: Mapping[str, Sequence[int]], actor: Actor) -> list[tuple[object, list[Row]]]:
    """The visible rows by kind, each kind in one query."""
    heaps = []
    for kind, (label, visible, page) in KINDS.items():
        refs = list(sources.get(kind, ()))
        found = {each.pk: each for each in visible(actor).filter(pk__in=refs)} if refs else {}
        rows = [Row(str(found[ref]), reverse(page, args=[ref])) for ref in refs if ref in found]
        if rows:
            heaps.append((label, rows))
    return heaps
