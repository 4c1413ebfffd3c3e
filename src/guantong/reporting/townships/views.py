"""The page of a township (三化互动): what was asked, who moved it, what came back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guantong.accounts.choices import Role
from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.demand_chain import MOVES
from guantong.grassroots.models import Demand
from guantong.grassroots.operations.demand_cases import came_of_case
from guantong.grassroots.views.demands import TONES
from guantong.mechanisms.asked import cycle_asked
from guantong.reporting.townships.queries import Picture, picture


@may("business.read")
@require_GET
def township(request: Request, pk: int) -> HttpResponseBase:
    """One township: its commissioner, its liaison officers, its homes, as one picture. Other units have their roster."""
    found = get_object_or_404(units_visible_to(request.acting), pk=pk)
    if found.level != "township" or found.kind != "territory":
        return redirect("roster", pk=pk)
    cycle = cycle_asked(request)
    shown = picture(cycle, found, on=request.today) if cycle else None
    context = {
        "unit": found,
        "cycle": cycle,
        "picture": shown,
        "flow": _flow(shown) if shown else [],
        "demands": [_told(each) for each in shown.demands] if shown else [],
        "crumbs": [
            {"label": str(each), "url": reverse("unit", args=[cycle.pk, each.pk])}
            for each in found.ancestors()
            if cycle and request.acting.sees(each.path)
        ],
    }
    return render(request, "reporting/township.html", context)


def _flow(shown: Picture) -> list[dict[str, Any]]:
    """The way up and back down: how many demands of the year are where; each opens to them."""
    stages, holding = shown.stages, shown.holding
    address = f"{reverse('demands')}?view=all&in={shown.township.unit.pk}"
    found = (
        (_("提出"), "", sum(stages.values())),
        (_("在联络员"), Role.LIAISON, holding[Role.LIAISON]),
        (_("在专职委员"), Role.COMMISSIONER, holding[Role.COMMISSIONER]),
        (_("在统筹协调"), Role.COORDINATOR, holding[Role.COORDINATOR]),
        (_("转为诉求件"), DemandStage.CASE, stages[DemandStage.CASE]),
        (_("待告知"), DemandStage.ANSWERED, stages[DemandStage.ANSWERED]),
        (_("已告知"), DemandStage.TOLD, stages[DemandStage.TOLD]),
    )
    return [
        {
            "label": label,
            "n": n,
            "url": address + (f"&where={where}" if where else ""),
            "is_end": where == DemandStage.TOLD,
        }
        for label, where, n in found
    ]


def _told(demand: Demand) -> dict[str, Any]:
    """One demand: what was asked, through whose hands it went, what came back."""
    path: list[dict[str, Any]] = []
    for step in demand.steps.all():
        who = _("诉求件") if step.verb == "case_answered" else step.from_office
        did = _("有了答复") if step.verb == "case_answered" else MOVES[step.verb].done
        if path and path[-1]["who"] == who:
            path[-1]["did"].append(did)
        elif who is not None:
            path.append({"who": who, "did": [did]})
    return {
        "demand": demand,
        "tone": TONES[DemandStage(demand.stage)],
        "path": path,
        "now": _now(demand),
        "came": came_of_case(demand) or demand.answer,
    }


def _now(demand: Demand) -> object:
    """In whose hands it is, empty once it has ended."""
    if demand.stage in (DemandStage.TOLD, DemandStage.DROPPED):
        return ""
    if demand.stage == DemandStage.CASE:
        return _("等诉求件的答复")
    if demand.stage == DemandStage.ANSWERED:
        return _("等 %(who)s 告诉提出的人") % {"who": demand.raised_by}
    return _("等 %(who)s 办理") % {"who": demand.at_office}
