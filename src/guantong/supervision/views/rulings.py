"""Ruling on a finding, asking for a recheck, deciding it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.supervision.operations import rulings as operations
from guantong.supervision.views.finding_page import RecheckDecisionForm, RecheckForm, RulingForm
from guantong.supervision.views.findings import visible
from guantong.ui.forms import valid


@may("approvals.read")
@require_POST
def finding_ruling(request: Request, pk: int) -> HttpResponseBase:
    """Who may use this is wider than who may rule: the operation says who stands aside."""
    found = visible(request, pk)
    data = valid(RulingForm(request.POST, package=found.cycle.package))
    operations.rule_on_finding(finding=found, actor=request.acting, now=request.now, **data)
    messages.success(
        request, _("已作出认定，并告知单位可以申请复核。") if data["upheld"] else _("已认定问题不成立。")
    )
    return redirect("finding", pk=pk)


@may("supervision.answer")
@require_POST
def finding_recheck(request: Request, pk: int) -> HttpResponseBase:
    found = visible(request, pk)
    asked = operations.ask_recheck(
        finding=found, actor=request.acting, now=request.now, **valid(RecheckForm(request.POST))
    )
    messages.success(request, _("已申请复核，%(day)s 前由他人作出决定。") % {"day": asked.decide_by})
    return redirect("finding", pk=pk)


@may("approvals.read")
@require_POST
def recheck_decision(request: Request, pk: int) -> HttpResponseBase:
    found = visible(request, pk)
    data = valid(RecheckDecisionForm(request.POST))
    operations.decide_recheck(finding=found, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已维持认定。") if data["kept"] else _("已撤销认定。"))
    return redirect("finding", pk=pk)
