"""Reception days in the small city: three leaders, days laid out and published, people who book."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Office
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseKind
from guantong.reception.models import Booking, ReceptionDay, Slot
from guantong.reception.operations.bookings import Said, book_slot
from guantong.reception.operations.days import publish_days
from guantong.reception.operations.layout import lay_out_days
from guantong.reception.terms import Terms, first_terms

PLACE = "市民服务中心一楼接待室"
NOW = at(2, 2)  # Monday; the 15 March reception moves to Monday the 16th
_numbers = count(1)


def terms_in(city: City) -> Terms:
    found = first_terms(city.cycle)
    assert found is not None
    return found


def leader(city: City, number: int = 1) -> Acting:
    return city.acting("1506-LG", "leader", number)


def laid_out(city: City, **more: Any) -> list[ReceptionDay]:
    given: dict[str, Any] = {
        "cycle": city.cycle, "unit": city.units["1506-LG"], "terms": terms_in(city), "first": dt.date(2026, 1, 1),
        "last": dt.date(2026, 12, 31), "place": PLACE, "actor": city.coordinator, "now": NOW,
    }  # fmt: skip
    return lay_out_days(**given | more)


def public_day(city: City, month: int = 3, *, host: Office | None = None) -> ReceptionDay:
    """The published day of a month; the first leader's where no host is named."""
    if not ReceptionDay.objects.exists():
        laid_out(city)
    days = ReceptionDay.objects.filter(planned_on__month=month, cancelled_at__isnull=True)
    day = days.get(host=host or leader(city).office)
    publish_days(days=[day], actor=city.coordinator, now=NOW)
    return ReceptionDay.objects.select_related("cycle__stored", "cycle__unit", "host__unit").get(pk=day.pk)


def slots_of(day: ReceptionDay) -> list[Slot]:
    return list(Slot.objects.filter(day=day).select_related("day").order_by("starts_at"))


def said(contact: str = "", **more: Any) -> Said:
    number = next(_numbers)
    given = {
        "name": f"来访人{number}",
        "contact": contact or f"1380000{number:04}",
        "kind": CaseKind.DIFFICULTY,
        "wording": "小区供暖温度不够，请帮助协调。",
    }
    return Said(**given | more)


def booked(slot: Slot, *, now: dt.datetime = NOW, contact: str = "", **more: Any) -> Booking:
    booking, _code = book_slot(slot=slot, said=said(contact), actor=Applicant(), now=now, **more)
    return booking


def fresh(booking: Booking) -> Booking:
    return Booking.objects.select_related("slot__day", "case", "host").get(pk=booking.pk)


def stages(*bookings: Booking) -> list[str]:
    return [fresh(each).stage for each in bookings]


def themselves(booking: Booking) -> Applicant:
    return Applicant(booking.case_id)


__all__ = [
    "CONSOLE", "NOW", "PLACE", "booked", "fresh", "laid_out", "leader", "public_day", "said", "slots_of", "stages",
    "terms_in", "themselves",
]  # fmt: skip
