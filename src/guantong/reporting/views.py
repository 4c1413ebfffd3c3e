"""The board and everything it opens to: elements, units, obligations, records – and back up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.assessment.queries import lines_visible_to, run_shown_to, scores_visible_to
from guantong.duties.models import DutyList
from guantong.grassroots.queries import coverage as coverage_of
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import cycles_visible_to
from guantong.obligations.choices import Light, State
from guantong.obligations.models import Obligation
from guantong.obligations.queries import (
    in_subtree,
    obligations_a_record_may_fulfil,
    obligations_fed_by,
    obligations_visible_to,
)
from guantong.obligations.views import address_of
from guantong.organisation.models import Unit
from guantong.records.queries import records_visible_to
from guantong.reporting import board as boards
from guantong.reporting.uplinks import board_figures, score_lines_fed
from guantong.ui.tables import Column, Listing


def board_url(cycle: Cycle, unit: Unit, pillar: str = "") -> str:
    if pillar:
        return reverse("board-element", args=[cycle.pk, unit.pk, pillar])
    return reverse("board", args=[cycle.pk, unit.pk])


def board_context(request: Request, cycle: Cycle, unit: Unit) -> dict[str, Any]:
    """The board as the templates want it: tiers of cells with links."""
    shown = boards.board(cycle, unit, on=request.today)
    tiers = [
        {"name": tier.name, "cells": [_cell(cycle, unit, cell) for cell in tier.cells]}
        for tier in shown.tiers
    ]
    totals = boards.Tallied()
    for cell in shown.cells:
        totals.done += cell.tally.done
        totals.waiting += cell.tally.waiting
        totals.lights.update(cell.tally.lights)
    return {
        "cycle": cycle,
        "unit": unit,
        "tiers": tiers,
        "totals": totals,
        "counted_at": _counted_at(request, shown),
        "total_urls": {
            "done": address_of(cycle=cycle.pk, unit=unit.pk, state=State.FULFILLED),
            "red": address_of(cycle=cycle.pk, unit=unit.pk, light=Light.RED),
            "yellow": address_of(cycle=cycle.pk, unit=unit.pk, light=Light.YELLOW),
            "blue": address_of(cycle=cycle.pk, unit=unit.pk, light=Light.BLUE),
            "waiting": address_of(cycle=cycle.pk, unit=unit.pk, state=State.CLAIMED),
        },
    }


def _counted_at(request: Request, shown: boards.Board) -> dt.datetime | None:
    """When the tallies were last counted, for whoever sees the whole cycle: it tells that somebody did something."""
    return shown.counted_at if request.acting.sees(shown.cycle.unit.path) else None


def _cell(cycle: Cycle, unit: Unit, cell: boards.Cell) -> dict[str, Any]:
    tally = cell.tally
    figure = tally.percent
    detail = _("已完成 %(done)s / 应完成 %(counted)s") % {"done": tally.done, "counted": tally.counted}
    if not tally.counted:
        detail = _("尚无到期事项") if tally.total else _("没有期限事项")
    if cell.coverage and not tally.counted:
        covered = cell.coverage[0]
        if covered.due:
            tenths = covered.done * 1000 // covered.due
            figure = str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
            detail = _("已覆盖 %(done)s / 应覆盖 %(due)s") % {"done": covered.done, "due": covered.due}
    elif cell.coverage:
        covered = cell.coverage[0]
        detail += " · " + _("覆盖 %(done)s/%(due)s") % {"done": covered.done, "due": covered.due}
    return {
        "name": cell.name,
        "url": board_url(cycle, unit, cell.pillar),
        "figure": figure,
        "unit": "%" if figure is not None else "",
        "detail": detail,
        "lights": tally.light_counts,
        "trend": cell.trend,
        "trend_label": _("截至各月底累计完成率"),
    }


def _cycle_and_unit(request: Request, cycle: int, unit: int) -> tuple[Cycle, Unit]:
    return (
        get_object_or_404(cycles_visible_to(request.acting).select_related("recount"), pk=cycle),
        get_object_or_404(units_visible_to(request.acting), pk=unit),
    )


def crumbs_for(request: Request, cycle: Cycle, unit: Unit) -> list[dict[str, str]]:
    """The units above within sight, each to its board."""
    return [
        {"label": str(each), "url": board_url(cycle, each)}
        for each in unit.ancestors()
        if request.acting.sees(each.path) and each.path.startswith(cycle.unit.path)
    ]


@may("business.read")
@require_GET
def board(request: Request, cycle: int, unit: int) -> HttpResponse:
    """The board of one unit's subtree, and the units below it."""
    found, of_unit = _cycle_and_unit(request, cycle, unit)
    context = board_context(request, found, of_unit)
    context["crumbs"] = crumbs_for(request, found, of_unit)
    context["rows"] = _unit_rows(found, boards.units_under(found, of_unit), pillar="")
    return render(request, "reporting/board.html", context)


@may("business.read")
@require_GET
def light_matrix(request: Request, cycle: int, unit: int) -> HttpResponse:
    """The units below against the elements: where it is red, and how red."""
    found, of_unit = _cycle_and_unit(request, cycle, unit)
    pillars = [pillar for tier in found.package.tiers for pillar in tier.pillars]
    rows = [
        {
            "unit": row.unit,
            "url": reverse("light-matrix", args=[found.pk, row.unit.pk]),
            "is_own": row.unit.pk == of_unit.pk,
            "cells": [_matrix_cell(found, row, pillar.id, str(pillar.name)) for pillar in pillars],
        }
        for row in boards.matrix(found, of_unit)
    ]
    context = {
        "cycle": found,
        "unit": of_unit,
        "tiers": [{"name": tier.name, "n": len(tier.pillars)} for tier in found.package.tiers],
        "pillars": pillars,
        "legend": [Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN, Light.GREY],
        "rows": rows,
        "crumbs": [
            {"label": str(each), "url": reverse("light-matrix", args=[found.pk, each.pk])}
            for each in of_unit.ancestors()
            if request.acting.sees(each.path) and each.path.startswith(found.unit.path)
        ],
    }
    return render(request, "reporting/light_matrix.html", context)


def _matrix_cell(cycle: Cycle, row: boards.MatrixRow, pillar: str, name: str) -> dict[str, Any]:
    tally = row.cells[pillar]
    return {
        "name": name,
        "tally": tally,
        "light": tally.worst,
        "words": f"{Light(tally.worst).label} {tally.lights[tally.worst]}",
        "url": address_of(cycle=cycle.pk, unit=row.unit.pk, pillar=pillar, light=tally.worst),
    }


def _unit_rows(cycle: Cycle, rows: list[boards.UnitRow], *, pillar: str) -> list[dict[str, Any]]:
    return [
        {
            "unit": row.unit,
            "tally": row.tally,
            "url": board_url(cycle, row.unit, pillar),
            "red_url": address_of(cycle=cycle.pk, unit=row.unit.pk, pillar=pillar, light=Light.RED),
            "done_url": address_of(cycle=cycle.pk, unit=row.unit.pk, pillar=pillar, state=State.FULFILLED),
            "counted_url": address_of(cycle=cycle.pk, unit=row.unit.pk, pillar=pillar, counted="yes"),
        }
        for row in rows
    ]


@may("business.read")
@require_GET
def element(request: Request, cycle: int, unit: int, pillar: str) -> HttpResponse:
    """One element: its figure with numerator and denominator, the units below, and what is red first."""
    found, of_unit = _cycle_and_unit(request, cycle, unit)
    known = {each.id: each for tier in found.package.tiers for each in tier.pillars}
    if pillar not in known:
        return HttpResponse(status=404)
    shown = boards.board(found, of_unit, on=request.today)
    cell = next(each for each in shown.cells if each.pillar == pillar)
    urgent = (
        in_subtree(Obligation.objects.filter(cycle=found), of_unit.path)
        .filter(pillar=pillar, light__in=[Light.RED, Light.YELLOW])
        .select_related("unit")
        .order_by("due_on", "pk")[:20]
    )
    rules = {rule.id: rule for rule in found.package.coverage}
    context = {
        "cycle": found,
        "unit": of_unit,
        "pillar": pillar,
        "name": cell.name,
        "cell": cell,
        "urgent": urgent,
        "rows": _unit_rows(found, boards.units_under(found, of_unit, pillar=pillar), pillar=pillar),
        "crumbs": [
            *crumbs_for(request, found, of_unit),
            {"label": str(of_unit), "url": board_url(found, of_unit)},
        ],
        "urls": {
            "done": address_of(cycle=found.pk, unit=of_unit.pk, pillar=pillar, state=State.FULFILLED),
            "counted": address_of(cycle=found.pk, unit=of_unit.pk, pillar=pillar, counted="yes"),
            "all": address_of(cycle=found.pk, unit=of_unit.pk, pillar=pillar),
        },
        "light_urls": {
            light: address_of(cycle=found.pk, unit=of_unit.pk, pillar=pillar, light=light)
            for light in Light.values
        },
        "coverage": [
            {
                "value": each.done,
                "title": coverage_title(found, each.rule),
                "detail": _("应覆盖 %(n)s 个") % {"n": each.due},
                "url": reverse("coverage", args=[found.pk, of_unit.pk, each.rule]),
            }
            for each in cell.coverage
            if each.rule in rules
        ],
        "trend_series": [(_("完成率"), cell.trend)],
        "months": [str(month) for month in range(1, len(cell.trend) + 1)],
        "counted_at": _counted_at(request, shown),
    }
    return render(request, "reporting/element.html", context)


@may("business.read")
@require_GET
def unit_page(request: Request, cycle: int, unit: int) -> HttpResponse:
    """A unit of its own: its list, its elements, its score, what it owes next."""
    found, of_unit = _cycle_and_unit(request, cycle, unit)
    counts = boards.pillar_counts(found, of_unit)
    elements = [
        {
            "name": pillar.name,
            "tally": counts[pillar.id],
            "url": board_url(found, of_unit, pillar.id),
        }
        for tier in found.package.tiers
        for pillar in tier.pillars
        if pillar.id in counts
    ]
    owed = (
        obligations_visible_to(request.acting)
        .filter(cycle=found, unit=of_unit)
        .exclude(state__in=[State.FULFILLED, State.CANCELLED, State.EXCUSED])
        .select_related("office")
        .order_by("due_on", "pk")[:20]
    )
    run = run_shown_to(request.acting, found)
    score = (
        scores_visible_to(request.acting).filter(run=run, unit=of_unit, office=None).first() if run else None
    )
    context = {
        "cycle": found,
        "unit": of_unit,
        "crumbs": crumbs_for(request, found, of_unit),
        "elements": elements,
        "owed": owed,
        "score": score,
        "duty_list": DutyList.objects.filter(cycle=found, unit=of_unit).first(),
        "offices": of_unit.offices.filter(closed_on=None).order_by("pk"),
        "records": records_visible_to(request.acting)
        .filter(unit=of_unit)
        .order_by("-happened_on", "-pk")[:10],
        "all_url": address_of(cycle=found.pk, unit=of_unit.pk),
    }
    return render(request, "reporting/unit.html", context)


@may("business.read")
@require_GET
def coverage(request: Request, cycle: int, unit: int, rule: str) -> HttpResponse:
    """Which units a coverage rule finds covered, gaps first."""
    found, of_unit = _cycle_and_unit(request, cycle, unit)
    known = {each.id: each for each in found.package.coverage}
    if rule not in known:
        return HttpResponse(status=404)
    lines = [
        line
        for line in coverage_of(found, known[rule], on=request.today)
        if line.unit.path.startswith(of_unit.path)
    ]
    lines.sort(key=lambda line: (line.is_met, line.unit.path))
    columns = [
        Column("unit", _("单位")),
        Column("needs", _("应有"), is_number=True),
        Column("has", _("现有"), is_number=True),
        Column("met", _("状态")),
    ]
    listing = Listing.of(lines, request.GET, columns, id="coverage")
    context = {
        "cycle": found,
        "unit": of_unit,
        "rule": known[rule],
        "title": coverage_title(found, rule),
        "listing": listing,
        "met": sum(line.is_met for line in lines),
        "needed": len(lines),
        "crumbs": [
            *crumbs_for(request, found, of_unit),
            {"label": str(of_unit), "url": board_url(found, of_unit)},
        ],
    }
    return render(request, "reporting/coverage.html", context)


def coverage_title(cycle: Cycle, rule_id: str) -> str:
    """What a coverage rule asks for, in words of the package."""
    rule = next(each for each in cycle.package.coverage if each.id == rule_id)
    if rule.needs_office:
        return _("%(what)s覆盖") % {"what": cycle.package.seat(rule.needs_office).name}
    if rule.needs_facility:
        name = next(
            (str(each.name) for each in cycle.package.unit_kinds if each.id == rule.needs_facility), ""
        )
        return _("%(what)s覆盖") % {"what": name}
    return rule.id


@may("business.read")
@require_GET
def record(request: Request, pk: int) -> HttpResponse:
    """One record, what it fulfils, and every figure it feeds."""
    found = get_object_or_404(records_visible_to(request.acting), pk=pk)
    fed = list(obligations_fed_by(found).select_related("cycle__stored", "cycle__unit"))
    path = request.acting.scope_path if isinstance(request.acting, Acting) else ""
    seen = [each for each in fed if request.acting.sees(each.unit_path)]
    proposed: list[Obligation] = []
    if request.acting.office and request.acting.office.unit_id == found.unit_id:
        proposed = obligations_a_record_may_fulfil(
            kind=found.kind, happened_on=found.happened_on, office=request.acting.office
        )
        proposed = [each for each in proposed if each.pk not in {done.pk for done in fed}]
    context = {
        "record": found,
        "participations": found.participations.select_related("office").order_by("pk"),
        "evidence": list(found.evidence.select_related("file").order_by("pk")),
        "fed": seen,
        "figures": [
            {"figure": figure, "url": board_url(figure.cycle, figure.unit, figure.pillar)}
            for figure in board_figures(seen, visible_path=path)
        ],
        "lines": score_lines_fed(seen, visible=lines_visible_to(request.acting)),
        "items": [
            {"value": each.pk, "label": str(each), "detail": each.due_on, "light": each.light}
            for each in proposed
        ],
    }
    return render(request, "reporting/record.html", context)
