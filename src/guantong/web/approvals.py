"""Weighty acts waiting for a second person, and handovers waiting for a successor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.approvals import decide_approval, kind_of, may_decide
from guantong.accounts.middleware import Request
from guantong.accounts.operations import accept_handover
from guantong.accounts.policies import may
from guantong.accounts.queries import approvals_visible_to, handovers_waiting_for
from guantong.reporting.handover import pack_of


@may("approvals.read")
@require_GET
def approvals(request: Request) -> HttpResponse:
    """What waits for a decision, then what was decided."""
    found = list(approvals_visible_to(request.acting)[:100])
    rows = [
        {
            "approval": each,
            "kind": kind_of(each),
            "subject": kind_of(each).subject(each),
            "url": kind_of(each).url(each),
            "may_decide": may_decide(request.acting, each),
        }
        for each in found
    ]
    context = {
        "waiting": [row for row in rows if row["approval"].granted is None],  # type: ignore[attr-defined]
        "decided": [row for row in rows if row["approval"].granted is not None],  # type: ignore[attr-defined]
    }
    return render(request, "web/approvals.html", context)


@may("approvals.read")
@require_POST
def decision(request: Request, pk: int) -> HttpResponseBase:
    """Grant, and it happens now; or refuse with a reason."""
    approval = get_object_or_404(approvals_visible_to(request.acting), pk=pk)
    granted = request.POST.get("granted") == "yes"
    decide_approval(
        approval=approval,
        granted=granted,
        decision=request.POST.get("decision", ""),
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已批准，即时生效。") if granted else _("已退回申请。"))
    return redirect("approvals")


@may("business.read")
@require_GET
def handover(request: Request, pk: int) -> HttpResponse:
    """The pack a successor takes over: what is owed, promised, waiting and unsigned."""
    found = get_object_or_404(handovers_waiting_for(request.acting), pk=pk)
    pack = pack_of(found.holding.office, on=request.today)
    mine = request.acting.standing_in_for is None and request.acting.person_ref != found.holding.person_id
    return render(request, "web/handover.html", {"handover": found, "pack": pack, "may_accept": mine})


@may("business.read")
@require_POST
def handover_acceptance(request: Request, pk: int) -> HttpResponseBase:
    """Take it over as it stands."""
    found = get_object_or_404(handovers_waiting_for(request.acting), pk=pk)
    pack = pack_of(found.holding.office, on=request.today)
    accept_handover(
        handover=found,
        contents=pack.counts,
        note=request.POST.get("note", ""),
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已接收，手头工作从今天起由您负责。"))
    return redirect("home")
