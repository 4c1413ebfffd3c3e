"""Bringing a demand, without an account: the form, and the slip with the code that is shown once."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guantong.accounts.adapters import source_of
from guantong.accounts.middleware import Request
from guantong.accounts.policies import may, public
from guantong.cases.applicant import Applicant, Doer
from guantong.cases.choices import Channel
from guantong.cases.codes import grouped
from guantong.cases.forms.public import FilingForm
from guantong.cases.limits import refuse_flood
from guantong.cases.models import Case
from guantong.cases.operations.registering import register_case, registering_unit
from guantong.cases.queries.choosing import cycles_taking_cases, units_to_complain_of
from guantong.cases.terms import terms_of
from guantong.cases.views.opening import kept_out
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle
from guantong.ui.forms import say_on
from guantong.ui.qr import qr_code


def slip_of(request: Request, case: Case, code: str) -> dict[str, Any]:
    """What somebody keeps. The code itself stands in no address, so the QR code leads to the page that asks for it."""
    address = request.build_absolute_uri(reverse("track"))
    return {
        "reference": case.reference,
        "code": grouped(code),
        "address": address,
        "qr": qr_code(address),
    }


def _asked_cycle(request: Request) -> tuple[Cycle | None, list[Cycle]]:
    """The mechanism to file in: the one asked for, or the only one."""
    cycles = list(cycles_taking_cases(request.today)[:50])
    asked = request.GET.get("cycle", "")
    chosen = next((each for each in cycles if str(each.pk) == asked), None)
    return chosen or (cycles[0] if len(cycles) == 1 else None), cycles


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def file_case(request: Request) -> HttpResponseBase:
    """Anybody brings a demand; what they typed stays where something is wrong."""
    cycle, cycles = _asked_cycle(request)
    if cycle is None:
        return kept_out(render(request, "cases/file_where.html", {"cycles": cycles}))
    return _form(request, cycle, actor=Applicant(), at_desk=False)


@may("cases.run")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_case(request: Request) -> HttpResponseBase:
    """The office registers for somebody at its window or on the telephone, and hands them the slip."""
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None:
        raise Refusal(_("还没有开启的年度，不能登记。"))
    return _form(request, cycle, actor=request.acting, at_desk=True)


def _form(request: Request, cycle: Cycle, *, actor: Doer, at_desk: bool) -> HttpResponse:
    units = units_to_complain_of(cycle)
    if request.method == "POST":
        form = FilingForm(request.POST, units=units, at_desk=at_desk)
        if form.is_valid():
            try:
                return _registered(request, cycle, form, actor=actor, at_desk=at_desk)
            except Refusal as refusal:
                say_on(form, refusal)
    else:
        form = FilingForm(units=units, at_desk=at_desk, initial={"kind": request.GET.get("kind", "")})
    context = {
        "form": form,
        "cycle": cycle,
        "case_terms": terms_of(cycle.package),
        "at_desk": at_desk,
    }
    status = 422 if form.is_bound else 200
    return kept_out(render(request, "cases/file.html", context, status=status))


def _registered(
    request: Request, cycle: Cycle, form: FilingForm, *, actor: Doer, at_desk: bool
) -> HttpResponse:
    if not at_desk:
        refuse_flood(source_of(request))
    given = form.cleaned_data
    case, code = register_case(
        cycle=cycle,
        unit=registering_unit(cycle, against=given["against"]),
        channel=given.pop("channel", Channel.WEB),
        actor=actor,
        now=request.now,
        **given,
    )
    context = {"case": case, "slip": slip_of(request, case, code), "at_desk": at_desk}
    return kept_out(render(request, "cases/filed.html", context))
