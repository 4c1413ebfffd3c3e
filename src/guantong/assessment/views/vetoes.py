"""Vetoes: what the rulings would allow to confirm, what was confirmed, and lifting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.assessment import operations, round_rules, rules, veto_queries
from guantong.assessment.round_forms import ReasonForm, VetoForm
from guantong.assessment.standing import grade_name
from guantong.assessment.views import tabs
from guantong.mechanisms.queries import current_cycle
from guantong.ui.forms import valid


@may("assessment.mark")
@require_GET
def vetoes(request: Request) -> HttpResponse:
    """Proposals wait for a person; nothing here happens alone."""
    cycle = current_cycle(request.acting, on=request.today)
    proposed = veto_queries.proposals(cycle, within=request.acting.scope_path) if cycle else []
    confirmed = list(
        veto_queries.vetoes_visible_to(request.acting).filter(cycle=cycle).order_by("-confirmed_at")
    )
    context = {
        "cycle": cycle,
        "room_tabs": tabs(request, "round"),
        "proposals": [
            {
                "proposal": each,
                "grade": grade_name(each.max_grade),
                "may_confirm": rules.may_mark(request.acting, each.finding.cycle, each.finding.unit)
                and not request.acting.shares_a_person_with(*veto_queries.accusers_of(each.finding)),
            }
            for each in proposed
            if each.confirmed is None
        ],
        "confirmed": [
            {
                "veto": each,
                "bites": each.lifted_at is None and each.appeal_until < request.today,
                "fell": veto_queries.fell(each),
            }
            for each in confirmed
        ],
        "window": round_rules.appeal_window(cycle, from_day=request.today) if cycle else None,
    }
    return render(request, "assessment/vetoes.html", context)


@may("assessment.mark")
@require_POST
def veto_confirmation(request: Request, pk: int) -> HttpResponseBase:
    finding = get_object_or_404(veto_queries.findings_visible_to(request.acting), pk=pk)
    given = valid(VetoForm(request.POST))
    made = operations.confirm_veto(finding=finding, actor=request.acting, now=request.now, **given)
    messages.success(
        request, _("否决已确认并告知单位，申诉期到 %(day)s，之后计分时生效。") % {"day": made.appeal_until}
    )
    return redirect("vetoes")


@may("assessment.mark")
@require_POST
def veto_lifting(request: Request, pk: int) -> HttpResponseBase:
    veto = get_object_or_404(veto_queries.vetoes_visible_to(request.acting), pk=pk)
    given = valid(ReasonForm(request.POST))
    operations.lift_veto(veto=veto, actor=request.acting, now=request.now, **given)
    messages.success(request, _("否决已解除，下次计分时不再计入。"))
    return redirect("vetoes")
