"""Scores: the table of a run, one score with its arithmetic, one line with its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.models import Approval
from guantong.accounts.policies import may
from guantong.assessment import queries, rules, standing
from guantong.assessment.groups import is_ranked
from guantong.assessment.models import ConfirmedFact, Mark, Publication, Run, Score, ScoreLine
from guantong.assessment.operations import PUBLISH
from guantong.assessment.standing import grade_name as grade_name
from guantong.assessment.standing import group_name, standings_of, too_few
from guantong.assessment.views import tabs as room_tabs
from guantong.assessment.views.marks import to_mark
from guantong.mechanisms.package import Package, Scorecard
from guantong.mechanisms.queries import current_cycle
from guantong.ui.tables import SORT, Column, Listing

UNIT = Column("unit", gettext_lazy("考核对象"), ("unit__path",))
TOTAL = Column("total", gettext_lazy("得分"), ("total",), is_number=True)
INTERVAL = Column("interval", gettext_lazy("区间"), is_number=True)
RANKED = [
    UNIT,
    Column("rank", gettext_lazy("位次"), is_number=True),
    TOTAL,
    INTERVAL,
    Column("band", gettext_lazy("分档"), is_number=True),
    Column("grade", gettext_lazy("等次")),
]
GROUP = Column("group", gettext_lazy("可比组"))
FACTS = [UNIT, TOTAL, INTERVAL]
REST = "rest"  # how an address names those in no group


@may("business.read")
@require_GET
def scores(request: Request) -> HttpResponse:
    """The latest run of the cycle, card by card, each score beside those it may be compared with."""
    cycle = current_cycle(request.acting, on=request.today)
    run = queries.run_shown_to(request.acting, cycle) if cycle else None
    if run and cycle:
        run.cycle = cycle  # the same row, read once
    context: dict[str, Any] = {
        "cycle": cycle,
        "run": run,
        "room_tabs": room_tabs(request, "scores"),
        "may_run": bool(cycle and rules.may_run(request.acting, cycle)),
    }
    if cycle:
        package = queries.package_of(run) if run else cycle.package
        context |= _card_shown(request, run, package)
    if run:
        context |= _publication_of(run)
    return render(request, "assessment/scores.html", context)


def _card_shown(request: Request, run: Run | None, package: Package) -> dict[str, Any]:
    cards = package.scorecards
    card = next((each for each in cards if each.id == request.GET.get("card")), cards[0] if cards else None)
    visible = queries.scores_visible_to(request.acting).filter(run=run)
    counts = dict(visible.order_by().values_list("scorecard").annotate(n=Count("pk")))
    context: dict[str, Any] = {
        "tabs": [
            {
                "label": standing.card_name(each.of, package),
                "url": f"?card={each.id}",
                "current": each is card,
                "count": counts.get(each.id, 0),
            }
            for each in cards
        ]
    }
    if card is None:
        return context
    return context | _listed(request, visible.filter(scorecard=card.id), card)


def _listed(request: Request, of_card: QuerySet[Score], card: Scorecard) -> dict[str, Any]:
    ranked = is_ranked(card)
    groups = sorted(set(of_card.order_by().values_list("group", flat=True)), key=_order_of(card))
    wanted = request.GET.get("group", "")
    shown = of_card.filter(group="" if wanted == REST else wanted) if wanted else of_card
    columns = (RANKED + ([GROUP] if len(groups) > 1 else [])) if ranked else FACTS
    if not request.GET.get(SORT):
        best = (F("rank").asc(nulls_last=True), F("total").desc(nulls_last=True)) if ranked else ()
        shown = shown.order_by("group", *best, "unit__path", "office__number", "pk")
    listing = Listing.of(shown, request.GET, columns, id="scores")
    placed = shown.filter(rank__isnull=False).order_by()
    bands = placed.aggregate(n=Count("pk"), bands=Count("band", distinct=True))
    listing.page.object_list = standings_of(list(listing))
    return {
        "listing": listing,
        "card": card,
        "ranked": ranked,
        "has_groups": len(groups) > 1,
        "one_band": bands["n"] if bands["bands"] == 1 and bands["n"] > 1 and len(groups) == 1 else 0,
        "chips": _chips(card, groups, wanted) if len(groups) > 1 else [],
        "unplaced": _unplaced(of_card, card, groups) if ranked else [],
    }


def _order_of(card: Scorecard) -> Any:
    """Groups in the order of the package, those in none last."""
    order = {each.id: at for at, each in enumerate(card.groups)}
    return lambda group: order.get(group, len(order))


def _chips(card: Scorecard, groups: Sequence[str], wanted: str) -> list[dict[str, Any]]:
    every = [("", _("全部"))] + [(each or REST, group_name(card, each)) for each in groups]
    return [
        {
            "label": label,
            "url": f"?card={card.id}" + (f"&group={key}" if key else ""),
            "current": key == wanted,
            "count": None,
        }
        for key, label in every
    ]


def _unplaced(of_card: QuerySet[Score], card: Scorecard, groups: Sequence[str]) -> list[str]:
    """Why nobody of a group has a place, for the groups that are seen."""
    one = of_card.first()
    if one is None:
        return []
    sizes = queries.group_sizes([one])
    said = (
        too_few(group_name(card, each), sizes.get((one.run_id, card.id, each), 0), card.min_n)
        for each in groups
    )
    return [each for each in said if each]


def _publication_of(run: Run) -> dict[str, Any]:
    return {
        "publication": Publication.objects.filter(run=run).first(),
        "waiting": Approval.objects.filter(kind=PUBLISH, object_ref=run.pk, granted=None).exists(),
        "cancelled": queries.cancelled_round_of(run),
    }


@may("business.read")
@require_GET
def score(request: Request, pk: int) -> HttpResponse:
    """One score: every line with the formula and the numbers in it, and how it stands beside others."""
    found: Score = get_object_or_404(queries.scores_visible_to(request.acting), pk=pk)
    lines, package = list(found.lines.all()), queries.package_of(found.run)
    card = package.scorecard(found.scorecard)
    [placed] = standings_of([found])
    context = {
        "score": found,
        "standing": placed,
        "ranked": is_ranked(card),
        "run": found.run,
        "cycle": found.run.cycle,
        "lines": lines,
        "steps": [standing.in_words(each) for each in found.steps],
        "name": standing.card_name(card.of, package),
        **_basis_of(found, package),
        **to_mark(request, found, lines, card),
    }
    return render(request, "assessment/score.html", context)


def _basis_of(score: Score, package: Package) -> dict[str, Any]:
    """Marks and facts in force of whoever is scored, with the names that the package gives them."""
    of = {"cycle": score.run.cycle, "unit": score.unit, "office": score.office}
    marks = Mark.objects.filter(**of, replaced=False).select_related("marked_by").order_by("indicator", "pk")
    titles = {each.id: each.title for each in package.indicators}
    parts = {
        (each.id, part.id): part.name
        for each in package.indicators
        for part in rules.parts_to_mark(score.run.cycle, each.id)
        if part.id
    }
    return {
        "marks": [
            {
                "mark": each,
                "title": titles.get(each.indicator, each.indicator),
                "part": parts.get((each.indicator, each.part), each.part),
            }
            for each in marks
        ],
        "facts": ConfirmedFact.objects.filter(**of).select_related("confirmed_by").order_by("pk"),
    }


@may("business.read")
@require_GET
def score_line(request: Request, pk: int) -> HttpResponse:
    """The rows behind one number, those counted and those not."""
    line = get_object_or_404(queries.lines_visible_to(request.acting), pk=pk)
    return render(request, "assessment/line.html", behind(request, line))


def behind(request: HttpRequest, line: ScoreLine) -> dict[str, Any]:
    """The rows of a line by family, and the tabs that keep those in the numerator or those not in it."""
    side = {"yes": True, "no": False}.get(request.GET.get("counted", ""))
    counts = dict(line.provenance.order_by().values_list("counted").annotate(n=Count("pk")))
    counted, left = counts.get(True, 0), counts.get(False, 0)
    return {
        "line": line,
        "families": [
            {
                "family": family,
                "listing": Listing.of(rows.order_by("pk"), request.GET, [], id=family, sort=""),
            }
            for family, rows in queries.rows_behind(line, counted=side).items()
        ],
        "tabs": [
            {"label": _("全部"), "url": "?", "current": side is None, "count": counted + left},
            {"label": _("计入分子"), "url": "?counted=yes", "current": side is True, "count": counted},
            {"label": _("未计入分子"), "url": "?counted=no", "current": side is False, "count": left},
        ],
    }
