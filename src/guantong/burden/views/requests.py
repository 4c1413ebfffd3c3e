"""Requests: the list, a new one, and changing a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.burden.choices import Stage
from guantong.burden.models import Field, FieldRequest
from guantong.burden.operations.drafts import amend_request, draft_request
from guantong.burden.queries.fields import live_fields
from guantong.burden.queries.requests import requests_visible_to, with_progress
from guantong.burden.request_forms import TERMS, RequestFilter, RequestForm
from guantong.burden.rules.asking import may_draft
from guantong.burden.views import cycle_or_404, tabs
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("title", gettext_lazy("填什么"), ("title",)),
    Column("issuer", gettext_lazy("谁要的"), ("issuer__path",)),
    Column("size", gettext_lazy("多少")),
    Column("ends", gettext_lazy("截止"), ("ends_on",)),
    Column("answered", gettext_lazy("已报")),
    Column("stage", gettext_lazy("状态"), ("stage",)),
]
TONES = {
    Stage.DRAFT: "",
    Stage.SIGNED: "info",
    Stage.ISSUED: "good",
    Stage.ENDED: "",
    Stage.WITHDRAWN: "warn",
}


@may("business.read")
@require_GET
def field_requests(request: Request) -> HttpResponse:
    """What is asked in sight, newest first."""
    cycle = cycle_asked(request)
    form = RequestFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = requests_visible_to(request.acting).filter(cycle=cycle)
    if wanted.get("q"):
        found = found.filter(title__icontains=wanted["q"])
    if wanted.get("stage"):
        found = found.filter(stage=wanted["stage"])
    shown = with_progress(found.order_by("-pk"))
    context = {
        "tabs": tabs("field-requests", request.acting),
        "cycle": cycle,
        "form": form,
        "listing": Listing.of(shown, request.GET, COLUMNS, id="requests"),
        "tones": TONES,
        "may_draft": cycle is not None and may_draft(request.acting, cycle),
    }
    return render(request, "burden/requests.html", context)


@may("burden.issue")
@require_http_methods(["GET", "POST"])
def new_request(request: Request) -> HttpResponseBase:
    """The terms of a new request; its fields are added on its page."""
    cycle = cycle_or_404(request)
    office = request.acting.office
    assert office is not None
    posted = request.POST if request.method == "POST" else None
    form = RequestForm(posted, cycle=cycle, office=office, initial={"starts_on": request.today})
    if form.is_valid():
        try:
            made = draft_request(
                cycle=cycle,
                terms=form.terms(),
                fields=[],
                units=form.units,
                drafted_by=office,
                actor=request.acting,
                now=request.now,
            )
        except Refusal as refusal:
            _take(form, refusal)
        else:
            return redirect("field-request", pk=made.pk)
    context = {"tabs": tabs("field-requests", request.acting), "form": form}
    return render(request, "burden/request_new.html", context, status=422 if form.errors else 200)


def _take(form: RequestForm, refusal: Refusal) -> None:
    say_on(form, refusal)


@may("burden.issue")
@require_http_methods(["GET", "POST"])
def request_terms(request: Request, pk: int) -> HttpResponseBase:
    """Change a draft's terms, and its units where others are chosen."""
    found = visible(request, pk)
    posted = request.POST if request.method == "POST" else None
    initial = {name: getattr(found, name) for name in TERMS}
    form = RequestForm(
        posted, cycle=found.cycle, office=_drafting_office(found), draft=found, initial=initial
    )
    if form.is_valid():
        units = form.units or None
        try:
            amend_request(
                request=found, terms=form.terms(), units=units, actor=request.acting, now=request.now
            )
        except Refusal as refusal:
            _take(form, refusal)
        else:
            messages.success(request, _("已修改。"))
            return redirect("field-request", pk=found.pk)
    context = {"tabs": tabs("field-requests", request.acting), "form": form, "item": found}
    return render(request, "burden/request_new.html", context, status=422 if form.errors else 200)


def _drafting_office(found: FieldRequest) -> Office:
    return Office.objects.select_related("unit__parent", "scope").get(pk=found.drafted_by_id)


@may("burden.issue")
@require_POST
def request_fields(request: Request, pk: int) -> HttpResponseBase:
    """Add a field to a draft, or take one out."""
    found = visible(request, pk)
    fields: list[Field] = [each.field for each in found.asked_fields.select_related("field")]
    if request.POST.get("add", "").isdigit():
        fields.append(get_object_or_404(live_fields(found.cycle), pk=int(request.POST["add"])))
    elif request.POST.get("remove", "").isdigit():
        fields = [each for each in fields if each.pk != int(request.POST["remove"])]
    else:
        raise Refusal(_("请选择要加入或去掉的填报项。"))
    amend_request(request=found, fields=fields, actor=request.acting, now=request.now)
    return redirect(f"{reverse('field-request', args=[found.pk])}#fields")


def visible(request: Request, pk: int) -> FieldRequest:
    return get_object_or_404(requests_visible_to(request.acting), pk=pk)
