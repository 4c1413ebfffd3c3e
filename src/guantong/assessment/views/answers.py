"""What is said in a round: a unit's self-scores and appeals, and the answers to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.assessment import operations, round_queries
from guantong.assessment.models import Round, ScoreLine
from guantong.assessment.round_forms import AppealDecisionForm, AppealForm, LineReviewForm, StatementForm
from guantong.ui.forms import valid


def _own_line(request: Request, pk: int) -> tuple[Round, ScoreLine]:
    """A line of the own unit, and the round it belongs to."""
    line = get_object_or_404(round_queries.lines_answered_by(request.acting), pk=pk)
    run = line.score.run_id
    rounds = Round.objects.order_by("-pk")
    found = rounds.filter(prefilled=run).first() or rounds.filter(preliminary=run).first()
    return found or get_object_or_404(rounds, final=run), line


def _back(line: ScoreLine) -> HttpResponseBase:
    return redirect(f"{reverse('round')}#line-{line.pk}")


@may("assessment.answer")
@require_POST
def agreements(request: Request, pk: int) -> HttpResponseBase:
    """Agree at once with every prefilled line of the own unit that nobody has spoken of."""
    found = get_object_or_404(round_queries.rounds_visible_to(request.acting), pk=pk)
    assert request.acting.office is not None
    said = operations.agree_with_lines(
        round=found, unit=request.acting.office.unit, actor=request.acting, now=request.now
    )
    messages.success(request, _("已确认 %(n)s 项，自评截止前还可以修改。") % {"n": len(said)})
    return redirect("round")


@may("assessment.answer")
@require_POST
def agreement(request: Request, pk: int) -> HttpResponseBase:
    """Agree with one prefilled line."""
    found, line = _own_line(request, pk)
    operations.agree_with_lines(
        round=found, unit=line.score.unit, lines=[line], actor=request.acting, now=request.now
    )
    return _back(line)


@may("assessment.answer")
@require_POST
def self_score(request: Request, pk: int) -> HttpResponseBase:
    """State other points for one line."""
    found, line = _own_line(request, pk)
    given = valid(StatementForm(request.POST))
    operations.state_points(round=found, line=line, actor=request.acting, now=request.now, **given)
    messages.success(request, _("不同意见已保存，由复核单位答复。"))
    return _back(line)


@may("assessment.review")
@require_POST
def self_score_review(request: Request, pk: int) -> HttpResponseBase:
    """Agree with a self-score, or set points with a reason."""
    stated = get_object_or_404(round_queries.self_scores_reviewable_by(request.acting), pk=pk)
    given = valid(LineReviewForm(request.POST))
    operations.review_self_score(stated=stated, actor=request.acting, now=request.now, **given)
    messages.success(request, _("复核意见已保存，单位会看到。"))
    return redirect("round-unit", stated.round_id, stated.unit_id)


@may("assessment.review")
@require_POST
def self_score_reviews(request: Request, round: int, unit: int) -> HttpResponseBase:
    """Agree at once with every line on which the unit agreed with the prefilled points."""
    found = get_object_or_404(round_queries.rounds_visible_to(request.acting), pk=round)
    scored = round_queries.judged(found, found.prefilled).order_by().values("unit")
    of_unit = get_object_or_404(units_visible_to(request.acting).filter(pk__in=scored), pk=unit)
    done = operations.review_agreed(round=found, unit=of_unit, actor=request.acting, now=request.now)
    messages.success(request, _("已复核 %(n)s 项。") % {"n": len(done)})
    return redirect("round-unit", found.pk, of_unit.pk)


@may("assessment.answer")
@require_POST
def appeals(request: Request, pk: int) -> HttpResponseBase:
    """Dispute one line of the own unit's preliminary result."""
    found, line = _own_line(request, pk)
    given = valid(AppealForm(request.POST))
    appeal = operations.appeal_line(round=found, line=line, actor=request.acting, now=request.now, **given)
    messages.success(request, _("申诉已提交，应于 %(day)s 前答复。") % {"day": appeal.answer_by})
    return _back(line)


@may("assessment.review")
@require_POST
def appeal_decision(request: Request, pk: int) -> HttpResponseBase:
    """Answer an appeal, with reasons."""
    appeal = get_object_or_404(round_queries.appeals_reviewable_by(request.acting), pk=pk)
    given = valid(AppealDecisionForm(request.POST))
    operations.decide_appeal(appeal=appeal, actor=request.acting, now=request.now, **given)
    messages.success(request, _("申诉已答复，单位会看到理由。"))
    return redirect("round-unit", appeal.round_id, appeal.unit_id)
