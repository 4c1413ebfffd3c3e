"""The register: organisations, enterprises, chambers by name; representatives by their own consent alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.leadership.queries.pairings import shown_to
from guantong.leadership.rules.pairings import RETENTION_DAYS, terms_for
from guantong.leadership.views.pairings_frame import areas_for, bars
from guantong.leadership.views.pairings_partner import page_of
from guantong.mechanisms.asked import cycle_asked
from guantong.partners import operations
from guantong.partners import queries as partner_queries
from guantong.partners.choices import PartnerKind
from guantong.partners.forms import ConsentLinkForm, OrganisationCorrection, OrganisationForm, PartnerFilter
from guantong.partners.models import Partner
from guantong.partners.rules import refuse_a_person, refuse_more_than, refuse_unknown_kind
from guantong.ui.qr import qr_code
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("name", gettext_lazy("联系对象"), ("name",)),
    Column("kind", gettext_lazy("类别"), ("kind",)),
    Column("area", gettext_lazy("所在地"), ("area__path",)),
    Column("office", gettext_lazy("由谁联系")),
]
SENT = ("csrfmiddlewaretoken", "kind", "name", "name_en", "area")


@may("partners.read")
@require_GET
def partners(request: Request) -> HttpResponse:
    """The register in sight, and the links that wait for an answer."""
    form = PartnerFilter(request.GET)
    form.is_valid()
    found = _filtered(partner_queries.partners_visible_to(request.acting), form.cleaned_data)
    found = found.filter(closed_on__isnull=True).prefetch_related("pairings__office")
    listing = Listing.of(found, request.GET, COLUMNS, id="partners", sort="area")
    shown = shown_to(request.acting, listing)
    for each in listing:
        each.shown = shown[each.pk]
        each.kept_by = [pairing.office for pairing in each.pairings.all() if pairing.ends_on is None]
    runs = request.acting.may("leadership.run")
    context = {
        **bars("partners", request.acting),
        "form": form,
        "listing": listing,
        "waiting": list(partner_queries.unanswered(request.acting, on=request.today)[:20]) if runs else [],
        "may_register": runs,
    }
    return render(request, "leadership/partners.html", context)


def _filtered(found: QuerySet[Partner], wanted: dict[str, Any]) -> QuerySet[Partner]:
    if wanted.get("kind"):
        found = found.filter(kind=wanted["kind"])
    if wanted.get("q"):
        found = found.filter(name__icontains=wanted["q"].strip())
    return found


def visible_partner(request: Request, pk: int) -> Partner:
    return get_object_or_404(partner_queries.partners_visible_to(request.acting), pk=pk)


@may("partners.read")
@require_GET
def partner(request: Request, pk: int) -> HttpResponse:
    """One partner: its one calendar and counter, who keeps contact, what it asked for."""
    return render(request, "leadership/partner.html", page_of(request, visible_partner(request, pk)))


@may("leadership.run")
@require_http_methods(["GET", "POST"])
def new_partner(request: Request) -> HttpResponseBase:
    """Register an organisation. What is more than asked, and a person above all, is refused."""
    areas = areas_for(request.acting)
    if request.method == "POST":
        refuse_more_than(request.POST, SENT)
        refuse_a_person(request.POST.get("kind", ""))
        form = OrganisationForm(request.POST, areas=areas)
        if form.is_valid():
            made = operations.register_organisation(
                actor=request.acting, now=request.now, **form.cleaned_data
            )
            messages.success(request, _("已登记。"))
            return redirect("partner", pk=made.pk)
    else:
        form = OrganisationForm(areas=areas)
    context = {**bars("partners", request.acting), "form": form}
    return render(request, "leadership/partner_new.html", context, status=422 if form.errors else 200)


@may("leadership.run")
@require_http_methods(["GET", "POST"])
def correction(request: Request, pk: int) -> HttpResponseBase:
    """Another name or place of an organisation; a representative corrects their own data, nobody else does."""
    found = visible_partner(request, pk)
    refuse_a_person(found.kind)
    areas = areas_for(request.acting)
    if request.method == "POST":
        refuse_more_than(request.POST, SENT)
        refuse_unknown_kind(request.POST.get("kind", found.kind))
        form = OrganisationCorrection(request.POST, areas=areas)
        if form.is_valid():
            operations.correct_organisation(
                partner=found, actor=request.acting, now=request.now, **form.cleaned_data
            )
            messages.success(request, _("已更正。"))
            return redirect("partner", pk=found.pk)
    else:
        initial = {"name": found.name, "name_en": found.name_en, "area": found.area_id}
        form = OrganisationCorrection(areas=areas, initial=initial)
    context = {**bars("partners", request.acting), "form": form, "partner": found}
    return render(request, "leadership/partner_new.html", context, status=422 if form.errors else 200)


@may("leadership.run")
@require_POST
def closing(request: Request, pk: int) -> HttpResponseBase:
    """Take an organisation off the register."""
    found = visible_partner(request, pk)
    operations.close_organisation(partner=found, actor=request.acting, now=request.now)
    messages.success(request, _("已退出登记，联系分工随之结束。"))
    return redirect("partner", pk=found.pk)


@may("leadership.run")
@require_http_methods(["GET", "POST"])
def consent_link(request: Request) -> HttpResponseBase:
    """A link to hand to somebody who might agree to be a representative. Shown this once; about them nothing is asked."""
    areas = areas_for(request.acting)
    form = ConsentLinkForm(request.POST if request.method == "POST" else None, areas=areas)
    context: dict[str, Any] = {**bars("partners", request.acting), "form": form}
    if request.method == "POST":
        refuse_more_than(request.POST, ("csrfmiddlewaretoken", "area"))
        if form.is_valid():
            consent, code = operations.ask_consent(
                area=form.cleaned_data["area"],
                retention_days=_retention(request),
                actor=request.acting,
                now=request.now,
            )
            address = request.build_absolute_uri(reverse("consent", args=[code]))
            qr = qr_code(address, scale=5)
            context |= {"address": address, "qr": qr, "consent": consent}
    answer = render(request, "leadership/consent_link.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _retention(request: Request) -> int:
    """How long consent lasts, as the package says for representatives; without such a rule nobody is asked."""
    cycle = cycle_asked(request)
    terms = terms_for(cycle.package, PartnerKind.REPRESENTATIVE) if cycle else None
    if terms is None:
        raise Refusal(_("本年度的机制没有联系代表人士的规定，不能生成同意链接。"))
    return terms.retention_days or RETENTION_DAYS


@may("partners.read")
@require_POST
def recusal(request: Request, pk: int) -> HttpResponseBase:
    """The office acted for stands aside from the partner; it gives no reason."""
    found = visible_partner(request, pk)
    operations.declare_recusal(partner=found, actor=request.acting, now=request.now)
    messages.success(request, _("已声明回避。分工时不会把这个对象分给本岗位。"))
    return redirect("partner", pk=found.pk)


@may("partners.read")
@require_POST
def recusal_lifting(request: Request, pk: int) -> HttpResponseBase:
    found = visible_partner(request, pk)
    operations.lift_recusal(partner=found, actor=request.acting, now=request.now)
    messages.success(request, _("已取消回避。"))
    return redirect("partner", pk=found.pk)
