"""Scores: the table of a run, one score with its arithmetic, one line with its rows; marks and facts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Approval
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.assessment import operations, queries, rules
from guantong.assessment.models import ConfirmedFact, Mark, Publication, Run, Score, Side
from guantong.assessment.operations import PUBLISH
from guantong.assessment.tasks import compute_scores
from guantong.assessment.views import tabs as room_tabs
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle, cycles_visible_to
from guantong.obligations.forms import DAY
from guantong.organisation.models import Unit
from guantong.ui.forms import first_error
from guantong.ui.tables import Column, Listing

GRADE_NAMES = {
    "excellent": gettext_lazy("优秀"),
    "good": gettext_lazy("良好"),
    "pass": gettext_lazy("合格"),
    "fail": gettext_lazy("不合格"),
}
GRADE_TONES = {"excellent": "good", "good": "info", "pass": "", "fail": "bad"}
COLUMNS = [
    Column("rank", gettext_lazy("位次"), ("rank",), is_number=True),
    Column("unit", gettext_lazy("考核对象"), ("unit__path",)),
    Column("total", gettext_lazy("得分"), ("total",), is_number=True),
    Column("grade", gettext_lazy("等次")),
]


class RunForm(forms.Form):
    as_of = forms.DateField(label=gettext_lazy("计分截至"), widget=DAY)


class MarkForm(forms.Form):
    indicator = forms.CharField(widget=forms.HiddenInput)
    value = forms.DecimalField(
        label=gettext_lazy("评分"), min_value=Decimal(0), max_digits=7, decimal_places=2
    )
    reason = forms.CharField(label=gettext_lazy("评分理由"), max_length=500)


class FactForm(forms.Form):
    side = forms.ChoiceField(label=gettext_lazy("类别"), choices=Side.choices)
    kind = forms.CharField(max_length=60, widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("事项"), max_length=500)
    basis = forms.CharField(
        label=gettext_lazy("依据"), help_text=gettext_lazy("文号、通报或核查记录。"), max_length=300
    )


def grade_name(grade: str) -> object:
    return GRADE_NAMES.get(grade, grade)


@may("business.read")
@require_GET
def scores(request: Request) -> HttpResponse:
    """The latest run of the cycle, card by card."""
    cycle = current_cycle(request.acting, on=request.today)
    run = queries.run_shown_to(request.acting, cycle) if cycle else None
    cards = list(cycle.package.scorecards) if cycle else []
    chosen = next((card for card in cards if card.id == request.GET.get("card")), cards[0] if cards else None)
    visible = queries.scores_visible_to(request.acting).filter(run=run, scorecard=chosen.id if chosen else "")
    listing = Listing.of(visible, request.GET, COLUMNS, id="scores", sort="rank")
    for score in listing:
        score.grade_name, score.grade_tone = grade_name(score.grade), GRADE_TONES.get(score.grade, "")
    counts: dict[str, int] = {}
    if run:
        for name in (
            queries.scores_visible_to(request.acting).filter(run=run).values_list("scorecard", flat=True)
        ):
            counts[name] = counts.get(name, 0) + 1
    tabs = [
        {
            "label": card_name(card.of, cycle),
            "url": f"?card={card.id}",
            "current": card is chosen,
            "count": counts.get(card.id, 0),
        }
        for card in cards
        if cycle
    ]
    context = {
        "cycle": cycle,
        "run": run,
        "listing": listing,
        "room_tabs": room_tabs(request, "scores"),
        "tabs": tabs,
        "ranked": bool(chosen and chosen.grades and chosen.ranked),
        "run_form": RunForm(initial={"as_of": request.today}),
        "may_run": bool(cycle and rules.may_run(request.acting, cycle)),
        "publication": Publication.objects.filter(run=run).first() if run else None,
        "waiting": Approval.objects.filter(kind=PUBLISH, object_ref=run.pk, granted=None).exists()
        if run
        else False,
    }
    return render(request, "assessment/scores.html", context)


@may("assessment.run")
@require_POST
def publication(request: Request, pk: int) -> HttpResponseBase:
    """Ask for a run to be published; another person decides."""
    run = get_object_or_404(Run.objects.filter(cycle__in=cycles_visible_to(request.acting)), pk=pk)
    operations.ask_publication(
        run=run, reason=request.POST.get("reason", ""), actor=request.acting, now=request.now
    )
    messages.success(request, _("已提出公布申请，须由另一人批准后公布。"))
    return redirect("scores")


def card_name(of: dict[str, Any], cycle: Cycle) -> str:
    """What a scorecard is for, in words of its package."""
    if of.get("kind"):
        kind = next(
            (str(each.name) for each in cycle.package.unit_kinds if each.id == of["kind"]), str(of["kind"])
        )
        levels = [str(each.name) for each in cycle.package.levels if each.id in (of.get("levels") or [])]
        return f"{kind}（{'、'.join(levels)}）" if levels else kind
    seats = of.get("offices") or [of.get("office")]
    return "、".join(str(cycle.package.seat(str(seat)).name) for seat in seats)


@may("assessment.run")
@require_POST
def runs(request: Request, pk: int) -> HttpResponseBase:
    """Ask for a run; the worker computes it."""
    cycle = get_object_or_404(cycles_visible_to(request.acting), pk=pk)
    form = RunForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    as_of: dt.date = form.cleaned_data["as_of"]
    if not rules.may_run(request.acting, cycle):
        raise Refusal(_("计分由考核或统筹协调单位进行。"))
    assert request.acting.person is not None
    assert request.acting.office is not None
    compute_scores.enqueue(cycle.pk, as_of.isoformat(), request.acting.person.pk, request.acting.office.pk)
    messages.success(request, _("已开始计分，稍后刷新即可看到结果。"))
    return redirect("scores")


@may("business.read")
@require_GET
def score(request: Request, pk: int) -> HttpResponse:
    """One score: every line with the formula and the numbers in it."""
    found: Score = get_object_or_404(queries.scores_visible_to(request.acting), pk=pk)
    lines = list(found.lines.all())
    cycle = found.run.cycle
    may_mark = rules.may_mark(request.acting, cycle, found.unit) and found.office_id is None
    markable = []
    if may_mark:
        for line in lines:
            scale = rules.mark_scale(cycle, line.indicator)
            if scale is not None:
                markable.append(
                    {"line": line, "scale": scale, "form": MarkForm(initial={"indicator": line.indicator})}
                )
    kinds = [
        {"side": side, "kind": kind, "label": label}
        for side, label in Side.choices
        for kind in rules.fact_kinds(cycle, side)
    ]
    context = {
        "score": found,
        "run": found.run,
        "cycle": cycle,
        "lines": lines,
        "grade_name": grade_name(found.grade),
        "grade_tone": GRADE_TONES.get(found.grade, ""),
        "markable": markable,
        "fact_kinds": kinds if may_mark else [],
        "fact_form": FactForm(),
        "facts": ConfirmedFact.objects.filter(cycle=cycle, unit=found.unit).select_related("confirmed_by"),
        "marks": Mark.objects.filter(cycle=cycle, unit=found.unit, replaced=False).select_related(
            "marked_by"
        ),
        "name": card_name(next(c.of for c in cycle.package.scorecards if c.id == found.scorecard), cycle),
    }
    return render(request, "assessment/score.html", context)


@may("business.read")
@require_GET
def score_line(request: Request, pk: int) -> HttpResponse:
    """The rows behind one number, those counted and those not."""
    line = get_object_or_404(queries.lines_visible_to(request.acting), pk=pk)
    side = {"yes": True, "no": False}.get(request.GET.get("counted", ""))
    families = []
    for family, rows in queries.rows_behind(line, counted=side).items():
        families.append({"family": family, "listing": Listing.of(rows, request.GET, [], id=family, sort="")})
    total = line.provenance.count()
    counted = line.provenance.filter(counted=True).count()
    tabs = [
        {"label": _("全部"), "url": "?", "current": side is None, "count": total},
        {"label": _("计入分子"), "url": "?counted=yes", "current": side is True, "count": counted},
        {"label": _("未计入分子"), "url": "?counted=no", "current": side is False, "count": total - counted},
    ]
    return render(request, "assessment/line.html", {"line": line, "families": families, "tabs": tabs})


def _unit_and_cycle(request: Request, cycle: int, unit: int) -> tuple[Cycle, Unit]:
    return (
        get_object_or_404(cycles_visible_to(request.acting), pk=cycle),
        get_object_or_404(units_visible_to(request.acting), pk=unit),
    )


@may("assessment.mark")
@require_POST
def marks(request: Request, cycle: int, unit: int) -> HttpResponseBase:
    found, of_unit = _unit_and_cycle(request, cycle, unit)
    form = MarkForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    operations.give_mark(
        cycle=found, unit=of_unit, actor=request.acting, now=request.now, **form.cleaned_data
    )
    messages.success(request, _("评分已保存，下次计分时生效。"))
    return _back_to_score(found, of_unit)


@may("assessment.mark")
@require_POST
def facts(request: Request, cycle: int, unit: int) -> HttpResponseBase:
    found, of_unit = _unit_and_cycle(request, cycle, unit)
    form = FactForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    operations.confirm_fact(
        cycle=found, unit=of_unit, actor=request.acting, now=request.now, **form.cleaned_data
    )
    messages.success(request, _("事项已确认，下次计分时生效。"))
    return _back_to_score(found, of_unit)


def _back_to_score(cycle: Cycle, unit: Unit) -> HttpResponseBase:
    run = queries.latest_run(cycle)
    score = Score.objects.filter(run=run, unit=unit, office=None).first() if run else None
    return redirect("score", pk=score.pk) if score else redirect("scores")
