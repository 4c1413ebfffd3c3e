"""Rooms: those of a home, those that are idle at an hour, and booking one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.grassroots.activity_forms import BookingForm, IdleForm
from guantong.grassroots.home_forms import RoomForm
from guantong.grassroots.models import Room
from guantong.grassroots.operations import rooms as operations
from guantong.grassroots.queries import rooms as queries
from guantong.grassroots.queries.homes import homes_visible_to
from guantong.grassroots.rules.homes import may_keep
from guantong.grassroots.views.home_frame import kept_home, tabs
from guantong.grassroots.views.room_lines import in_words, room_lines
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import say_on

MORNING = {"starts_at": dt.time(9, 0), "ends_at": dt.time(11, 0)}


@may("records.write")
@require_http_methods(["GET", "POST"])
def home_rooms(request: Request, pk: int) -> HttpResponseBase:
    """The rooms that can be booked, and one more."""
    home = kept_home(request, pk)
    form = RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.open_room(home=home, actor=request.acting, now=request.now, **form.cleaned_data)
            messages.success(request, _("已添加房间。"))
            return redirect("home-rooms", pk=pk)
        except Refusal as refusal:
            say_on(form, refusal)
    context = {
        "tabs": tabs("", request.acting),
        "home": home,
        "form": form,
        "rooms": room_lines(home, request.today),
    }
    return render(request, "grassroots/home_rooms.html", context, status=422 if form.errors else 200)


@may("records.write")
@require_POST
def room_closing(request: Request, pk: int) -> HttpResponseBase:
    """Out of use from today on."""
    rooms = Room.objects.select_related("home__unit").filter(home__in=homes_visible_to(request.acting))
    room = get_object_or_404(rooms, pk=pk)
    operations.close_room(room=room, actor=request.acting, now=request.now)
    messages.success(request, _("已停用。"))
    return redirect("home-rooms", pk=room.home_id)


@may("business.read")
@require_GET
def idle_rooms(request: Request) -> HttpResponse:
    """Which rooms of the neighbourhood are free on a day from an hour to an hour."""
    tomorrow = request.today + dt.timedelta(days=1)
    is_asked = "day" in request.GET
    form = IdleForm(request.GET if is_asked else None, initial={"day": tomorrow, **MORNING})
    found: list[Room] = []
    if is_asked and form.is_valid():
        given = form.cleaned_data
        span = (given["starts_at"], given["ends_at"])
        if span[0] < span[1]:
            found = queries.idle_rooms(
                request.acting, day=given["day"], span=span, places=given["places"] or 0
            )
        else:
            form.add_error("ends_at", _("结束时间须晚于开始时间。"))
    asked = request.GET.urlencode()
    context = {
        "tabs": tabs("idle-rooms", request.acting),
        "form": form,
        "is_asked": is_asked and not form.errors,
        "rows": [
            {"room": room, "url": f"{reverse('room-booking', args=[room.pk])}?{asked}"} for room in found[:60]
        ],
        "may_book": request.acting.may("records.write"),
    }
    return render(request, "grassroots/idle_rooms.html", context, status=422 if form.errors else 200)


@may("records.write")
@require_http_methods(["GET", "POST"])
def room_booking(request: Request, pk: int) -> HttpResponseBase:
    """A room on a day: what is free, what is taken, and booking it."""
    room = get_object_or_404(queries.rooms_offered_to(request.acting), pk=pk)
    form = BookingForm(request.POST or None, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        try:
            assert request.acting.office is not None
            made = operations.book_room(
                room=room, booked_by=request.acting.office, actor=request.acting, now=request.now, **form.cleaned_data
            )  # fmt: skip
            messages.success(request, _("已订好。"))
            return redirect(f"{reverse('room-booking', args=[pk])}?day={made.day}")
        except Refusal as refusal:
            say_on(form, refusal)
    return render(
        request,
        "grassroots/room_booking.html",
        _page_of(request, room, form),
        status=422 if form.errors else 200,
    )


def _page_of(request: Request, room: Room, form: BookingForm) -> dict[str, Any]:
    day = form.cleaned_data.get("day") if form.is_bound and hasattr(form, "cleaned_data") else None
    day = day or _asked_for(request)["day"]
    rows = list(queries.bookings_on(room, day))
    keeps = may_keep(request.acting, room.home)
    return {
        "tabs": tabs("", request.acting),
        "room": room,
        "form": form,
        "day": day,
        "is_past": day < request.today,
        "free": in_words(queries.free_spans(room, day, rows)),
        "rows": [
            {
                "booking": row,
                "activity": getattr(row, "activity", None),
                "may_free": day >= request.today
                and not hasattr(row, "activity")
                and (keeps or row.booked_by_id == request.acting.office_ref),
            }
            for row in rows
        ],
        "keeps": keeps,
    }


def _asked_for(request: Request) -> dict[str, Any]:
    """What the search was for, as a start for the form; what cannot be read is left out."""
    found: dict[str, Any] = {"day": request.today}
    for name, read in (
        ("day", dt.date.fromisoformat),
        ("starts_at", dt.time.fromisoformat),
        ("ends_at", dt.time.fromisoformat),
    ):
        try:
            found[name] = read(request.GET[name])
        except (KeyError, ValueError):
            continue
    return found


@may("records.write")
@require_POST
def room_freeing(request: Request, pk: int) -> HttpResponseBase:
    """Cancel a booking."""
    booking = get_object_or_404(queries.bookings_visible_to(request.acting), pk=pk)
    operations.cancel_booking(booking=booking, actor=request.acting, now=request.now)
    messages.success(request, _("已取消预订，房间空出来了。"))
    return redirect(f"{reverse('room-booking', args=[booking.room_id])}?day={booking.day}")
