"""Who may freeze a list, draw from it, look at what was drawn, and read the list whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Holding
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Claim, Obligation, Review
from guantong.organisation.models import Unit
from guantong.supervision.models import Sample


def may_freeze(actor: Actor, cycle: Cycle, under: Unit) -> bool:
    """The coordinating office, within what it sees and the cycle holds."""
    return actor.may("supervision.run") and actor.sees(under.path) and under.path.startswith(cycle.unit.path)


def may_read_whole(actor: Actor, sample: Sample) -> bool:
    """With titles and units: whoever sees all that the freezing office sees. Everybody else reads the ids."""
    scope = sample.frozen_by.scope if sample.frozen_by else sample.cycle.unit
    return actor.sees(scope.path)


def may_draw(actor: Actor, sample: Sample) -> bool:
    return actor.may("supervision.run") and may_read_whole(actor, sample)


def seed_day(sample: Sample) -> dt.date:
    """The day on which the seed is produced, as it was announced with the list."""
    return dt.date.fromisoformat(sample.seed_source[:10])


def source_text(day: dt.date, source: str) -> str:
    """What is announced with the list: the day, then where the seed comes from."""
    return f"{day.isoformat()} {source.strip()}"


def not_for(actor: Actor, obligations: Collection[Obligation], *, on: dt.date) -> set[int]:
    """Those the actor must not check: claimed or reviewed by whoever stands behind the act, or of a unit they sit in.

    Four queries, however many there are.
    """
    if not isinstance(actor, Acting):
        return set()
    assert actor.office is not None
    keys, behind = [each.pk for each in obligations], actor.behind
    claims = Claim.objects.filter(obligation__in=keys).values_list("obligation_id", flat=True)
    reviews = Review.objects.filter(claim__obligation__in=keys, reviewer__in=behind)
    seats = Holding.objects.on(on).filter(person__in=behind)
    units = {actor.office.unit_id, *seats.values_list("office__unit_id", flat=True)}
    return {
        *claims.filter(claimant__in=behind),
        *claims.filter(claimed_in_place_of__in=behind),
        *reviews.values_list("claim__obligation_id", flat=True),
        *(each.pk for each in obligations if each.unit_id in units),
    }
