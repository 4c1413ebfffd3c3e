"""Reading reception days: the public schedule, the office's calendar, and what laying out needs to know."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from guantong.accounts.acting import Acting
from guantong.accounts.models import Absence, Office
from guantong.cases.applicant import Doer
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.reception.choices import BookingStage
from guantong.reception.models import Booking, ReceptionDay, Slot
from guantong.reception.planning import Span
from guantong.reception.terms import Terms

WITH = ("cycle__stored", "cycle__unit", "host__unit", "stand_in__unit")


def hosts_in(unit: Unit, terms: Terms) -> list[Office]:
    """The open offices of a unit that receive in turn, in the order of their numbers."""
    offices = Office.objects.filter(unit=unit, seat=terms.host, closed_on__isnull=True)
    return list(offices.select_related("unit").order_by("number", "pk"))


def units_that_receive(cycle: Cycle, terms: Terms) -> QuerySet[Unit]:
    """The units of a cycle that have such offices."""
    offices = Office.objects.filter(seat=terms.host, closed_on__isnull=True)
    return Unit.objects.below(cycle.unit).filter(pk__in=offices.values("unit")).order_by("path")


def turns_before(cycle: Cycle, hosts: Sequence[Office]) -> tuple[dict[int, int], dict[int, dt.date]]:
    """How often each host has been given a day of the cycle, and the latest of them."""
    times: Counter[int] = Counter()
    latest: dict[int, dt.date] = {}
    rows = ReceptionDay.objects.filter(cycle=cycle, host__in=hosts, cancelled_at__isnull=True)
    for host, day in rows.order_by("day").values_list("host", "day"):
        times[host] += 1
        latest[host] = day
    return dict(times), latest


def away_of(hosts: Sequence[Office], *, first: dt.date, last: dt.date) -> dict[int, list[Span]]:
    """When the holders of the offices are away, as far as it is known."""
    found: dict[int, list[Span]] = {}
    absences = Absence.objects.filter(holding__office__in=hosts, starts_on__lte=last, ends_on__gte=first)
    for office, starts, ends in absences.values_list("holding__office", "starts_on", "ends_on"):
        found.setdefault(office, []).append((starts, ends))
    return found


def latest_words(hosts: Sequence[Office]) -> dict[int, tuple[str, str]]:
    """What each host's portfolio was called last, in both languages."""
    rows = ReceptionDay.objects.filter(host__in=hosts).exclude(portfolio="").order_by("day", "pk")
    return {host: (zh, en) for host, zh, en in rows.values_list("host", "portfolio", "portfolio_en")}


def days_visible_to(acting: Doer) -> QuerySet[ReceptionDay]:
    """The office's calendar: the days of hosts in sight, drafts too. Nothing about anybody who comes."""
    days = ReceptionDay.objects.select_related(*WITH)
    if not isinstance(acting, Acting):
        return days
    if not acting.scope_path or not acting.may("reception.read"):
        return days.none()
    path = acting.scope_path
    seen = Q(host__unit__path__gte=path, host__unit__path__lt=path + "~")
    return days.filter(seen | Q(stand_in=acting.office))


def public_days(*, on: dt.date) -> QuerySet[ReceptionDay]:
    """What anybody may see: published days from today on; a cancelled one stays until it is over, marked."""
    return (
        ReceptionDay.objects.select_related(*WITH)
        .filter(published_at__isnull=False, held_on__isnull=True, day__gte=on)
        .order_by("day", "starts_at", "host__unit__path", "host__number")
    )


def with_places_left(slots: QuerySet[Slot]) -> QuerySet[Slot]:
    """Slots with ``taken``, ``waiting`` and ``left``; two counts for all of them, not two for each."""

    def counted(**which: object) -> Coalesce:
        rows = Booking.objects.filter(slot=OuterRef("pk"), **which).order_by().values("slot")
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)

    return slots.annotate(
        taken=counted(seat__isnull=False), waiting=counted(stage=BookingStage.WAITING)
    ).annotate(left=F("capacity") - F("taken"))


def slots_by_day(days: Iterable[ReceptionDay]) -> dict[int, list[Slot]]:
    """The slots of many days with their places left, in one query."""
    found: dict[int, list[Slot]] = {each.pk: [] for each in days}
    for slot in with_places_left(Slot.objects.filter(day__in=found)).order_by("starts_at"):
        found[slot.day_id].append(slot)
    return found


def bookable_slots(*, after: dt.date) -> QuerySet[Slot]:
    """Slots of open, public days later than a day."""
    return Slot.objects.filter(
        day__day__gt=after,
        day__published_at__isnull=False,
        day__cancelled_at__isnull=True,
        day__held_on__isnull=True,
    ).select_related(*(f"day__{each}" for each in WITH))
