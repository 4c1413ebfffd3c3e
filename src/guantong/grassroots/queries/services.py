"""Services within sight, and the catalogue they come from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Avg, Count, Q, QuerySet, Sum

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.grassroots.models import Service, ServiceItem
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST, Unit
from guantong.records.queries import records_visible_to

SERVES = (Role.LIAISON, Role.COMMISSIONER, Role.HOME_KEEPER)
"""Whose work services are."""
MIN_STARS = 5  # fewer marks are not averaged: one could be told from another


def items_offered(cycle: Cycle, on: dt.date) -> QuerySet[ServiceItem]:
    """The lines of the catalogue that a service may name on the day, in the order they were written."""
    return ServiceItem.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), cycle=cycle).order_by(
        "pk"
    )


def services_visible_to(acting: Actor) -> QuerySet[Service]:
    """Those whose record may be seen, and those given in a village of the visible subtree."""
    services = Service.objects.select_related(
        "item__cycle", "record__unit", "record__entered_by__unit", "home__unit"
    )
    if not isinstance(acting, Acting):
        return services
    if not acting.scope_path:
        return services.none()
    path = acting.scope_path
    there = Service.villages.through.objects.filter(unit__path__gte=path, unit__path__lt=path + PAST)
    return services.filter(
        Q(record__in=records_visible_to(acting).values("pk")) | Q(pk__in=there.values("service"))
    )


def services_of(found: QuerySet[Service], cycle: Cycle) -> QuerySet[Service]:
    """The services of a cycle, the newest first, with their villages and the offices that took part."""
    return (
        found.filter(item__cycle=cycle)
        .prefetch_related("villages", "record__participations__office__unit")
        .order_by("-record__happened_on", "-pk")
    )


def villages_served_by(office: Office, on: dt.date) -> QuerySet[Unit]:
    """Where a service of the office may have been given: the villages of its reach; its own unit where that has none;
    for a keeper the place of the home."""
    reach = office.scope
    villages = Unit.objects.open_on(on).filter(kind="territory", level="village")
    found = villages.filter(path__gte=reach.path, path__lt=reach.path + PAST)
    if office.role == Role.HOME_KEEPER:
        above = reach.ancestor_paths()[-1:]
        found = Unit.objects.open_on(on).filter(path__in=above)
    elif office.unit.kind != "territory":
        found = Unit.objects.filter(pk=office.unit_id)
    return found.order_by("path")


def servers_below(acting: Acting) -> QuerySet[Office]:
    """For whom a paper list may be entered: the open seats of liaison officers and keepers within sight."""
    if not acting.scope_path:
        return Office.objects.none()
    path = acting.scope_path
    return (
        Office.objects.filter(
            role__in=SERVES, closed_on__isnull=True, unit__path__gte=path, unit__path__lt=path + PAST
        )
        .select_related("unit")
        .order_by("unit__path", "seat", "number")
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What services come to. ``stars`` is the mean of the marks, None where fewer than five were given."""

    services: int
    people: int
    marks: int
    stars: float | None


def summed(found: QuerySet[Service]) -> Given:
    """Counted in one query."""
    got = found.order_by().aggregate(
        n=Count("pk"), people=Sum("people"), marks=Count("stars"), mean=Avg("stars")
    )
    return Given(
        got["n"], got["people"] or 0, got["marks"], got["mean"] if got["marks"] >= MIN_STARS else None
    )
