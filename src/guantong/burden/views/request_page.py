"""One request: what it asks, what it costs, what stands against it, and the acts on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.burden import chain, terms
from guantong.burden.choices import Stage
from guantong.burden.models import FieldRequest, RequestStep
from guantong.burden.operations.issuing import end_request, issue_request, withdraw_request
from guantong.burden.operations.signing import ask_signature
from guantong.burden.queries import requests as queries
from guantong.burden.queries.budgets import standing_of
from guantong.burden.queries.fields import named_like
from guantong.burden.request_forms import ReasonForm
from guantong.burden.rules.asking import may_run
from guantong.burden.views import tabs
from guantong.burden.views.requests import TONES, visible
from guantong.obligations.choices import State
from guantong.ui.forms import valid


@may("business.read")
@require_GET
def field_request(request: Request, pk: int) -> HttpResponse:
    """The whole of a request on one page."""
    item = visible(request, pk)
    runs = may_run(request.acting, item)
    context = _said(request, item) | {"runs": runs, "reason_form": ReasonForm()}
    if runs and item.stage in (Stage.DRAFT, Stage.SIGNED):
        context |= _before_issue(request, item)
    else:
        context |= _after_issue(request, item)
    for verb in ("amend", "issue", "end", "withdraw"):
        context[f"may_{verb}"] = runs and chain.may_follow(item, verb)
    return render(request, "burden/request.html", context)


def _said(request: Request, item: FieldRequest) -> dict[str, Any]:
    addressees = queries.addressees_visible_to(request.acting, item)
    n_units = item.addressees.count()
    return {
        "tabs": tabs("field-requests", request.acting),
        "item": item,
        "tone": TONES[Stage(item.stage)],
        "fields": queries.fields_of(item),
        "cost": queries.cost_of(item, units=n_units),
        "pillar": item.cycle.package.pillar(item.pillar).name,
        "some_units": list(addressees.order_by("unit__path")[:8]),
        "n_units": n_units,
        "steps": [_step(each) for each in item.steps.select_related("office")],
    }


def _step(step: RequestStep) -> dict[str, Any]:
    """A step in words; one that nobody gave a reason for is the end that came by itself."""
    return {
        "said": chain.MOVES[step.verb].said,
        "reason": step.reason,
        "automatic": step.verb == "end" and not step.reason,
        "office": step.office,
        "taken_at": step.taken_at,
    }


def _before_issue(request: Request, item: FieldRequest) -> dict[str, Any]:
    """The draft's own: the search for fields, the budget, and what stands against it."""
    words = request.GET.get("q", "")[:60]
    asked = {each.field_id for each in queries.fields_of(item)}
    waiting = queries.waiting_signature(item)
    found = queries.objections_to(item, issuer=item.issuer)
    signed = set(item.approval.wanted["against"]) if item.approval else set()
    return {
        "q": words,
        "offers": [each for each in named_like(words, item.cycle) if each.pk not in asked],
        "objections": found,
        "unsigned": [each for each in found if each.kind not in signed],
        "waiting": waiting,
        "standing": standing_of(item.issuer, item.cycle),
        "most_fields": terms.max_fields(item.cycle.package),
        "is_draft": True,
        "may_put_up": bool(asked) and item.stage == Stage.DRAFT and waiting is None,
    }


def _after_issue(request: Request, item: FieldRequest) -> dict[str, Any]:
    owed = queries.owed_for(item).filter(
        source_ref__in=queries.addressees_visible_to(request.acting, item).values("pk")
    )
    answered = owed.filter(state__in=[State.CLAIMED, State.FULFILLED]).count()
    office = request.acting.office
    mine = owed.filter(unit=office.unit_id) if office else owed.none()
    return {
        "n_owed": owed.count(),
        "n_answered": answered,
        "to_fill": mine.filter(starts_on__lte=request.today, state__in=[State.OPEN, State.RETURNED])
        .order_by("due_on")
        .first(),
    }


@may("burden.issue")
@require_POST
def request_issue(request: Request, pk: int) -> HttpResponseBase:
    """Ask the units from today."""
    item = issue_request(request=visible(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("已下发 %(n)s 个单位，列入各单位待办。") % {"n": item.addressees.count()})
    return redirect("field-request", pk=item.pk)


@may("burden.issue")
@require_POST
def request_signature(request: Request, pk: int) -> HttpResponseBase:
    """Put it to a leader."""
    item = visible(request, pk)
    data = valid(ReasonForm(request.POST))
    ask_signature(request=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已报领导签批，签批后才能下发。"))
    return redirect("field-request", pk=item.pk)


@may("burden.issue")
@require_POST
def request_end(request: Request, pk: int) -> HttpResponseBase:
    """Stop asking before the end."""
    item = visible(request, pk)
    data = valid(ReasonForm(request.POST))
    end_request(request=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已结束，没有报的不再要求。"))
    return redirect("field-request", pk=item.pk)


@may("burden.issue")
@require_POST
def request_withdrawal(request: Request, pk: int) -> HttpResponseBase:
    """Take it back."""
    item = visible(request, pk)
    data = valid(ReasonForm(request.POST))
    withdraw_request(request=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已撤回。"))
    return redirect("field-request", pk=item.pk)
