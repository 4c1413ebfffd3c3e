"""Services given: the list, writing one down, and doing so for somebody from a paper list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.grassroots.models import Home, Service
from guantong.grassroots.operations.services import give_service
from guantong.grassroots.queries import services as queries
from guantong.grassroots.service_forms import ServiceForm
from guantong.grassroots.views.service_tabs import cycle_or_404, tabs
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("item", gettext_lazy("做了什么"), ("item__name",)),
    Column("where", gettext_lazy("在哪里")),
    Column("who", gettext_lazy("谁做的")),
    Column("people", gettext_lazy("人次"), ("people",), True),
    Column("stars", gettext_lazy("满意度"), ("stars",), True),
    Column("day", gettext_lazy("日期"), ("record__happened_on",)),
]
SERVERS = [Column("office", gettext_lazy("岗位")), Column("unit", gettext_lazy("单位"), ("unit__path",))]


@may("business.read")
@require_GET
def services(request: Request) -> HttpResponse:
    """What was done for people within sight, the newest first; by line of the catalogue or in one village."""
    cycle = cycle_asked(request)
    visible = queries.services_visible_to(request.acting)
    found = queries.services_of(visible, cycle) if cycle else visible.none()
    item, village = request.GET.get("item", ""), request.GET.get("unit", "")
    if item.isdecimal():
        found = found.filter(item_id=int(item))
    if village.isdecimal():
        found = found.filter(villages=int(village))
    listing = Listing.of(found, request.GET, COLUMNS, id="services")
    context = {
        "tabs": tabs("services", request.acting),
        "cycle": cycle,
        "listing": listing,
        "rows": [_row(each, request) for each in listing],
        "given": queries.summed(found),
        "may_give": cycle is not None and serves(request),
        "may_enter": cycle is not None and request.acting.may("records.write"),
        "chips": _chips(cycle, item) if cycle else [],
        "item_chosen": item.isdecimal(),
    }
    return render(request, "grassroots/services.html", context)


def serves(request: Request) -> bool:
    office = request.acting.office
    return bool(office and office.role in queries.SERVES and request.acting.may("records.write"))


def _row(service: Service, request: Request) -> dict[str, Any]:
    record = service.record
    offices = [each.office for each in record.participations.all()]
    who = [each for each in offices if each.role in queries.SERVES] or offices
    mine = request.acting.office_ref in {each.pk for each in offices}
    return {
        "service": service,
        "villages": list(service.villages.all()),
        "who": who[-1] if who else None,
        "opens": mine or request.acting.sees(record.unit.path),
    }


def _chips(cycle: Cycle, current: str) -> list[dict[str, Any]]:
    lines = [
        {"label": str(each), "url": f"?item={each.pk}", "current": str(each.pk) == current}
        for each in cycle.service_items.order_by("pk")
    ]
    return [{"label": _("全部"), "url": "?", "current": not current}, *lines] if lines else []


@may("records.write")
@require_http_methods(["GET", "POST"])
def new_service(request: Request) -> HttpResponseBase:
    """Write one down: what, where, for how many. ``?for=`` names the office it is entered for, from a paper list."""
    cycle = cycle_or_404(request)
    assert request.acting.office is not None
    asked = request.GET.get("for", "")
    office = request.acting.office
    if asked:
        found = queries.servers_below(request.acting).select_related("scope")
        office = get_object_or_404(found, pk=int(asked) if asked.isdecimal() else 0)
    elif not serves(request):
        return redirect("service-paper")
    form = _form(request, cycle, office)
    if request.method == "POST" and form.is_valid():
        try:
            return _kept(request, office, form)
        except Refusal as refusal:
            say_on(form, refusal)
    context = {
        "tabs": tabs("services", request.acting),
        "cycle": cycle,
        "form": form,
        "office": office if asked else None,
    }
    return render(request, "grassroots/service_new.html", context, status=422 if form.errors else 200)


def _form(request: Request, cycle: Cycle, office: Office) -> ServiceForm:
    return ServiceForm(
        request.POST if request.method == "POST" else None,
        items=queries.items_offered(cycle, request.today),
        villages=queries.villages_served_by(office, request.today),
        homes=homes_below(office),
        initial={"happened_on": request.today},
    )


def homes_below(office: Office) -> QuerySet[Home]:
    path = office.scope.path
    return (
        Home.objects.filter(unit__path__gte=path, unit__path__lt=path + PAST, unit__closed_on__isnull=True)
        .select_related("unit")
        .order_by("unit__path")
    )


def _kept(request: Request, office: Office, form: ServiceForm) -> HttpResponseBase:
    assert request.acting.office is not None
    service = give_service(
        entered_by=request.acting.office,
        office=office,
        on_paper=office.pk != request.acting.office.pk,
        actor=request.acting,
        now=request.now,
        today=request.today,
        **form.cleaned_data,
    )
    n = service.record.claims.count()
    messages.success(
        request, _("已登记，同时申报完成 %(n)s 项职责。") % {"n": n} if n else _("已登记，不用再填别处。")
    )
    return redirect("service-paper" if office.pk != request.acting.office.pk else "services")


@may("records.write")
@require_GET
def paper_services(request: Request) -> HttpResponse:
    """For whom a paper list may be entered."""
    listing = Listing.of(queries.servers_below(request.acting), request.GET, SERVERS, id="servers")
    context = {"tabs": tabs("services", request.acting), "listing": listing, "cycle": cycle_asked(request)}
    return render(request, "grassroots/service_paper.html", context)
