"""Certificates within sight: what waits for an answer, what runs out soon, what a holder has today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Holding
from guantong.grassroots.models import Certificate
from guantong.organisation.models import PAST

SOON = dt.timedelta(days=90)


def certificates_visible_to(acting: Actor) -> QuerySet[Certificate]:
    """Certificates of holdings at units of the visible subtree."""
    found = Certificate.objects.select_related(
        "holding__office__unit", "holding__person", "entered_by", "accepted_by"
    )
    if not isinstance(acting, Acting):
        return found
    if not acting.scope_path:
        return found.none()
    path = acting.scope_path
    return found.filter(holding__office__unit__path__gte=path, holding__office__unit__path__lt=path + PAST)


def holdings_visible_to(acting: Actor) -> QuerySet[Holding]:
    """Holdings of offices at units of the visible subtree."""
    found = Holding.objects.select_related("office__unit", "person")
    if not isinstance(acting, Acting):
        return found
    if not acting.scope_path:
        return found.none()
    path = acting.scope_path
    return found.filter(office__unit__path__gte=path, office__unit__path__lt=path + PAST)


def of_holders_on(found: QuerySet[Certificate], day: dt.date) -> QuerySet[Certificate]:
    """Those of holdings in force on the day."""
    return found.filter(
        Q(holding__ends_on__isnull=True) | Q(holding__ends_on__gte=day), holding__starts_on__lte=day
    )


def expiring(found: QuerySet[Certificate], *, on: dt.date) -> QuerySet[Certificate]:
    """Accepted ones of today's holders that have run out or do so within 90 days, the first to go first."""
    soon = of_holders_on(found, on).filter(accepted_on__isnull=False, expires_on__lte=on + SOON)
    return soon.order_by("expires_on", "pk")


def waiting(found: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Entered, not accepted yet, the oldest first."""
    return found.filter(accepted_on__isnull=True).order_by("issued_on", "pk")


@dataclass
class Standing:
    """What a holder has on a day: accepted study hours of the year, certificates that are valid, and run out."""

    hours: Decimal = Decimal(0)
    valid: int = 0
    run_out: int = 0
    next_end: dt.date | None = None


def standings(holdings: Iterable[int], *, on: dt.date) -> dict[int, Standing]:
    """By holding, in one query."""
    found: dict[int, Standing] = {}
    rows = Certificate.objects.filter(
        holding__in=list(holdings), accepted_on__isnull=False, accepted_on__lte=on, issued_on__lte=on
    )
    for row in rows.order_by("pk"):
        here = found.setdefault(row.holding_id, Standing())
        if row.hours and row.issued_on.year == on.year:
            here.hours += row.hours
        if row.expires_on is not None and row.expires_on < on:
            here.run_out += 1
        elif row.expires_on is not None or row.hours is None:
            here.valid += 1
        if row.expires_on and row.expires_on >= on:
            here.next_end = min(filter(None, [here.next_end, row.expires_on]))
    return found
