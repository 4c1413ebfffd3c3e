"""Bookings for whoever receives or runs reception: what waits for an answer, one booking, a walk-in written down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.cases.views.filing import slip_of
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle
from guantong.privacy import keys
from guantong.reception.chain import may_follow
from guantong.reception.choices import LIVE, BookingStage
from guantong.reception.models import Booking
from guantong.reception.office_forms import (
    MeetingForm,
    ProposalForm,
    ReasonForm,
    SlotProposalForm,
    WalkInForm,
)
from guantong.reception.operations.holding import record_walk_in
from guantong.reception.queries.bookings import bookings_visible_to
from guantong.reception.queries.days import bookable_slots
from guantong.reception.views.calendar import tabs
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("number", gettext_lazy("预约"), ("pk",)),
    Column("host", gettext_lazy("领导"), ("host__unit__path", "host__number")),
    Column("who", gettext_lazy("称呼")),
    Column("meet", gettext_lazy("时间"), ("meet_on", "meet_at")),
    Column("stage", gettext_lazy("状态"), ("stage",)),
    Column("by", gettext_lazy("答复期限"), ("answer_by",)),
]


class StageFilter(forms.Form):
    stage = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[("", gettext_lazy("没有办完的")), ("all", gettext_lazy("全部")), *BookingStage.choices],
    )


@may("reception.read")
@require_GET
def bookings(request: Request) -> HttpResponse:
    """What is open, the longest owed first."""
    form = StageFilter(request.GET)
    stage = form.cleaned_data["stage"] if form.is_valid() else ""
    found = bookings_visible_to(request.acting)
    if not stage:
        found = found.filter(stage__in=LIVE)
    elif stage != "all":
        found = found.filter(stage=stage)
    listing = Listing.of(
        found.order_by("answer_by", "meet_on", "meet_at", "pk"), request.GET, COLUMNS, id="bookings"
    )
    rows = list(listing)
    keys.load(each.case.subject_id for each in rows)
    context = {
        "tabs": tabs("bookings", request.acting),
        "form": form,
        "listing": listing,
        "rows": rows,
        "today": request.today,
        "asked": bookings_visible_to(request.acting).filter(stage=BookingStage.ASKED).count(),
    }
    return render(request, "reception/bookings.html", context)


@may("reception.read")
@require_GET
def booking(request: Request, pk: int) -> HttpResponse:
    """One booking: who, why, what has happened, what can be done."""
    found = get_object_or_404(bookings_visible_to(request.acting), pk=pk)
    context = {
        "tabs": tabs("bookings", request.acting),
        "booking": found,
        "case": found.case,
        "steps": found.steps.select_related("office").order_by("-pk"),
        "live": found.stage in LIVE,
        "forms": _forms(request, found),
        "may_confirm": may_follow(found, "confirm"),
        "checks_in": found.slot_id is None
        and found.record_id is None
        and found.meet_on is not None
        and found.meet_on <= request.today
        and (may_follow(found, "meet") or may_follow(found, "miss")),
    }
    return render(request, "reception/booking.html", context)


def slots_for(request: Request, found: Booking) -> Any:
    """Coming slots of the same office."""
    slots = bookable_slots(after=request.today).filter(
        day__host=found.host_id, day__cycle=found.case.cycle_id
    )
    return slots.order_by("day__day", "starts_at")


def _forms(request: Request, found: Booking) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if may_follow(found, "accept"):
        shown |= {"accept": MeetingForm(), "decline": ReasonForm()}
    if may_follow(found, "propose"):
        shown |= {"propose": ProposalForm(), "slot": SlotProposalForm(slots=slots_for(request, found))}
    return shown


@may("reception.read")
@require_http_methods(["GET", "POST"])
def new_walk_in(request: Request) -> HttpResponseBase:
    """Write down that somebody came without booking; they get the code of their case."""
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None:
        raise Refusal(_("还没有启动年度周期。"))
    form = WalkInForm(
        request.POST or None, hosts=_hosts(request), initial={"on": request.today} | _own(request)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, code = record_walk_in(
                cycle=cycle, host=given["host"], on=given["on"], said=form.said(), actor=request.acting,
                now=request.now, anonymous=not (given["name"] or given["contact"]),
                submission_key=given["submission_key"] or None,
            )  # fmt: skip
            context = {"booking": made, "slip": slip_of(request, made.case, code) if code else None, "tabs": tabs("bookings", request.acting)}  # fmt: skip
            return render(request, "reception/walked_in.html", context)
        except Refusal as refusal:
            say_on(form, refusal)
    shown: dict[str, Any] = {"tabs": tabs("bookings", request.acting), "form": form}
    return render(request, "reception/walk_in_new.html", shown, status=422 if form.errors else 200)


def _hosts(request: Request) -> Any:
    """Whoever receives, in sight; a leader writes down their own."""
    offices = Office.objects.filter(closed_on__isnull=True, role="leader").select_related("unit")
    if not request.acting.may("reception.run"):
        return offices.filter(pk=request.acting.office_ref or 0)
    path = request.acting.scope_path
    return offices.filter(unit__path__gte=path, unit__path__lt=path + "~").order_by("unit__path", "number")


def _own(request: Request) -> dict[str, Any]:
    return {"host": request.acting.office_ref} if request.acting.may("reception.host") else {}
