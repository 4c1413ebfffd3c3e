"""What assessors type on the page of a score: marks part by part, and confirmed facts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.assessment import operations, queries, rules
from guantong.assessment.mark_forms import FactForm, MarksForm, SubjectForm
from guantong.assessment.models import Score, ScoreLine
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Scorecard
from guantong.mechanisms.queries import cycles_visible_to
from guantong.organisation.models import Unit
from guantong.ui.forms import valid


def to_mark(request: Request, score: Score, lines: list[ScoreLine], card: Scorecard) -> dict[str, Any]:
    """The forms on a score's page; ``unmarkable`` says why there are none for this person."""
    cycle, unit, office = score.run.cycle, score.unit, score.office
    if not rules.may_mark(request.acting, cycle, unit):
        return {}
    human = [each for each in lines if rules.mark_scale(cycle, each.indicator) is not None]
    context: dict[str, Any] = {"fact_kinds": rules.facts_counted(cycle, card)}
    if human and rules.worked_or_reviewed(request.acting, cycle, unit):
        return context | {"unmarkable": _("申报过或审核过该单位事项的人不能给该单位评分，请由其他人评分。")}
    return context | {"markable": [_markable(request, score, line, office) for line in human]}


def _markable(request: Request, score: Score, line: ScoreLine, office: Office | None) -> dict[str, Any]:
    cycle, unit = score.run.cycle, score.unit
    if not rules.may_mark(request.acting, cycle, unit, line.indicator, office=office):
        raters = rules.raters_of(cycle, unit, line.indicator, office=office)
        return {"line": line, "raters": rules.raters_in_words(cycle, raters)}
    in_force = operations.marks_in_force(cycle, unit, line.indicator, actor=request.acting, office=office)
    form = MarksForm(
        rules.parts_to_mark(cycle, line.indicator), {each.part: each for each in in_force.order_by("pk")}
    )
    return {"line": line, "form": form}


@may("assessment.mark")
@require_POST
def marks(request: Request, cycle: int, unit: int) -> HttpResponseBase:
    """Give the marks of one indicator, part by part."""
    found, of_unit = _cycle_and_unit(request, cycle, unit)
    given = valid(SubjectForm(request.POST))
    parts = rules.parts_to_mark(found, given["indicator"])
    if not parts:
        raise Refusal(_("“%(id)s”不是人工评分指标。") % {"id": given["indicator"]})
    form = MarksForm(parts, {}, request.POST)
    valid(form)
    office = _office(of_unit, given["office"])
    operations.give_marks(
        cycle=found,
        unit=of_unit,
        office=office,
        indicator=given["indicator"],
        given=form.given,
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("评分已保存，下次计分时生效。"))
    return _back_to_score(found, of_unit, office)


@may("assessment.mark")
@require_POST
def facts(request: Request, cycle: int, unit: int) -> HttpResponseBase:
    """Confirm a recognition or a finding."""
    found, of_unit = _cycle_and_unit(request, cycle, unit)
    given = valid(FactForm(request.POST))
    office = _office(of_unit, given.pop("office"))
    operations.confirm_fact(
        cycle=found, unit=of_unit, office=office, actor=request.acting, now=request.now, **given
    )
    messages.success(request, _("事项已确认，下次计分时生效。"))
    return _back_to_score(found, of_unit, office)


def _cycle_and_unit(request: Request, cycle: int, unit: int) -> tuple[Cycle, Unit]:
    return (
        get_object_or_404(cycles_visible_to(request.acting), pk=cycle),
        get_object_or_404(units_visible_to(request.acting), pk=unit),
    )


def _office(unit: Unit, wanted: int | None) -> Office | None:
    """A scored office of the unit; none where the unit itself is meant."""
    if wanted is None:
        return None
    return get_object_or_404(Office.objects.filter(unit=unit), pk=wanted)


def _back_to_score(cycle: Cycle, unit: Unit, office: Office | None) -> HttpResponseBase:
    run = queries.latest_run(cycle)
    score = Score.objects.filter(run=run, unit=unit, office=office).first() if run else None
    return redirect("score", pk=score.pk) if score else redirect("scores")
