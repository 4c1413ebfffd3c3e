"""Who holds what, and who may act for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Absence, Approval, Handover, Holding, Office, Person
from guantong.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Seat:
    """An office somebody may act for today: held, or stood in for while its holder is away."""

    holding: Holding
    standing_in_for: Person | None

    @property
    def office(self) -> Office:
        return self.holding.office


def seats_of(person: Person, *, on: dt.date) -> list[Seat]:
    """Own offices first, then those held as acting, then those stood in for. Two queries, each by its own index."""
    away = Absence.objects.filter(stand_in=person, starts_on__lte=on, ends_on__gte=on)
    holdings = (
        Holding.objects.on(on)
        .filter(Q(person=person) | Q(pk__in=list(away.values_list("holding_id", flat=True))))
        .select_related("office__unit", "office__scope", "person")
        .order_by("acting", "starts_on", "pk")
    )
    seats = [Seat(each, None if each.person_id == person.pk else each.person) for each in holdings]
    return sorted(seats, key=lambda seat: seat.standing_in_for is not None)


def seat_in_use(seats: list[Seat], *, office_id: object) -> Seat | None:
    """The office chosen for the session if it may still be acted for, else the first."""
    return next((each for each in seats if each.office.pk == office_id), seats[0] if seats else None)


def holders_on(office: Office, *, on: dt.date) -> QuerySet[Holding]:
    """Who holds the office on a day."""
    return Holding.objects.on(on).filter(office=office).select_related("person")


def handovers_waiting_for(acting: Acting) -> QuerySet[Handover]:
    """Handovers of the office acted for that nobody has accepted yet."""
    return (
        Handover.objects.filter(holding__office=acting.office_ref, accepted_at__isnull=True)
        .select_related("holding__office__unit", "holding__person", "successor__person")
        .order_by("opened_at")
    )


def approvals_visible_to(acting: Acting) -> QuerySet[Approval]:
    """Requests whose scope lies in the visible subtree: the whole of what they touch must be visible."""
    if not acting.scope_path:
        return Approval.objects.none()
    path = acting.scope_path
    return (
        Approval.objects.filter(scope__path__gte=path, scope__path__lt=path + "~")
        .select_related("scope", "asked_by", "decided_by", "asker", "decider")
        .order_by("-asked_at")
    )


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
