"""The rows behind a figure of the meter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.burden.queries import meter
from guantong.burden.views import cycle_or_404, tabs
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.obligations.queries import in_subtree
from guantong.organisation.models import Unit
from guantong.ui.tables import Column, Listing

MONTHS = [("", _("全年")), *((str(number), str(number)) for number in range(1, 13))]
COLUMNS = [
    Column("title", _("填什么"), ("title",)),
    Column("unit", _("由谁填"), ("unit__path",)),
    Column("issuer", _("谁要的")),
    Column("due", _("期限"), ("due_on",)),
    Column("fields", _("项"), (), True),
    Column("minutes", _("分钟"), ("minutes",), True),
]


class RowsFilter(forms.Form):
    """Filters of the list; whatever the address gets wrong is ignored. ``deep``: with everything below the unit."""

    month = forms.ChoiceField(label=_("月份"), required=False, choices=MONTHS)
    source = forms.ChoiceField(label=_("来源"), required=False, choices=[("", _("全部")), *Source.choices])
    unit = forms.IntegerField(required=False, widget=forms.HiddenInput)
    deep = forms.BooleanField(required=False, widget=forms.HiddenInput)
    issuer = forms.IntegerField(required=False, widget=forms.HiddenInput)
    level = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    cycle = forms.IntegerField(required=False, widget=forms.HiddenInput)


@may("business.read")
@require_GET
def rows(request: Request) -> HttpResponse:
    """One form asked is one row; the sums above are those of the rows."""
    cycle = cycle_or_404(request)
    form = RowsFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    unit = (
        get_object_or_404(units_visible_to(request.acting), pk=wanted["unit"]) if wanted.get("unit") else None
    )
    issuer = Unit.objects.filter(pk=wanted["issuer"]).first() if wanted.get("issuer") else None
    found = filtered(request, cycle, wanted, unit=unit, issuer=issuer)
    shown = found.select_related("unit", "office")
    listing = Listing.of(shown, request.GET, COLUMNS, id="burden-rows", sort="due")
    units = Unit.objects.in_bulk([each.issuer for each in listing])
    context = {
        "tabs": tabs("", request.acting),
        "cycle": cycle,
        "form": form,
        "unit": unit,
        "issuer": issuer,
        "level": _level_name(cycle, wanted.get("level", "")),
        "total": meter.total_of(found),
        "listing": listing,
        "rows": [
            {
                "item": each,
                "issuer": units.get(each.issuer),
                "open": request.acting.sees(each.unit_path),
            }
            for each in listing
        ],
    }
    return render(request, "burden/rows.html", context)


def filtered(
    request: Request, cycle: Cycle, wanted: dict[str, Any], *, unit: Unit | None, issuer: Unit | None
) -> QuerySet[Obligation]:
    found = meter.asked_visibly(request.acting, cycle, issuer=issuer)
    if unit is not None:
        found = in_subtree(found, unit.path) if wanted.get("deep") else found.filter(unit=unit)
    if wanted.get("month"):
        found = found.filter(due_on__month=int(wanted["month"]))
    if wanted.get("level"):
        found = found.filter(unit__level=wanted["level"])
    if wanted.get("source"):
        found = found.filter(source=wanted["source"])
    return found


def _level_name(cycle: Cycle, level: str) -> object:
    return next((each.name for each in cycle.package.levels if each.map == level), level)
