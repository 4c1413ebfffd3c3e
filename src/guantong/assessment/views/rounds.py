"""The year's round: one page for the unit that answers and the office that runs it; one unit's lines for reviewers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.assessment import operations, round_queries, round_rules, rules
from guantong.assessment.models import RoundChange, RoundStage
from guantong.assessment.round_forms import MovedDayForm, ReasonForm, RoundForm
from guantong.assessment.views import tabs
from guantong.assessment.views.round_parts import (
    changes_of,
    own_part,
    own_vetoes,
    pending_changes,
    stages_of,
    unit_context,
    usual_days,
    whole,
)
from guantong.assessment.views.scores import behind
from guantong.mechanisms.queries import current_cycle, cycles_visible_to
from guantong.ui.forms import valid


@may("business.read")
@require_GET
def round_page(request: Request) -> HttpResponse:
    """Where the round stands; the own unit's lines; everybody's progress for whoever runs it."""
    cycle = current_cycle(request.acting, on=request.today)
    found = round_queries.latest_round(request.acting, cycle) if cycle else None
    context: dict[str, Any] = {"cycle": cycle, "round": found, "room_tabs": tabs(request, "round")}
    if cycle:
        context |= {
            "may_run": rules.may_run(request.acting, cycle),
            "round_form": RoundForm(initial=usual_days(request.today, cycle)),
            "vetoes": own_vetoes(request, cycle),
            "today": request.today,
        }
    if found:
        context["changes"] = changes_of(found)
    if found and found.stage != RoundStage.CANCELLED:
        context |= {"stages": stages_of(found)} | own_part(request, found)
        if round_rules.may_take_part(request.acting, found):
            context |= whole(request, found) | pending_changes(found)
    return render(request, "assessment/round.html", context)


@may("assessment.review")
@require_GET
def round_unit(request: Request, round: int, unit: int) -> HttpResponse:
    """One unit's lines for whoever reviews them or decides its appeals."""
    found = get_object_or_404(round_queries.rounds_visible_to(request.acting), pk=round)
    scored = round_queries.judged(found, found.prefilled).order_by().values("unit")
    of_unit = get_object_or_404(units_visible_to(request.acting).filter(pk__in=scored), pk=unit)
    context = unit_context(request, found, of_unit) | {
        "round": found,
        "cycle": found.cycle,
        "today": request.today,
    }
    return render(request, "assessment/round_unit.html", context)


@may("assessment.answer")
@require_GET
def round_line(request: Request, pk: int) -> HttpResponse:
    """The rows behind one of the own unit's figures, before and after publication."""
    line = get_object_or_404(round_queries.lines_answered_by(request.acting), pk=pk)
    return render(request, "assessment/round_line.html", behind(request, line))


@may("assessment.run")
@require_POST
def rounds(request: Request, pk: int) -> HttpResponseBase:
    """Open the round of a cycle."""
    cycle = get_object_or_404(cycles_visible_to(request.acting), pk=pk)
    given = valid(RoundForm(request.POST))
    operations.open_round(cycle=cycle, actor=request.acting, now=request.now, **given)
    messages.success(request, _("年度考核已启动，各单位可以看到预填的自评。"))
    return redirect("round")


@may("assessment.run")
@require_POST
def round_stage(request: Request, pk: int) -> HttpResponseBase:
    """Take the round one stage on."""
    found = get_object_or_404(round_queries.rounds_visible_to(request.acting), pk=pk)
    moved = operations.move_on(
        round=found, from_stage=request.POST.get("stage", ""), actor=request.acting, now=request.now
    )
    messages.success(request, _("现在的阶段：%(stage)s。") % {"stage": moved.get_stage_display()})
    return redirect("round")


@may("assessment.run")
@require_POST
def round_publication(request: Request, pk: int) -> HttpResponseBase:
    """Ask for the final result to be published; another person decides."""
    found = get_object_or_404(round_queries.rounds_visible_to(request.acting), pk=pk)
    operations.ask_round_publication(
        round=found, reason=request.POST.get("reason", ""), actor=request.acting, now=request.now
    )
    messages.success(request, _("已提出公布申请，须由另一人批准后公布。"))
    return redirect("round")


@may("assessment.run")
@require_POST
def round_days(request: Request, pk: int) -> HttpResponseBase:
    """Move a day of the round, or ask that it be moved."""
    found = get_object_or_404(round_queries.rounds_visible_to(request.acting), pk=pk)
    given = valid(MovedDayForm(request.POST))
    moved = operations.move_day(round=found, actor=request.acting, now=request.now, **given)
    if isinstance(moved, RoundChange):
        messages.success(request, _("日期已调整，各单位会看到理由。"))
    else:
        messages.success(request, _("已提出申请，须由另一人批准后调整。"))
    return redirect("round")


@may("assessment.run")
@require_POST
def round_cancellation(request: Request, pk: int) -> HttpResponseBase:
    """Ask that the round be cancelled; another person decides."""
    found = get_object_or_404(round_queries.rounds_visible_to(request.acting), pk=pk)
    given = valid(ReasonForm(request.POST))
    operations.ask_cancellation(round=found, actor=request.acting, now=request.now, **given)
    messages.success(request, _("已提出取消申请，须由另一人批准后取消。"))
    return redirect("round")
