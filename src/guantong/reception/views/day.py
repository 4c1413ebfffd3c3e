"""One reception day for the office: its slots, who comes, what can be done; and the list to print the day before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.privacy import keys
from guantong.reception import rules
from guantong.reception.choices import BookingStage
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.office_forms import DayForm, MoveForm, NoteForm, ReasonForm, StandInForm, SwapForm
from guantong.reception.operations.days import edit_day, last_day_for
from guantong.reception.queries.bookings import bookings_on, bookings_visible_to
from guantong.reception.queries.days import days_visible_to, hosts_in, slots_by_day
from guantong.reception.terms import terms_for
from guantong.reception.views.calendar import tabs
from guantong.ui.forms import say_on

ENDED = (BookingStage.CANCELLED, BookingStage.EXPIRED, BookingStage.DECLINED)


def day_visible_to(request: Request, pk: int) -> ReceptionDay:
    return get_object_or_404(days_visible_to(request.acting), pk=pk)


def people_of(request: Request, day: ReceptionDay) -> list[Booking]:
    """Who comes, for whoever receives or runs reception; for everybody else nobody. Names are opened in one query."""
    if not rules.may_hold(request.acting, day):
        return []
    rows = (
        bookings_visible_to(request.acting)
        .filter(pk__in=bookings_on(day).values("pk"))
        .exclude(stage__in=ENDED)
    )
    found = list(rows.order_by("meet_at", "seat", "waits_since", "pk"))
    found.sort(key=lambda each: each.stage == BookingStage.WAITING)
    keys.load(each.case.subject_id for each in found)
    return found


@may("reception.read")
@require_GET
def reception_day(request: Request, pk: int) -> HttpResponse:
    """The day with its list; names only for whoever receives or runs reception."""
    day = day_visible_to(request, pk)
    may_run = rules.may_run(request.acting, day.host.unit)
    may_hold = rules.may_hold(request.acting, day)
    over = day.cancelled_at is not None or day.held_on is not None
    draft = day.published_at is None and day.cancelled_at is None
    changes = may_run and not over and day.day >= request.today
    context = {
        "tabs": tabs("reception-days", request.acting),
        "day": day,
        "slots": slots_by_day([day])[day.pk],
        "people": people_of(request, day),
        "sees_people": may_hold,
        "is_draft": draft,
        "last_day": last_day_for(day),
        "in_time": request.today <= last_day_for(day),
        "may_run": may_run,
        "forms": _forms(day) if changes else {},
        "may_close": may_hold and day.published_at and not over and day.day <= request.today,
        "note_form": NoteForm(),
        "checks_in": may_hold and not over and day.day <= request.today,
    }
    return render(request, "reception/day.html", context)


def _forms(day: ReceptionDay) -> dict[str, Any]:
    return {
        "stand_in": StandInForm(offices=stand_ins_for(day)),
        "swap": SwapForm(days=days_to_swap(day)),
        "move": MoveForm(),
        "cancel": ReasonForm(),
    }


def stand_ins_for(day: ReceptionDay) -> Any:
    """Leaders of the same body who do not receive that day."""
    busy = ReceptionDay.objects.filter(day=day.day, cancelled_at__isnull=True).values("host")
    offices = Office.objects.filter(unit=day.host.unit_id, closed_on__isnull=True, seat=day.host.seat)
    return offices.exclude(pk__in=busy).select_related("unit").order_by("number")


def days_to_swap(day: ReceptionDay) -> Any:
    """Coming days of the others, on other dates."""
    others = ReceptionDay.objects.filter(
        cycle=day.cycle_id, rule=day.rule, host__unit=day.host.unit_id, cancelled_at__isnull=True, held_on__isnull=True
    )  # fmt: skip
    return others.exclude(host=day.host_id).exclude(day=day.day).select_related("host").order_by("day")


@may("reception.read")
@require_GET
def day_list(request: Request, pk: int) -> HttpResponse:
    """The list handed over the day before, to print."""
    day = day_visible_to(request, pk)
    if not rules.may_hold(request.acting, day):
        raise Refusal(_("名单只给接待的岗位和统筹协调单位。"))
    return render(request, "reception/day_list.html", {"day": day, "people": people_of(request, day)})


@may("reception.run")
@require_http_methods(["GET", "POST"])
def day_edit(request: Request, pk: int) -> HttpResponseBase:
    """Change a draft."""
    day = day_visible_to(request, pk)
    hosts = Office.objects.filter(
        pk__in=[each.pk for each in hosts_in(day.host.unit, terms_for(day.cycle, day.rule))]
    )
    names = ("starts_at", "ends_at", "place", "place_en", "portfolio", "portfolio_en")
    initial = {name: getattr(day, name) for name in names} | {"host": day.host_id}
    form = DayForm(request.POST or None, hosts=hosts.select_related("unit"), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_day(day=day, actor=request.acting, now=request.now, **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect("reception-day", pk=day.pk)
        except Refusal as refusal:
            say_on(form, refusal)
    context = {"tabs": tabs("reception-days", request.acting), "day": day, "form": form}
    return render(request, "reception/day_edit.html", context, status=422 if form.errors else 200)
