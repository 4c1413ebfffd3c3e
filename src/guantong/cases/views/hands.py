"""The acts on a unit's part, on what it disputes, on a review and on a call-back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.cases.forms import office as shapes
from guantong.cases.models import Closure, Dispute, Handling, ReviewRequest
from guantong.cases.operations import assigning, closing, disputes, reviewing
from guantong.cases.queries import cases_visible_to
from guantong.cases.queries.choosing import units_to_give
from guantong.ui.forms import valid


@may("cases.handle")
@require_POST
def release(request: Request, pk: int) -> HttpResponseBase:
    """Take a unit off the case."""
    part = get_object_or_404(Handling, pk=pk, case__in=cases_visible_to(request.acting))
    given = valid(shapes.ReasonForm(request.POST))
    assigning.release_unit(handling=part, actor=request.acting, now=request.now, **given)
    messages.success(request, _("已撤回交办。"))
    return redirect("case", pk=part.case_id)


@may("cases.handle")
@require_POST
def dispute(request: Request, pk: int) -> HttpResponseBase:
    """The unit says that the case is another's business."""
    part = get_object_or_404(Handling, pk=pk, case__in=cases_visible_to(request.acting))
    given = valid(shapes.ReasonForm(request.POST))
    disputes.raise_dispute(handling=part, actor=request.acting, now=request.now, **given)
    messages.success(request, _("异议已提出，等待答复。"))
    return redirect("case", pk=part.case_id)


@may("cases.handle")
@require_POST
def dispute_decision(request: Request, pk: int) -> HttpResponseBase:
    """Whoever assigned it answers the dispute."""
    found = get_object_or_404(
        Dispute.objects.select_related("handling__case__cycle__unit", "handling__case__against"),
        pk=pk,
        handling__case__in=cases_visible_to(request.acting),
    )
    form = shapes.DisputeDecisionForm(request.POST, units=units_to_give(found.handling.case))
    disputes.decide_dispute(dispute=found, actor=request.acting, now=request.now, **valid(form))
    messages.success(request, _("已答复。"))
    return redirect("cases")


@may("cases.handle")
@sensitive_post_parameters()
@require_POST
def review(request: Request, pk: int) -> HttpResponseBase:
    """Answer a review or a second review."""
    found = get_object_or_404(ReviewRequest, pk=pk, case__in=cases_visible_to(request.acting))
    given = valid(shapes.ReviewAnswerForm(request.POST))
    reviewing.answer_review(request=found, actor=request.acting, now=request.now, **given)
    messages.success(request, _("已答复。"))
    return redirect("cases")


@may("cases.run")
@require_POST
def call_back(request: Request, pk: int) -> HttpResponseBase:
    """What the applicant said when they were asked."""
    found = get_object_or_404(
        Closure.objects.select_related("case"), pk=pk, case__in=cases_visible_to(request.acting)
    )
    form = shapes.CallBackForm(request.POST)
    valid(form)
    closing.record_call_back(closure=found, actor=request.acting, now=request.now, **form.said())
    messages.success(request, _("已登记回访。"))
    return redirect("case", pk=found.case_id)
