"""Reading bookings: within what whoever receives, or runs reception, may see."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting
from guantong.accounts.models import Office
from guantong.cases.applicant import Doer
from guantong.cases.conflicts import apart_from_parties
from guantong.cases.models import Case
from guantong.mechanisms.models import Cycle
from guantong.reception.choices import LIVE, BookingKind, BookingStage
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.terms import first_terms

WITH = (
    "host__unit", "slot__day__host__unit", "slot__day__stand_in__unit", "case__cycle__stored", "case__cycle__unit",
    "case__against", "case__subject",
)  # fmt: skip


def bookings_visible_to(acting: Doer) -> QuerySet[Booking]:
    """With who comes and why: only for whoever receives them or runs reception, never for the party complained of."""
    bookings = Booking.objects.select_related(*WITH)
    if not isinstance(acting, Acting):
        return bookings
    if acting.office is None or not acting.scope_path:
        return bookings.none()
    mine = Q(pk__in=[])
    if acting.may("reception.run"):
        path = acting.scope_path
        mine |= Q(host__unit__path__gte=path, host__unit__path__lt=path + "~")
    if acting.may("reception.host"):
        mine |= Q(host=acting.office)
    apart = apart_from_parties(Case.objects.filter(against__isnull=False), acting)
    return bookings.filter(mine).filter(Q(case__against__isnull=True) | Q(case__in=apart.values("pk")))


def bookings_on(day: ReceptionDay) -> QuerySet[Booking]:
    """Everybody who belongs to a day: with a place in it, or with its receiver beside it; the waiting list last."""
    beside = Q(slot__isnull=True, host=day.receiver, meet_on=day.day)
    return Booking.objects.filter(Q(slot__day=day) | beside)


def meetings_visible_to(acting: Doer) -> QuerySet[Booking]:
    """Appointments and walk-ins of the calendar: when, with which office. Nothing about anybody who comes."""
    rows = Booking.objects.filter(
        kind__in=(BookingKind.APPOINTMENT, BookingKind.WALK_IN),
        slot__isnull=True,
        meet_on__isnull=False,
        stage__in=(BookingStage.BOOKED, BookingStage.PROPOSED, BookingStage.MET, BookingStage.MISSED),
    ).select_related("host__unit")
    if not isinstance(acting, Acting):
        return rows
    if not acting.scope_path or not acting.may("reception.read"):
        return rows.none()
    path = acting.scope_path
    return rows.filter(host__unit__path__gte=path, host__unit__path__lt=path + "~")


def live_booking_of(case: Case) -> Booking | None:
    """The booking of a case that is not decided yet: there is one at most."""
    return Booking.objects.select_related(*WITH).filter(case=case, stage__in=LIVE).first()


def latest_booking_of(case: Case) -> Booking | None:
    return Booking.objects.select_related(*WITH).filter(case=case).order_by("-pk").first()


def current_cycles(*, on: dt.date) -> list[Cycle]:
    """The cycles that receive: what a page for anybody speaks of. Until a new year is opened, the last one's."""
    cycles = list(Cycle.objects.filter(year__lte=on.year).select_related("stored", "unit").order_by("pk"))
    latest: dict[int, int] = {}
    for each in cycles:
        latest[each.unit_id] = max(latest.get(each.unit_id, 0), each.year)
    return [each for each in cycles if each.year == latest[each.unit_id] and first_terms(each) is not None]


def appointment_hosts(*, on: dt.date) -> QuerySet[Office]:
    """The offices anybody may ask for a meeting at any time."""
    wanted = Q(pk__in=[])
    for cycle in current_cycles(on=on):
        terms = first_terms(cycle)
        if terms is not None and terms.any_time:
            path = cycle.unit.path
            wanted |= Q(seat=terms.host, unit__path__gte=path, unit__path__lt=path + "~")
    offices = Office.objects.filter(wanted, closed_on__isnull=True).select_related("unit")
    return offices.order_by("unit__path", "number", "pk")


def cycle_of_host(host: Office, *, on: dt.date) -> Cycle | None:
    """The nearest cycle of the year in which the office receives."""
    found = []
    for cycle in current_cycles(on=on):
        terms = first_terms(cycle)
        if terms and host.seat == terms.host and host.unit.path.startswith(cycle.unit.path):
            found.append(cycle)
    return max(found, key=lambda each: len(each.unit.path), default=None)
