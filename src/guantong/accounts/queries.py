"""Who holds what, and who may act for it."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Holding, Office, Person
from guantong.organisation.models import Unit


def holdings_of(person: Person, *, on: dt.date) -> QuerySet[Holding]:
    """The person's holdings in force, own offices before acting ones."""
    return (
        Holding.objects.on(on)
        .filter(person=person)
        .select_related("office__unit", "office__scope")
        .order_by("acting", "starts_on", "pk")
    )


def holding_in_use(person: Person, *, office_id: object, on: dt.date) -> Holding | None:
    """The holding chosen for the session if it is still in force, else the first."""
    held = list(holdings_of(person, on=on))
    return next((each for each in held if each.office_id == office_id), held[0] if held else None)


def units_visible_to(acting: Actor) -> QuerySet[Unit]:
    """The units in the acting office's subtree."""
    if isinstance(acting, Acting):
        if not acting.scope_path:
            return Unit.objects.none()
        assert acting.office is not None
        return Unit.objects.below(acting.office.scope)
    return Unit.objects.all()


def offices_visible_to(acting: Actor) -> QuerySet[Office]:
    """The offices that sit in the visible units."""
    if isinstance(acting, Acting):
        if not acting.scope_path:
            return Office.objects.none()
        path = acting.scope_path
        return Office.objects.filter(unit__path__gte=path, unit__path__lt=path + "~")
    return Office.objects.all()


def first_office(unit: Unit, *seats: str) -> Office | None:
    """The lowest-numbered open office of the first seat in the list that the unit has."""
    offices = list(
        Office.objects.filter(unit=unit, seat__in=seats, closed_on__isnull=True).order_by("number")
    )
    for seat in seats:
        for office in offices:
            if office.seat == seat:
                return office
    return None
