"""One demand with its path, and each of its moves on a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.cases.queries import cases_visible_to
from guantong.cases.views.filing import slip_of
from guantong.cases.views.opening import kept_out
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.demand_chain import MOVES
from guantong.grassroots.demand_forms import AnswerForm, CaseOfDemandForm, NoteForm, ToldForm
from guantong.grassroots.models import Demand
from guantong.grassroots.operations import demands as operations
from guantong.grassroots.operations.demand_cases import came_of_case, make_case
from guantong.grassroots.queries.demands import demands_visible_to
from guantong.grassroots.rules import demands as rules
from guantong.grassroots.views.demands import row_of
from guantong.grassroots.views.service_tabs import tabs
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import say_on

ACTS = {
    "take_up": operations.take_up,
    "pass_up": operations.pass_up,
    "send_back": operations.send_back,
    "answer": operations.answer_demand,
    "tell": operations.tell,
    "drop": operations.drop,
}


@may("business.read")
@require_GET
def demand(request: Request, pk: int) -> HttpResponse:
    """What was asked, where it is, what may be done now, and the whole path."""
    found = get_object_or_404(demands_visible_to(request.acting), pk=pk)
    case = found.case
    context = {
        "tabs": tabs("demands", request.acting),
        "demand": found,
        "row": row_of(found, request),
        "came": came_of_case(found),
        "case_opens": case is not None and cases_visible_to(request.acting).filter(pk=case.pk).exists(),
        "acts": _acts(request, found),
        "steps": steps_of(found),
    }
    return render(request, "grassroots/demand.html", context)


def _acts(request: Request, found: Demand) -> list[dict[str, Any]]:
    """The moves open to this office now; the answer stands first where it may be given."""
    order = ("tell", "answer", "take_up", "pass_up", "to_case", "send_back", "drop")
    allowed = [verb for verb in order if rules.may_move(request.acting, found, verb)]
    if "send_back" in allowed and rules.came_from(found, request.today) is None:
        allowed.remove("send_back")
    if "pass_up" in allowed and rules.next_above(found, request.today) is None:
        allowed.remove("pass_up")
    quiet = ("send_back", "drop")
    return [
        {"label": MOVES[verb].said, "url": reverse("demand-move", args=[found.pk, verb]), "is_quiet": verb in quiet}
        for verb in allowed
    ]  # fmt: skip


def steps_of(found: Demand) -> list[dict[str, Any]]:
    """The path for the timeline: who did what, where it went, and what comes next."""
    items = []
    for step in found.steps.select_related("from_office", "to_office").order_by("taken_at", "pk"):
        moved = step.to_office_id != step.from_office_id and step.to_office is not None
        where = f" → {step.to_office}" if moved else ""
        items.append(
            {
                "what": capfirst(f"{MOVES[step.verb].done}{where}"),
                "who": "" if step.verb == "case_answered" else step.from_office,
                "when": step.taken_at,
                "reason": step.note,
                "state": "done",
            }
        )
    if found.stage == DemandStage.ANSWERED:
        items.append({"what": _("等 %(who)s 告诉提出的人") % {"who": found.raised_by}, "state": "next"})
    elif found.stage == DemandStage.CASE:
        items.append({"what": _("等诉求件的答复"), "state": "next"})
    elif found.stage in (DemandStage.RAISED, DemandStage.TAKEN_UP):
        items.append({"what": _("等 %(who)s 办理") % {"who": found.at_office}, "state": "next"})
    return items


def _form_for(request: Request, verb: str) -> forms.Form:
    posted = request.POST if request.method == "POST" else None
    if verb == "answer":
        return AnswerForm(posted)
    if verb == "tell":
        return ToldForm(posted, initial={"told_on": request.today})
    if verb == "to_case":
        return CaseOfDemandForm(posted)
    return NoteForm(posted, verb=verb)


@may("records.write")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def demand_move(request: Request, pk: int, verb: str) -> HttpResponseBase:
    """One move: what has to be written for it, and doing it."""
    found = get_object_or_404(demands_visible_to(request.acting), pk=pk)
    if verb not in ACTS and verb != "to_case":
        raise Http404
    form = _form_for(request, verb)
    if request.method == "POST" and form.is_valid():
        try:
            if verb == "to_case":
                return _made_a_case(request, found, form)
            ACTS[verb](demand=found, actor=request.acting, now=request.now, **form.cleaned_data)  # type: ignore[operator]
            messages.success(request, _("已办：%(what)s。") % {"what": MOVES[verb].said})
            return redirect("demand", pk=found.pk)
        except Refusal as refusal:
            say_on(form, refusal)
    elif request.method == "GET" and not rules.may_move(request.acting, found, verb):
        messages.info(request, _("这一步现在不由您办，或者已经办过了。"))
        return redirect("demand", pk=found.pk)
    above = rules.next_above(found, request.today) if verb == "pass_up" else None
    context = {
        "tabs": tabs("demands", request.acting),
        "demand": found,
        "move": MOVES[verb],
        "verb": verb,
        "above": above,
        "form": form,
    }
    answer = render(request, "grassroots/demand_move.html", context, status=422 if form.errors else 200)
    return kept_out(answer) if verb == "to_case" else answer


def _made_a_case(request: Request, found: Demand, form: forms.Form) -> HttpResponse:
    given = {name: value for name, value in form.cleaned_data.items() if name != "agreed"}
    changed, case, code = make_case(demand=found, actor=request.acting, now=request.now, **given)
    context = {
        "tabs": tabs("demands", request.acting),
        "demand": changed,
        "case": case,
        "slip": slip_of(request, case, code),
    }
    return kept_out(render(request, "grassroots/demand_case.html", context))
