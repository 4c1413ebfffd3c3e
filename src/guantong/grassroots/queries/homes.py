"""Homes: which an office sees, which are near it, and what a page tells of one."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.accounts.queries import units_visible_to
from guantong.grassroots.home_terms import HOME
from guantong.grassroots.models import Home, HomeHost
from guantong.organisation.models import PAST, Unit


def homes_visible_to(acting: Actor) -> QuerySet[Home]:
    """Registered homes of the visible subtree."""
    found = Home.objects.select_related("unit__parent")
    if not isinstance(acting, Acting):
        return found
    if not acting.scope_path:
        return found.none()
    path = acting.scope_path
    return found.filter(unit__path__gte=path, unit__path__lt=path + PAST)


def homes_near(unit: Unit) -> QuerySet[Home]:
    """Open homes of the unit's county, those of its township first; of the unit above it where it has no county."""
    chain = [*unit.ancestors(), unit]
    county = next((each for each in chain if each.level == "county"), None)
    around = county or (chain[-2] if len(chain) > 1 else unit)
    township = next((each for each in chain if each.level == "township" and each.kind == "territory"), around)
    near = When(unit__path__gte=township.path, unit__path__lt=township.path + PAST, then=Value(0))
    return (
        Home.objects.select_related("unit__parent")
        .filter(unit__path__gte=around.path, unit__path__lt=around.path + PAST, unit__closed_on__isnull=True)
        .annotate(far=Case(near, default=Value(1), output_field=IntegerField()))
        .order_by("far", "unit__path")
    )


def homes_open_to(acting: Actor) -> QuerySet[Home]:
    """Homes in sight, and those in the neighbourhood of the office acted for: a home is there for whoever is near."""
    seen = homes_visible_to(acting)
    if not isinstance(acting, Acting) or not acting.scope_path or acting.office is None:
        return seen
    near = homes_near(acting.office.unit).order_by().values("pk")
    return Home.objects.select_related("unit__parent").filter(
        Q(pk__in=seen.order_by().values("pk")) | Q(pk__in=near)
    )


def units_to_register(acting: Actor) -> QuerySet[Unit]:
    """Open units of the kind in sight that are not in the register yet."""
    units = units_visible_to(acting).filter(kind=HOME, closed_on__isnull=True, home__isnull=True)
    return units.order_by("path")


def hosts_on(homes: list[int], day: dt.date) -> dict[int, list[HomeHost]]:
    """Who hosts each home on the day, in one query."""
    found: dict[int, list[HomeHost]] = {}
    rows = HomeHost.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), home__in=homes, starts_on__lte=day
    )
    for host in rows.select_related("unit", "partner__subject").order_by("starts_on", "pk"):
        found.setdefault(host.home_id, []).append(host)
    return found


def keepers_of(home: Home) -> QuerySet[Office]:
    """The open offices at the home."""
    return (
        Office.objects.filter(unit=home.unit_id, closed_on__isnull=True)
        .select_related("unit")
        .order_by("number")
    )
