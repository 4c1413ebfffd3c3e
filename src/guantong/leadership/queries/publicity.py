"""Reading the publicity plan, and what it reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.leadership.models import PublicityItem
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.organisation.models import PAST


def publicity_visible_to(actor: Actor) -> QuerySet[PublicityItem]:
    """Items owned by offices of the units in sight."""
    items = PublicityItem.objects.select_related("owner__unit", "cycle__stored", "cycle__unit", "record")
    if not isinstance(actor, Acting):
        return items
    if not actor.scope_path:
        return items.none()
    path = actor.scope_path
    return items.filter(owner__unit__path__gte=path, owner__unit__path__lt=path + PAST)


def owed_for(item: PublicityItem) -> Obligation | None:
    """The obligation the item made."""
    return (
        Obligation.objects.filter(source=Source.PUBLICITY, source_ref=item.pk).select_related("cycle").first()
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """The plan in numbers. What was not measured is counted as such and adds nothing to the reach."""

    planned: int
    done: int
    late: int
    measured: int
    not_measured: int
    people: int


def reach_of(items: Iterable[PublicityItem], *, today: dt.date) -> Reach:
    alive = [each for each in items if each.cancelled_on is None]
    done = [each for each in alive if each.done_on]
    return Reach(
        planned=len(alive),
        done=len(done),
        late=sum(each.done_on is None and each.due_on < today for each in alive),
        measured=sum(each.reach is not None for each in done),
        not_measured=sum(each.not_measured for each in done),
        people=sum(each.reach or 0 for each in done),
    )
