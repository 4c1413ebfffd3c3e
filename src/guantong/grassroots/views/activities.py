"""Activities of a home: planning, the page of one, saying how it went, cancelling, the sheet for the door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.grassroots.activity_codes import code_for
from guantong.grassroots.activity_forms import CancelForm, HeldForm, PlanForm, RecordForm
from guantong.grassroots.choices import ActivityStage, HostKind, ResultKind
from guantong.grassroots.models import Activity, Home
from guantong.grassroots.operations import activities as operations
from guantong.grassroots.queries.activities import activities_visible_to
from guantong.grassroots.queries.homes import hosts_on
from guantong.grassroots.rules.homes import may_keep
from guantong.grassroots.views.home_frame import cycle_on, kept_home, tabs, visible_home
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import say_on, valid
from guantong.ui.qr import qr_code
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("title", gettext_lazy("活动"), ("title",)),
    Column("day", gettext_lazy("日期"), ("day",)),
    Column("content", gettext_lazy("活动内容"), ("content",)),
    Column("people", gettext_lazy("人数"), ("signed_in",), is_number=True),
    Column("stage", gettext_lazy("状态"), ("stage",)),
]
SHEET_PLACES = 60


def _activity(request: Request, pk: int) -> Activity:
    return get_object_or_404(activities_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def home_activities(request: Request, pk: int) -> HttpResponse:
    """Everything planned, held and cancelled at a home."""
    home = visible_home(request, pk)
    found = activities_visible_to(request.acting).filter(home=home)
    listing = Listing.of(found, request.GET, COLUMNS, id="activities", sort="-day", per_page=30)
    keeps = may_keep(request.acting, home)
    context = {"tabs": tabs("", request.acting), "home": home, "listing": listing, "keeps": keeps}
    return render(request, "grassroots/home_activities.html", context)


def _hosting(home: Home, request: Request) -> list[str]:
    return sorted({each.kind for each in hosts_on([home.pk], request.today).get(home.pk, ())})


@may("records.write")
@require_http_methods(["GET", "POST"])
def activity_new(request: Request, pk: int) -> HttpResponseBase:
    """Plan one."""
    home = kept_home(request, pk)
    rooms = home.rooms.filter(closed_on__isnull=True).order_by("name")
    form = PlanForm(request.POST or None, rooms=rooms, initial={"host_kinds": _hosting(home, request)})
    if request.method == "POST" and form.is_valid():
        try:
            assert request.acting.office is not None
            made = operations.plan_activity(
                cycle=cycle_on(request, form.cleaned_data["day"], home), home=home, planned_by=request.acting.office,
                actor=request.acting, now=request.now, **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, _("已安排。可以打印签到页贴在门口。"))
            return redirect("activity", pk=made.pk)
        except Refusal as refusal:
            say_on(form, refusal)
    return _asked(request, "activity_new", form, {"home": home})


@may("records.write")
@require_http_methods(["GET", "POST"])
def activity_record(request: Request, pk: int) -> HttpResponseBase:
    """Enter one that was held, once."""
    home = kept_home(request, pk)
    form = RecordForm(
        request.POST or None, initial={"day": request.today, "host_kinds": _hosting(home, request)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            assert request.acting.office is not None
            made = operations.record_activity(
                cycle=cycle_on(request, form.cleaned_data["day"], home), home=home, planned_by=request.acting.office,
                actor=request.acting, now=request.now, today=request.today, **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, _("已登记，工作记录同时写好，不用再填。"))
            return redirect("activity", pk=made.pk)
        except Refusal as refusal:
            say_on(form, refusal)
    return _asked(request, "activity_record", form, {"home": home})


def _asked(request: Request, template: str, form: Any, more: dict[str, Any]) -> HttpResponse:
    context = {"tabs": tabs("", request.acting), "form": form, **more}
    return render(request, f"grassroots/{template}.html", context, status=422 if form.errors else 200)


@may("business.read")
@require_GET
def activity(request: Request, pk: int) -> HttpResponse:
    """One activity: when, for whom, how it went."""
    item = _activity(request, pk)
    keeps = may_keep(request.acting, item.home)
    planned = item.stage == ActivityStage.PLANNED
    context = {
        "tabs": tabs("", request.acting),
        "item": item,
        "hosts": [str(HostKind(each).label) for each in item.host_kinds if each in HostKind.values],
        "results": [str(ResultKind(each).label) for each in item.results if each in ResultKind.values],
        "may_hold": keeps and planned and item.day <= request.today,
        "may_cancel": keeps and planned,
        "has_sheet": keeps and planned and item.day >= request.today and item.sign_code_digest,
        "cancel_form": CancelForm(),
    }
    return render(request, "grassroots/activity.html", context)


@may("records.write")
@require_http_methods(["GET", "POST"])
def activity_held(request: Request, pk: int) -> HttpResponseBase:
    """How many came, and what came of it."""
    item = _activity(request, pk)
    kept_home(request, item.home_id)
    first = {"signed_in": item.signed_in, "host_kinds": item.host_kinds}
    form = HeldForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        operations.hold_activity(activity=item, actor=request.acting, now=request.now, **form.cleaned_data)
        messages.success(request, _("已登记，工作记录同时写好，不用再填。"))
        return redirect("activity", pk=pk)
    return _asked(request, "activity_held", form, {"item": item})


@may("records.write")
@require_POST
def activity_cancellation(request: Request, pk: int) -> HttpResponseBase:
    """Call it off."""
    item = _activity(request, pk)
    operations.cancel_activity(
        activity=item, actor=request.acting, now=request.now, **valid(CancelForm(request.POST))
    )
    messages.success(request, _("已取消，公开页面会写明原因。"))
    return redirect("activity", pk=pk)


@may("records.write")
@require_GET
def activity_sheet(request: Request, pk: int) -> HttpResponse:
    """The sheet for the door: a code to scan, numbers to cross out. No names."""
    item = _activity(request, pk)
    kept_home(request, item.home_id)
    if item.stage != ActivityStage.PLANNED or not item.sign_code_digest:
        raise Refusal(_("只有计划中的活动有签到页。"))
    address = request.build_absolute_uri(reverse("activity-open", args=[code_for(item)]))
    context = {
        "tabs": tabs("", request.acting),
        "item": item,
        "address": address,
        "qr": qr_code(address, scale=8),
        "numbers": range(1, SHEET_PLACES + 1),
    }
    return render(request, "grassroots/activity_sheet.html", context)
