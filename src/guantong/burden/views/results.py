"""What came in: the table, the file, and the slips of paper to hand out."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.audit.codes import grouped
from guantong.burden.exporting import results_csv
from guantong.burden.models import Addressee
from guantong.burden.queries.known import known_of_units
from guantong.burden.queries.requests import addressees_visible_to, fields_of, still_open
from guantong.burden.queries.results import lines_of, owed_visibly, sums_of
from guantong.burden.views import tabs
from guantong.burden.views.requests import visible
from guantong.ui.tables import Column, Listing

SLIPS_A_PAGE = 40


@may("business.read")
@require_GET
def results(request: Request, pk: int) -> HttpResponse:
    """A line for each unit and period in sight; the sums are of all of them, not of the page."""
    item = visible(request, pk)
    fields = fields_of(item)
    owed = owed_visibly(request.acting, item)
    columns = [
        Column("unit", gettext_lazy("单位")),
        Column("period", gettext_lazy("期")),
        *(Column(f"f{each.field_id}", str(each.field), (), each.field.is_number) for each in fields),
        Column("state", gettext_lazy("状态")),
    ]
    listing = Listing.of(owed, request.GET, columns, id="results")
    lines = lines_of(list(listing), fields)
    context = {
        "tabs": tabs("field-requests", request.acting),
        "item": item,
        "fields": fields,
        "listing": listing,
        "lines": [_shown(request, line, fields) for line in lines],
        "sums": list(zip(fields, sums_of(owed, fields), strict=True)),
    }
    return render(request, "burden/results.html", context)


def _shown(request: Request, line: Any, fields: Any) -> dict[str, Any]:
    return {
        "owed": line.obligation,
        "response": line.response,
        "cells": list(zip(fields, line.cells, strict=True)),
        "open": request.acting.sees(line.obligation.unit_path),
    }


@may("business.read")
@require_GET
def results_file(request: Request, pk: int) -> HttpResponse:
    """The same as a file for a spreadsheet."""
    item = visible(request, pk)
    fields = fields_of(item)
    content = results_csv(lines_of(list(owed_visibly(request.acting, item)), fields), fields)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="request-{item.pk}.csv"'
    return answer


@may("business.read")
@require_GET
def slips(request: Request, pk: int) -> HttpResponse:
    """A slip for each unit in sight that still has to answer: its code, what is known, and room to write."""
    item = visible(request, pk)
    fields = fields_of(item)
    rows = addressees_visible_to(request.acting, item).filter(pk__in=still_open(item).values("source_ref"))
    page = Paginator(rows.order_by("unit__path"), SLIPS_A_PAGE).get_page(request.GET.get("page"))
    shown: list[Addressee] = list(page.object_list)
    known = known_of_units(fields=[each.field_id for each in fields], units=[each.unit_id for each in shown])
    context = {
        "tabs": tabs("field-requests", request.acting),
        "item": item,
        "page": page,
        "slips": [
            {
                "unit": each.unit,
                "office": each.office,
                "code": grouped(each.code),
                "lines": [(line.field, known.get((each.unit_id, line.field_id))) for line in fields],
            }
            for each in shown
        ],
    }
    return render(request, "burden/slips.html", context)
