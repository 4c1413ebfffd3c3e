"""Reading circulars: drafts by those who write them, issued ones by everybody of the cycle; what is behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.obligations.models import Obligation
from guantong.obligations.queries import obligations_visible_to
from guantong.supervision.models import Circular, Figure


def circulars_visible_to(actor: Actor) -> QuerySet[Circular]:
    """Issued: of the unit acted for, of those above it and of those below it. Drafts: for who writes them."""
    found = Circular.objects.select_related(
        "unit", "cycle__stored", "cycle__unit", "drafted_by__unit", "issued_by__unit"
    )
    if not isinstance(actor, Acting):
        return found
    if not actor.scope_path or actor.office is None:
        return found.none()
    path = actor.scope_path
    below = Q(unit__path__gte=path, unit__path__lt=path + "~")
    issued = Q(number__isnull=False) & (below | Q(unit__path__in=actor.office.scope.ancestor_paths()))
    return found.filter(issued | below if writes(actor) else issued)


def writes(actor: Actor) -> bool:
    return actor.may("supervision.run") or actor.may("supervision.sign")


class Behind(Sequence[Obligation]):
    """The obligations behind a figure that the actor may see, a page at a time."""

    def __init__(self, figure: Figure, actor: Actor) -> None:
        visible = obligations_visible_to(actor).filter(cycle=figure.circular.cycle_id)
        may_see = set(visible.order_by().values_list("pk", flat=True))
        self._refs = [ref for ref in figure.refs if ref in may_see]

    def __len__(self) -> int:
        return len(self._refs)

    @overload
    def __getitem__(self, at: int) -> Obligation: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Obligation]: ...
    def __getitem__(self, at: int | slice) -> Obligation | Sequence[Obligation]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        wanted = self._refs[at]
        found = Obligation.objects.select_related("unit").in_bulk(wanted)
        return [found[ref] for ref in wanted if ref in found]
