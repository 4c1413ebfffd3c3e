"""The field dictionary: search, register, one field with what is known of it, retire."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.burden.choices import ASKED
from guantong.burden.field_forms import FieldFilter, FieldForm
from guantong.burden.models import Field, FieldRequest
from guantong.burden.operations.fields import register_field, retire_field
from guantong.burden.queries import fields as queries
from guantong.burden.queries.known import values_visible_to
from guantong.burden.queries.requests import requests_visible_to
from guantong.burden.rules.fields import may_retire
from guantong.burden.views import cycle_or_404, tabs
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("name", gettext_lazy("填报项"), ("name",)),
    Column("owner", gettext_lazy("归口单位"), ("owner__path",)),
    Column("kind", gettext_lazy("类型"), ("kind",)),
    Column("minutes", gettext_lazy("每次分钟"), ("minutes",), True),
    Column("asked", gettext_lazy("用于几份填报"), ("n_requests",), True),
]
VALUES = [
    Column("unit", gettext_lazy("单位"), ("unit__path",)),
    Column("value", gettext_lazy("已有的数")),
    Column("day", gettext_lazy("填写日期"), ("response__answered_on",)),
    Column("request", gettext_lazy("来自")),
]


@may("business.read")
@require_GET
def fields(request: Request) -> HttpResponse:
    """Every field with its owner and its meaning."""
    form = FieldFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = queries.with_use(queries.fields_visible_to(request.acting))
    if wanted.get("q"):
        words = wanted["q"]
        found = found.filter(
            Q(name__icontains=words) | Q(name_en__icontains=words) | Q(meaning__icontains=words)
        )
    if wanted.get("kind"):
        found = found.filter(kind=wanted["kind"])
    if not wanted.get("retired"):
        found = found.filter(retired_at__isnull=True)
    context = {
        "tabs": tabs("fields", request.acting),
        "form": form,
        "listing": Listing.of(found, request.GET, COLUMNS, id="fields", sort="name"),
        "may_register": request.acting.may("burden.issue") and cycle_asked(request) is not None,
    }
    return render(request, "burden/fields.html", context)


@may("burden.issue")
@require_http_methods(["GET", "POST"])
def new_field(request: Request) -> HttpResponseBase:
    """Nothing typed is lost. Fields that are near are offered before anything is added."""
    cycle = cycle_or_404(request)
    posted = request.POST if request.method == "POST" else None
    form = FieldForm(posted, initial={"name": request.GET.get("name", "")})
    near: list[Any] = []
    if form.is_valid():
        near = queries.near_fields(form.terms(), cycle)
        if not near or form.cleaned_data["differs"]:
            try:
                return _registered(request, form)
            except Refusal as refusal:
                say_on(form, refusal)
        if near:
            form = _again(request, form)
    back = request.POST.get("back") or request.GET.get("back", "")
    context = {
        "tabs": tabs("fields", request.acting),
        "form": form,
        "near": near,
        "back": back if back.isdigit() else "",
    }
    return render(request, "burden/field_new.html", context, status=422 if form.errors or near else 200)


def _again(request: Request, form: FieldForm) -> FieldForm:
    """The same form, now asking how the field differs; what was wrong with it is still said."""
    shown = FieldForm(request.POST, near=True)
    for reason in form.non_field_errors():
        shown.add_error(None, reason)
    return shown


def _registered(request: Request, form: FieldForm) -> HttpResponseBase:
    assert request.acting.office is not None
    field = register_field(
        cycle=cycle_or_404(request),
        terms=form.terms(),
        registered_by=request.acting.office,
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已登记，归本单位管。"))
    back = request.POST.get("back", "")
    if back.isdigit() and requests_visible_to(request.acting).filter(pk=int(back)).exists():
        return redirect(f"{reverse('field-request', args=[int(back)])}?q={field.name}#fields")
    return redirect("field", pk=field.pk)


@may("business.read")
@require_GET
def field(request: Request, pk: int) -> HttpResponse:
    """One field: its meaning, who asks it, and what is known already, so that nobody need ask again."""
    found = get_object_or_404(queries.fields_visible_to(request.acting), pk=pk)
    values = values_visible_to(request.acting, found)
    asking: list[FieldRequest] = list(
        requests_visible_to(request.acting)
        .filter(asked_fields__field=found, stage__in=ASKED)
        .order_by("-pk")[:20]
    )
    context = {
        "tabs": tabs("fields", request.acting),
        "field": found,
        "listing": Listing.of(values, request.GET, VALUES, id="values", sort="unit"),
        "asking": asking,
        "may_retire": may_retire(request.acting, found),
    }
    return render(request, "burden/field.html", context)


@may("burden.issue")
@require_POST
def field_retirement(request: Request, pk: int) -> HttpResponseBase:
    """Stop asking it in new requests."""
    found: Field = get_object_or_404(queries.fields_visible_to(request.acting), pk=pk)
    retire_field(field=found, actor=request.acting, now=request.now)
    messages.success(request, _("已停用；已有的数仍可查。"))
    return redirect("field", pk=found.pk)
