"""Choosing the office to act for, the home page of each role, and the pages of errors."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language as django_set_language

from guantong.accounts.choices import Role
from guantong.accounts.middleware import SESSION_OFFICE, Request
from guantong.accounts.policies import public, signed_in
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.web import homes

BOARD_ROLES = {Role.COORDINATOR, Role.ASSESSOR}


@signed_in
@require_POST
def acting_office(request: Request) -> HttpResponseBase:
    """Act for another of one's own offices."""
    assert request.acting.person is not None
    chosen = request.POST.get("office", "")
    held = {seat.office.pk for seat in request.seats}
    if chosen not in {str(each) for each in held}:
        raise Refusal(_("您今天没有担任这个职务。"))
    request.session[SESSION_OFFICE] = int(chosen)
    with transaction.atomic():
        audit.record(
            "accounts.office_switched",
            target=request.acting.person,
            actor=request.acting,
            at=request.now,
            payload={"office": int(chosen)},
        )
    return redirect("home")


@public
@require_POST
def set_language(request: Request) -> HttpResponseBase:
    return django_set_language(request)


@signed_in
@require_GET
def home(request: Request) -> HttpResponse:
    """The board for whoever coordinates or assesses; what one owes for everybody else."""
    office = request.acting.office
    if office is None:
        return render(request, "web/home_without_office.html")
    if request.acting.is_administrator:
        return homes.administrator_home(request)
    if office.role in BOARD_ROLES:
        return homes.board_home(request)
    return homes.office_home(request)


@public
def not_understood(request: Request, exception: Exception | None = None) -> HttpResponse:
    """Also for a host that is not served, so without the frame, which asks for the host."""
    body = render_to_string("web/400.html", {"host": isinstance(exception, DisallowedHost)})
    return HttpResponse(body, status=400)


@public
def page_missing(request: Request, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/404.html", status=404)


@public
def not_allowed(request: Request, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/403.html", status=403)


@public
def failed(request: Request) -> HttpResponse:
    return render(request, "web/500.html", status=500)


@public
def form_expired(request: Request, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: nothing was done; going back keeps what was typed."""
    return render(request, "web/form_expired.html", status=403)
