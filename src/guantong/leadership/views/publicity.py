"""The publicity plan: the list with what it reached, one item, planning, reporting, cancelling."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import PublicityItem
from guantong.leadership.operations import publicity as operations
from guantong.leadership.publicity_forms import CancelForm, PublicityFilter, PublicityForm, ReportForm
from guantong.leadership.queries import publicity as queries
from guantong.leadership.queries.offices import answering_office, unit_named
from guantong.leadership.rules import publicity as rules
from guantong.leadership.views import running_cycle, tabs
from guantong.mechanisms.asked import cycle_asked
from guantong.obligations.choices import State
from guantong.ui.forms import say_on, valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("title", gettext_lazy("宣传什么"), ("title",)),
    Column("channel", gettext_lazy("渠道"), ("channel",)),
    Column("owner", gettext_lazy("责任岗位"), ("owner__unit__path",)),
    Column("due", gettext_lazy("完成日期"), ("due_on",)),
    Column("reach", gettext_lazy("覆盖人数"), ("reach",), is_number=True),
]


@may("business.read")
@require_GET
def publicity(request: Request) -> HttpResponse:
    cycle = cycle_asked(request)
    form = PublicityFilter(request.GET)
    form.is_valid()
    plan = queries.publicity_visible_to(request.acting).filter(cycle=cycle)
    listing = Listing.of(
        _filtered(plan, form.cleaned_data, request), request.GET, COLUMNS, id="publicity", sort="due"
    )
    context = {
        "tabs": tabs("publicity", request.acting),
        "form": form,
        "cycle": cycle,
        "listing": listing,
        "today": request.today,
        "reach": queries.reach_of(plan, today=request.today),
        "may_plan": cycle is not None and request.acting.may("leadership.run"),
    }
    return render(request, "leadership/publicity.html", context)


def _filtered(
    plan: QuerySet[PublicityItem], wanted: dict[str, Any], request: Request
) -> QuerySet[PublicityItem]:
    if wanted.get("q"):
        plan = plan.filter(Q(title__icontains=wanted["q"]) | Q(channel__icontains=wanted["q"]))
    alive = plan.filter(cancelled_on=None)
    match wanted.get("state"):
        case "open":
            return alive.filter(done_on=None)
        case "late":
            return alive.filter(done_on=None, due_on__lt=request.today)
        case "done":
            return alive.filter(done_on__isnull=False)
        case "unmeasured":
            return alive.filter(done_on__isnull=False, not_measured=True)
    return plan


def _visible(request: Request, pk: int) -> PublicityItem:
    return get_object_or_404(queries.publicity_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def publicity_item(request: Request, pk: int) -> HttpResponse:
    item = _visible(request, pk)
    owed = queries.owed_for(item)
    reports = rules.may_report(request.acting, item) and item.cancelled_on is None
    to_report = reports and (item.done_on is None or (owed is not None and owed.state == State.RETURNED))
    context = {
        "tabs": tabs("publicity", request.acting),
        "item": item,
        "owed": owed,
        "report_form": ReportForm(initial={"done_on": request.today}) if to_report else None,
        "cancel_form": CancelForm()
        if rules.may_plan(request.acting, item.owner.unit) and not item.done_on and not item.cancelled_on
        else None,
    }
    return render(request, "leadership/publicity_item.html", context)


@may("leadership.run")
@require_http_methods(["GET", "POST"])
def new_publicity(request: Request) -> HttpResponseBase:
    cycle = running_cycle(request)
    form = PublicityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            owner = answering_office(unit_named(request.acting, data.pop("owner")))
            made = operations.plan_item(
                cycle=cycle, owner=owner, actor=request.acting, now=request.now, **data
            )
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("已列入宣传计划，责任岗位会看到待办。"))
            return redirect("publicity-item", pk=made.pk)
    context = {"tabs": tabs("publicity", request.acting), "form": form}
    return render(request, "leadership/publicity_new.html", context, status=422 if form.errors else 200)


@may("obligations.claim")
@require_POST
def publicity_report(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    data = valid(ReportForm(request.POST, request.FILES))
    upload = data.pop("file")
    assert request.acting.office is not None
    operations.report_item(
        item=item,
        entered_by=request.acting.office,
        file=(upload.name or "", upload) if upload else None,
        actor=request.acting,
        now=request.now,
        **data,
    )
    messages.success(request, _("已填报，并申报完成，等待审核。"))
    return redirect("publicity-item", pk=pk)


@may("leadership.run")
@require_POST
def publicity_cancelling(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    data = valid(CancelForm(request.POST))
    operations.cancel_item(item=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已取消，责任岗位不再承担。"))
    return redirect("publicity-item", pk=pk)
