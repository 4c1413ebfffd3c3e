"""Booking, by anybody: a place on a reception day, or a meeting at any time. The code is shown once."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guantong.accounts.adapters import source_of
from guantong.accounts.middleware import Request
from guantong.accounts.policies import public
from guantong.cases.applicant import Applicant, Doer
from guantong.cases.queries.choosing import units_to_complain_of
from guantong.cases.terms import terms_of as case_terms
from guantong.cases.views.filing import slip_of
from guantong.cases.views.opening import kept_out
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.reception.forms import AppointmentForm, BookingForm
from guantong.reception.limits import refuse_flood
from guantong.reception.models import Booking
from guantong.reception.operations.appointments import ask_appointment
from guantong.reception.operations.bookings import book_slot
from guantong.reception.queries.bookings import appointment_hosts, current_cycles, cycle_of_host
from guantong.reception.queries.days import bookable_slots, with_places_left
from guantong.reception.queries.waiting import place_in_line
from guantong.reception.terms import first_terms, terms_for
from guantong.ui.forms import say_on


def _doer(request: Request) -> tuple[Doer, bool]:
    """Who books, and whether at the desk: the office that runs reception types for whoever calls or stands there."""
    at_desk = request.acting.may("reception.run")
    return (request.acting if at_desk else Applicant()), at_desk


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def slot_booking(request: Request, pk: int) -> HttpResponseBase:
    """A place in a slot, or on its waiting list where it is full; nothing typed is lost when something is wrong."""
    slot = get_object_or_404(with_places_left(bookable_slots(after=request.today)), pk=pk)
    doer, at_desk = _doer(request)
    form = BookingForm(request.POST or None, units=units_to_complain_of(slot.day.cycle), at_desk=at_desk)
    if request.method == "POST" and form.is_valid():
        try:
            if not at_desk:
                refuse_flood(source_of(request))
            booking, code = book_slot(
                slot=slot, said=form.said(), actor=doer, now=request.now,
                submission_key=form.cleaned_data["submission_key"] or None,
            )  # fmt: skip
            return _done(request, booking, code)
        except Refusal as refusal:
            say_on(form, refusal)
    context = {
        "form": form,
        "slot": slot,
        "day": slot.day,
        "waits": slot.left < 1 or slot.waiting > 0,  # type: ignore[attr-defined]
        "terms": terms_for(slot.day.cycle, slot.day.rule),
        "case_terms": case_terms(slot.day.cycle.package),
    }
    return kept_out(
        render(request, "reception/booking_new.html", context, status=422 if form.errors else 200)
    )


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_appointment(request: Request) -> HttpResponseBase:
    """A meeting at any time, with a leader one chooses."""
    hosts = appointment_hosts(on=request.today)
    doer, at_desk = _doer(request)
    first = next(iter(current_cycles(on=request.today)), None)
    units = units_to_complain_of(first) if first else Unit.objects.none()
    initial = {"host": request.GET.get("host", "")}
    form = AppointmentForm(request.POST or None, hosts=hosts, units=units, at_desk=at_desk, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if not at_desk:
                refuse_flood(source_of(request))
            host = form.cleaned_data["host"]
            cycle = cycle_of_host(host, on=request.today)
            if cycle is None:
                raise Refusal(_("请从名单中选择约见的岗位。"))
            booking, code = ask_appointment(
                cycle=cycle, host=host, said=form.said(), actor=doer, now=request.now,
                submission_key=form.cleaned_data["submission_key"] or None,
            )  # fmt: skip
            return _done(request, booking, code)
        except Refusal as refusal:
            say_on(form, refusal)
    context = {
        "form": form,
        "terms": first_terms(first) if first else None,
        "case_terms": case_terms(first.package) if first else None,
        "has_hosts": hosts.exists(),
    }
    return kept_out(
        render(request, "reception/appointment_new.html", context, status=422 if form.errors else 200)
    )


def _done(request: Request, booking: Booking, code: str) -> HttpResponse:
    """What was booked, and the slip to keep. Sent twice, the form gives the same booking, without its code."""
    context = {
        "booking": booking,
        "day": booking.slot.day if booking.slot else None,
        "in_line": place_in_line(booking),
        "slip": slip_of(request, booking.case, code) if code else None,
    }
    return kept_out(render(request, "reception/booked.html", context))
