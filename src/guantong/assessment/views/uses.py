"""What a published result changed, and what is made of it: next year's list, the duty report, the circular."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.assessment import operations, rules, use_queries
from guantong.assessment.models import Publication, Run
from guantong.assessment.round_forms import CorrectionForm
from guantong.assessment.standing import GRADE_TONES, grade_name, standings_of
from guantong.assessment.use_queries import Consequence
from guantong.assessment.views import tabs
from guantong.kernel.decimals import plain
from guantong.mechanisms.package import Reward
from guantong.mechanisms.queries import current_cycle
from guantong.ui.forms import valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("unit", gettext_lazy("考核对象")),
    Column("total", gettext_lazy("得分"), is_number=True),
    Column("grade", gettext_lazy("等次")),
    Column("before", gettext_lazy("上次")),
    Column("follows", gettext_lazy("随之而来")),
    Column("weak", gettext_lazy("薄弱项"), is_number=True),
]
SHARES = (50, 60, 70, 80)


@may("business.read")
@require_GET
def result_uses(request: Request) -> HttpResponse:
    """The newest published result, or the one asked for: what it changed for whom."""
    cycle = current_cycle(request.acting, on=request.today)
    context: dict[str, Any] = {"cycle": cycle, "room_tabs": tabs(request, "result-uses")}
    publication = _chosen(request) or (
        use_queries.newest_publication(request.acting, cycle) if cycle else None
    )
    if publication:
        share = _share(request.GET.get("below", ""))
        previous = use_queries.previous_of(publication, request.acting)
        found = use_queries.consequences(
            publication, request.acting, share=Decimal(share) / 100, previous=previous
        )
        context |= _changed(request, publication, found, share) | _against(previous, found)
    return render(request, "assessment/uses.html", context)


def _chosen(request: Request) -> Publication | None:
    asked = request.GET.get("publication", "")
    if not asked.isdecimal() or len(asked) > 17:
        return None
    return get_object_or_404(use_queries.publications_visible_to(request.acting), pk=int(asked))


def _share(asked: str) -> int:
    return int(asked) if asked.isdecimal() and int(asked[:3]) in SHARES else 60


def _changed(
    request: Request, publication: Publication, found: Sequence[Consequence], share: int
) -> dict[str, Any]:
    run = publication.run
    versions = use_queries.versions_of(publication)
    newest = versions[-1].pk == publication.pk
    may_correct = newest and rules.may_run(request.acting, run.cycle)
    rows = [_row(each) for each in found]
    return {
        "publication": publication,
        "run": run,
        "cycle": run.cycle,
        "versions": list(enumerate(versions, start=1)) if len(versions) > 1 else [],
        "is_newest": newest,
        "newest": versions[-1],
        "listing": Listing.of(rows, request.GET, COLUMNS, id="uses"),
        "weak": [
            {
                "value": line.pk,
                "label": f"{each.score.unit} · {line.title}",
                "detail": _("得 %(points)s 分，满分 %(weight)s")
                % {"points": two_places(line.points), "weight": plain(line.weight or Decimal(0))},
            }
            for each in found
            for line in each.weak
        ],
        "shares": [
            {
                "label": _("低于满分的 %(n)s%%") % {"n": each},
                "url": f"?publication={publication.pk}&below={each}",
                "current": each == share,
            }
            for each in SHARES
        ],
        "good": [each for each in rows if each["standing"] == "good"],
        "needs_work": [each for each in rows if each["standing"] == "needs_work"],
        "corrections": _newer_runs(publication) if may_correct else [],
        "may_correct": may_correct,
    }


def _against(previous: Publication | None, found: Sequence[Consequence]) -> dict[str, Any]:
    """How many grades went up and down since the result before; nothing where there is none."""
    if previous is None:
        return {}
    graded = [each for each in found if each.score.grade and each.before and each.before.grade]
    return {
        "previous": previous,
        "raised": sum(each.moved > 0 for each in graded),
        "lowered": sum(each.moved < 0 for each in graded),
        "kept": sum(each.moved == 0 for each in graded),
    }


def _newer_runs(publication: Publication) -> list[Run]:
    """Runs that could take the published one's place, newest first."""
    run = publication.run
    newer = Run.objects.filter(cycle=run.cycle_id, computed_at__gt=run.computed_at, publication__isnull=True)
    return list(newer.order_by("-computed_at")[:10])


def _row(each: Consequence) -> dict[str, Any]:
    return {
        "score": each.score,
        "grade_name": grade_name(each.score.grade),
        "tone": GRADE_TONES.get(each.score.grade, ""),
        "rewards": [reward_in_words(reward) for reward in each.rewards],
        "weak": each.weak,
        "standing": each.standing,
        "before": each.before,
        "before_grade": grade_name(each.before.grade) if each.before else "",
        "before_tone": GRADE_TONES.get(each.before.grade, "") if each.before else "",
        "moved": each.moved,
    }


def reward_in_words(reward: Reward) -> str:
    """A reward of the package: its name there, and how many places it has."""
    if not reward.slots:
        return str(reward.name)
    slots = "—".join(plain(each) for each in reward.slots)
    return _("%(name)s（名额 %(n)s）") % {"name": reward.name, "n": slots}


def two_places(points: Decimal | None) -> str:
    return "—" if points is None else plain(points.quantize(Decimal("0.01")))


@may("business.read")
@require_GET
def next_year_list(request: Request) -> HttpResponse:
    """The ticked proposals as a list that can be printed. Nothing is kept: the list is decided on paper."""
    lines = list(use_queries.published_lines(request.acting, request.GET.getlist("line")[:500]))
    years = {each.score.run.cycle.year for each in lines}
    context = {"lines": lines, "year": max(years) + 1 if years else None}
    return render(request, "assessment/uses_list.html", context)


@may("business.read")
@require_GET
def unit_results(request: Request, pk: int) -> HttpResponse:
    """One unit: sentences for its duty report, each with its source, and its results over the years."""
    unit = get_object_or_404(units_visible_to(request.acting), pk=pk)
    history = use_queries.history_of(unit, request.acting)
    shown = None
    if history:
        shown = use_queries.publications_visible_to(request.acting).filter(run=history[0].run_id).first()
    found = use_queries.consequences(shown, request.acting, unit=unit) if shown else []
    context = {
        "unit": unit,
        "publication": shown,
        "sentences": [sentence for each in found for sentence in sentences_of(each)],
        "found": [_row(each) for each in found],
        "history": standings_of(history),
    }
    return render(request, "assessment/uses_unit.html", context)


def sentences_of(each: Consequence) -> list[dict[str, str]]:
    """What the duty report can say, line by line, with the address of the rows it rests on."""
    score = each.score
    told = {
        "year": score.run.cycle.year,
        "day": score.run.as_of,
        "total": score.total,
        "grade": grade_name(score.grade),
    }
    head = (
        _("%(year)s 年度考核（计分截至 %(day)s）得 %(total)s 分，等次为%(grade)s。")
        if score.grade
        else _("%(year)s 年度考核（计分截至 %(day)s）得 %(total)s 分。")
    )
    sentences = []
    if score.total is not None:
        sentences.append({"text": head % told, "url": reverse("score", args=[score.pk])})
    for line in each.lines:
        if line.points is None or line.weight is None:
            continue
        text = _("%(title)s得 %(points)s 分（满分 %(weight)s）。") % {
            "title": line.title,
            "points": two_places(line.points),
            "weight": plain(line.weight),
        }
        sentences.append({"text": text, "url": reverse("score-line", args=[line.pk])})
    return sentences


@may("assessment.run")
@require_POST
def corrections(request: Request, pk: int) -> HttpResponseBase:
    """Ask that a newer run take the place of a published one."""
    found = get_object_or_404(use_queries.publications_visible_to(request.acting), pk=pk)
    given = valid(CorrectionForm(request.POST))
    run = get_object_or_404(Run.objects.filter(cycle=found.run.cycle_id), pk=given["run"])
    operations.ask_correction(
        publication=found,
        run=run,
        reason=given["reason"],
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已提出更正申请，须由另一人批准后公布。"))
    return redirect("result-uses")
