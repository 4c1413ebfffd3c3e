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
from guantong.assessment import operations, queries, round_queries, round_rules, rules
from guantong.assessment.models import Score
from guantong.assessment.round_forms import RoundForm
from guantong.assessment.views import tabs
from guantong.assessment.views.round_parts import (
    own_part,
    own_vetoes,
    stages_of,
    unit_context,
    usual_days,
    whole,
)
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle, cycles_visible_to
from guantong.ui.forms import first_error
from guantong.ui.tables import Listing


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
        context |= {"stages": stages_of(found)} | own_part(request, found)
        if round_rules.may_take_part(request.acting, found):
            context |= whole(request, found)
    return render(request, "assessment/round.html", context)


@may("assessment.review")
@require_GET
def round_unit(request: Request, round: int, unit: int) -> HttpResponse:
    """One unit's lines for whoever reviews them or decides its appeals."""
    found = get_object_or_404(round_queries.rounds_visible_to(request.acting), pk=round)
    scored = Score.objects.filter(run=found.prefilled_id, office=None).values("unit")
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
    side = {"yes": True, "no": False}.get(request.GET.get("counted", ""))
    families = [
        {"family": family, "listing": Listing.of(rows.order_by("pk"), request.GET, [], id=family, sort="")}
        for family, rows in queries.rows_behind(line, counted=side).items()
    ]
    total = line.provenance.count()
    counted = line.provenance.filter(counted=True).count()
    sides = [
        {"label": _("全部"), "url": "?", "current": side is None, "count": total},
        {"label": _("计入分子"), "url": "?counted=yes", "current": side is True, "count": counted},
        {"label": _("未计入分子"), "url": "?counted=no", "current": side is False, "count": total - counted},
    ]
    return render(request, "assessment/round_line.html", {"line": line, "families": families, "tabs": sides})


@may("assessment.run")
@require_POST
def rounds(request: Request, pk: int) -> HttpResponseBase:
    """Open the round of a cycle."""
    cycle = get_object_or_404(cycles_visible_to(request.acting), pk=pk)
    form = RoundForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    operations.open_round(cycle=cycle, actor=request.acting, now=request.now, **form.cleaned_data)
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
