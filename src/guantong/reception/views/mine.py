"""One's own booking: a panel on the page of the case, and what can be done there by its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import public
from guantong.cases.applicant import Applicant
from guantong.cases.chain import ENDED_STAGES
from guantong.cases.models import Case
from guantong.cases.queries import case_by_code
from guantong.cases.views.opening import kept_out, opened
from guantong.cases.views.tracking_page import page_of
from guantong.kernel.refusals import Refusal
from guantong.reception.chain import may_follow
from guantong.reception.choices import LIVE, BookingStage
from guantong.reception.models import Booking, Slot
from guantong.reception.operations import applicants
from guantong.reception.operations.bookings import book_again
from guantong.reception.queries.bookings import latest_booking_of, live_booking_of
from guantong.reception.queries.days import bookable_slots, with_places_left
from guantong.reception.queries.waiting import place_in_line

MOST_SLOTS = 30
Act = Callable[..., Booking]


def panel(request: Request, case: Case, code: str) -> Mapping[str, Any] | None:
    """Where the booking stands, what its applicant was told, and what they can do now."""
    booking = latest_booking_of(case)
    if booking is None:
        return None
    live = booking.stage in LIVE
    again = not live and case.stage not in ENDED_STAGES
    return {
        "booking": booking,
        "day": booking.slot.day if booking.slot else None,
        "code": code,
        "live": live,
        "again": again,
        "steps": booking.steps.order_by("-pk"),
        "in_line": place_in_line(booking),
        "may_confirm": may_follow(booking, "confirm"),
        "may_ask": may_follow(booking, "not_then"),
        "slots": _slots(request, booking) if live or again else [],
    }


def _slots(request: Request, booking: Booking) -> list[Slot]:
    """Where else the same office can be met, or its colleagues; free places first asked for, then waiting lists."""
    slots = bookable_slots(after=request.today).filter(
        day__cycle=booking.case.cycle_id, day__host__unit=booking.host.unit_id
    )
    if booking.slot_id:
        slots = slots.exclude(pk=booking.slot_id)
    found = list(with_places_left(slots).order_by("day__day", "starts_at", "day__host__number")[:200])
    found.sort(key=lambda each: (each.left < 1 or each.waiting > 0, each.day.host_id != booking.host_id))  # type: ignore[attr-defined]
    return found[:MOST_SLOTS]


def _answered(request: Request, act: Callable[[Case], object]) -> HttpResponse:
    """Do it, and show the page of the case as it is then; a refusal is said there too."""
    case, code = opened(request)
    if case is None:
        return kept_out(render(request, "cases/track.html", {"wrong": True}, status=404))
    more: dict[str, Any] = {}
    try:
        more["done"] = act(case)
    except Refusal as refusal:
        more["refused"] = refusal.reasons
    again = case_by_code(code)
    assert again is not None
    context = page_of(request, again, code) | more
    return kept_out(render(request, "cases/tracked.html", context, status=422 if "refused" in more else 200))


def _act(request: Request, act: Act, sentence: str) -> HttpResponse:
    def do(case: Case) -> str:
        booking = live_booking_of(case) or latest_booking_of(case)
        if booking is None:
            raise Refusal(_("这件诉求没有预约。"))
        act(booking=booking, actor=Applicant(case.pk), now=request.now)
        return sentence

    return _answered(request, do)


@public
@sensitive_post_parameters()
@require_POST
def my_confirmation(request: Request) -> HttpResponseBase:
    """Take the place offered, or the time proposed."""
    return _act(request, applicants.confirm_booking, _("已确认，到时见。"))


@public
@sensitive_post_parameters()
@require_POST
def my_cancellation(request: Request) -> HttpResponseBase:
    """Give it up."""
    return _act(request, applicants.cancel_booking, _("预约已取消。反映的事情继续办理。"))


@public
@sensitive_post_parameters()
@require_POST
def my_other_time(request: Request) -> HttpResponseBase:
    """The time proposed does not suit."""
    return _act(request, applicants.ask_other_time, _("已转告，会再为您约时间。"))


@public
@sensitive_post_parameters()
@require_POST
def my_change(request: Request) -> HttpResponseBase:
    """Go to another slot; or meet again, where the last booking has ended and the case has not."""

    def do(case: Case) -> str:
        asked = request.POST.get("slot", "")
        slot = bookable_slots(after=request.today).filter(pk=int(asked) if asked.isdecimal() else 0).first()
        live, latest = live_booking_of(case), latest_booking_of(case)
        if slot is None or latest is None:
            raise Refusal(_("请从列出的时段中选择。"))
        actor = Applicant(case.pk)
        if live is not None:
            made = applicants.change_booking(booking=live, slot=slot, actor=actor, now=request.now)
        else:
            made = book_again(case=case, slot=slot, actor=actor, now=request.now)
        return _("已经约上。") if made.stage == BookingStage.BOOKED else _("这个时段已约满，已进入候补。")

    return _answered(request, do)
