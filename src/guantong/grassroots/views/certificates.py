"""Study hours and certificates: what runs out, what waits to be accepted, entering one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.grassroots.certificate_forms import CertificateForm
from guantong.grassroots.operations import certificates as operations
from guantong.grassroots.queries import certificates as queries
from guantong.grassroots.rules import certificates as rules
from guantong.grassroots.views.roster_tabs import tabs
from guantong.privacy import keys
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("title", gettext_lazy("培训或证书")),
    Column("who", gettext_lazy("任职人")),
    Column("unit", gettext_lazy("单位"), ("holding__office__unit__path",)),
    Column("hours", gettext_lazy("学时"), ("hours",), is_number=True),
    Column("expires", gettext_lazy("有效期至"), ("expires_on",)),
    Column("state", gettext_lazy("状态")),
]


@may("business.read")
@require_GET
def certificates(request: Request) -> HttpResponse:
    """Those that run out within 90 days, those that wait for an answer, or all of today's holders."""
    visible = queries.certificates_visible_to(request.acting)
    shown = {
        "expiring": queries.expiring(visible, on=request.today),
        "waiting": queries.waiting(visible),
        "all": queries.of_holders_on(visible, request.today).order_by("-issued_on", "-pk"),
    }
    view = request.GET.get("view", "expiring")
    view = view if view in shown else "expiring"
    listing = Listing.of(shown[view], request.GET, COLUMNS, id="certificates")
    keys.load(each.holding.person.subject_id for each in listing)
    labels = {"expiring": _("即将到期"), "waiting": _("等待确认"), "all": _("全部")}
    context = {
        "tabs": tabs("certificates"),
        "views": [
            {"label": labels[key], "url": f"?view={key}", "count": found.count(), "current": key == view}
            for key, found in shown.items()
        ],
        "listing": listing,
        "rows": [_row(each, request) for each in listing],
    }
    return render(request, "grassroots/certificates.html", context)


def _row(certificate: Any, request: Request) -> dict[str, Any]:
    ends = certificate.expires_on
    return {
        "certificate": certificate,
        "may_accept": rules.may_accept(request.acting, certificate),
        "left": (ends - request.today).days if ends else None,
    }


@may("records.write")
@require_http_methods(["GET", "POST"])
def holding_certificates(request: Request, pk: int) -> HttpResponseBase:
    """What one holder has learnt, and entering more."""
    holding = get_object_or_404(queries.holdings_visible_to(request.acting), pk=pk)
    form = CertificateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.enter_certificate(
            holding=holding, actor=request.acting, now=request.now, **form.cleaned_data
        )
        messages.success(request, _("已登记，等待上级确认。"))
        return redirect("holding-certificates", pk=holding.pk)
    found = queries.certificates_visible_to(request.acting).filter(holding=holding)
    context = {
        "tabs": tabs("certificates"),
        "holding": holding,
        "form": form,
        "may_enter": rules.may_enter(request.acting, holding),
        "standing": queries.standings([holding.pk], on=request.today).get(holding.pk, queries.Standing()),
        "rows": [_row(each, request) for each in found.order_by("-issued_on", "-pk")],
    }
    return render(
        request, "grassroots/certificates_of_holder.html", context, status=422 if form.errors else 200
    )


@may("obligations.review")
@require_POST
def certificate_acceptance(request: Request, pk: int) -> HttpResponseBase:
    """Accept one for another office."""
    certificate = get_object_or_404(queries.certificates_visible_to(request.acting), pk=pk)
    operations.accept_certificate(certificate=certificate, actor=request.acting, now=request.now)
    messages.success(request, _("已确认，计入学时和证书。"))
    return redirect("holding-certificates", pk=certificate.holding_id)
