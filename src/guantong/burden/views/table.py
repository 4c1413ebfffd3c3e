"""Who asks how much of which level, and what a village is asked against the practice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.burden import terms
from guantong.burden.queries import budgets, meter, villages
from guantong.burden.views import cycle_or_404, rows_address, tabs
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.records.queries import records_visible_to
from guantong.ui.tables import Column, Listing

VILLAGE_COLUMNS = [
    Column("unit", _("嘎查村社区"), ("path",)),
    Column("forms", _("全年张数"), (), True),
    Column("fields", _("全年项数"), (), True),
    Column("minutes", _("全年分钟"), (), True),
]
RECORD_COLUMNS = [
    Column("day", _("日期"), ("happened_on",)),
    Column("summary", _("做了什么")),
    Column("unit", _("单位"), ("unit__path",)),
]


@may("business.read")
@require_GET
def table(request: Request) -> HttpResponse:
    """Issuing units by the minutes they ask in the year, of the units in sight."""
    cycle = cycle_asked(request)
    context: dict[str, Any] = {"tabs": tabs("burden-table", request.acting), "cycle": cycle}
    if cycle is not None:
        assert request.acting.office is not None
        found = meter.asked_visibly(request.acting, cycle)
        rows = meter.table_by_issuer(found)
        levels = _levels(cycle, rows)
        compared = villages.comparison(request.acting, cycle, on=request.today)
        context |= {
            "unit": request.acting.office.scope,
            "levels": levels,
            "rows": _lines(cycle, rows, levels),
            "total": meter.total(row.total for row in rows),
            "total_url": rows_address(cycle=cycle.pk),
            "comparison": compared if compared.villages else None,
            "villages_url": f"{reverse('burden-villages')}?cycle={cycle.pk}",
            "records_url": f"{reverse('burden-records')}?cycle={cycle.pk}",
            "forms_url": rows_address(cycle=cycle.pk, level=villages.VILLAGE),
        }
    return render(request, "burden/table.html", context)


def _levels(cycle: Cycle, rows: list[meter.IssuerRow]) -> list[dict[str, Any]]:
    present = {level for row in rows for level in row.by_level}
    named = {each.map: each.name for each in cycle.package.levels}
    ordered = [level for level in named if level in present]
    return [
        {"level": level, "name": named.get(level, level)}
        for level in (*ordered, *sorted(present - set(ordered)))
    ]


def _lines(cycle: Cycle, rows: list[meter.IssuerRow], levels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A line for each issuing unit, its cells in the order of the levels."""
    most, usual = budgets.budgets_by_unit(cycle), terms.minutes_per_issuer(cycle.package)
    lines = []
    for row in rows:
        about = {"cycle": cycle.pk, "issuer": row.unit.pk}
        cells = [
            {
                "name": each["name"],
                "minutes": row.by_level[each["level"]].minutes if each["level"] in row.by_level else None,
                "url": rows_address(**about, level=each["level"]),
            }
            for each in levels
        ]
        lines.append(
            {
                "unit": row.unit,
                "total": row.total,
                "cells": cells,
                "url": rows_address(**about),
                "budget": most.get(row.unit.pk, usual),
                "page": reverse("burden-issuer", args=[row.unit.pk]),
            }
        )
    return lines


@may("business.read")
@require_GET
def record_list(request: Request) -> HttpResponse:
    """Records of villages that nobody asked for: the third factor."""
    cycle = cycle_or_404(request)
    unasked = villages.records_nobody_asked_for(cycle).filter(unit__level=villages.VILLAGE)
    found = unasked.filter(pk__in=records_visible_to(request.acting).values("pk")).select_related("unit")
    listing = Listing.of(found, request.GET, RECORD_COLUMNS, id="unasked", sort="-day")
    context = {"tabs": tabs("", request.acting), "cycle": cycle, "listing": listing}
    return render(request, "burden/records.html", context)


@may("business.read")
@require_GET
def village_list(request: Request) -> HttpResponse:
    """Every village in sight with what it is asked: the other factor of the comparison."""
    cycle = cycle_or_404(request)
    found = villages.villages_visible_to(request.acting, cycle, on=request.today)
    listing = Listing.of(found, request.GET, VILLAGE_COLUMNS, id="villages", sort="unit")
    totals = villages.totals_of(list(listing), request.acting, cycle)
    context = {
        "tabs": tabs("", request.acting),
        "cycle": cycle,
        "listing": listing,
        "practice": terms.PRACTICE_FORMS,
        "rows": [
            {
                "unit": each,
                "total": totals[each.pk],
                "url": rows_address(cycle=cycle.pk, unit=each.pk, deep="on", level=villages.VILLAGE),
            }
            for each in listing
        ],
    }
    return render(request, "burden/villages.html", context)
