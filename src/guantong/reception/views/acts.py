"""What whoever receives, or runs reception, does with one booking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.reception.models import Booking
from guantong.reception.office_forms import (
    CheckInForm,
    MeetingForm,
    ProposalForm,
    ReasonForm,
    SlotProposalForm,
)
from guantong.reception.operations import applicants, appointments, holding
from guantong.reception.queries.bookings import bookings_visible_to
from guantong.reception.views.bookings import slots_for
from guantong.ui.forms import valid


def _booking(request: Request, pk: int) -> Booking:
    return get_object_or_404(bookings_visible_to(request.acting), pk=pk)


def _done(request: Request, booking: Booking, sentence: str) -> HttpResponseBase:
    messages.success(request, sentence)
    return redirect("booking", pk=booking.pk)


@may("reception.read")
@require_POST
def acceptance(request: Request, pk: int) -> HttpResponseBase:
    """Agree to an appointment."""
    booking, given = _booking(request, pk), valid(MeetingForm(request.POST))
    appointments.accept_appointment(booking=booking, **given, actor=request.acting, now=request.now)
    return _done(request, booking, _("已答复，时间地点会显示在查询页。"))


@may("reception.read")
@require_POST
def proposal(request: Request, pk: int) -> HttpResponseBase:
    """Propose another time."""
    booking, given = _booking(request, pk), valid(ProposalForm(request.POST))
    appointments.propose_time(booking=booking, **given, actor=request.acting, now=request.now)
    return _done(request, booking, _("已建议，等预约人确认。"))


@may("reception.read")
@require_POST
def slot_proposal(request: Request, pk: int) -> HttpResponseBase:
    """Propose a place on a reception day."""
    booking = _booking(request, pk)
    given = valid(SlotProposalForm(request.POST, slots=slots_for(request, booking)))
    appointments.propose_slot(booking=booking, **given, actor=request.acting, now=request.now)
    return _done(request, booking, _("名额已留出，等预约人确认。"))


@may("reception.read")
@require_POST
def declining(request: Request, pk: int) -> HttpResponseBase:
    """Say why no meeting can be arranged."""
    booking, given = _booking(request, pk), valid(ReasonForm(request.POST))
    appointments.decline_appointment(booking=booking, **given, actor=request.acting, now=request.now)
    return _done(request, booking, _("已答复。诉求照常办理。"))


@may("reception.read")
@require_POST
def confirmation(request: Request, pk: int) -> HttpResponseBase:
    """At their word, on the telephone or at the window."""
    booking = _booking(request, pk)
    applicants.confirm_booking(booking=booking, actor=request.acting, now=request.now)
    return _done(request, booking, _("已代为确认。"))


@may("reception.read")
@require_POST
def cancellation(request: Request, pk: int) -> HttpResponseBase:
    """The same for giving it up."""
    booking = _booking(request, pk)
    applicants.cancel_booking(booking=booking, actor=request.acting, now=request.now)
    return _done(request, booking, _("已代为取消，名额转给下一位。"))


@may("reception.read")
@require_POST
def check_in(request: Request, pk: int) -> HttpResponseBase:
    """Came, or did not."""
    booking, given = _booking(request, pk), valid(CheckInForm(request.POST))
    holding.check_in(booking=booking, came=given["came"] == "yes", actor=request.acting, now=request.now)
    if booking.slot is not None:
        return redirect("reception-day", pk=booking.slot.day_id)
    return _done(request, booking, _("已登记。"))
