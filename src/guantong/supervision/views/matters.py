"""The list of matters, and one matter as one picture."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle
from guantong.supervision.choices import MatterStage
from guantong.supervision.matter_forms import FollowForm, MatterFilter
from guantong.supervision.models import Matter
from guantong.supervision.operations import merging
from guantong.supervision.queries import matters as queries
from guantong.supervision.rules import matters as rules
from guantong.supervision.views import tabs
from guantong.supervision.views.matter_page import page_of
from guantong.ui.forms import first_error
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("number", gettext_lazy("编号"), ("number",)),
    Column("title", gettext_lazy("督办事项"), ("title",)),
    Column("lead", gettext_lazy("牵头单位")),
    Column("due", gettext_lazy("办结期限"), ("due_on",)),
    Column("stage", gettext_lazy("阶段"), ("stage",)),
    Column("light", gettext_lazy("亮灯"), ("worst", "due_on")),
]
TONES = {
    MatterStage.ASSIGNED: "info",
    MatterStage.UNDER_WAY: "info",
    MatterStage.COMPLETED: "warn",
    MatterStage.VERIFIED: "warn",
    MatterStage.CLOSED: "good",
    MatterStage.SUSPENDED: "warn",
}


def kinds_of(cycle: Cycle | None) -> list[tuple[str, str]]:
    return [(each.id, str(each.name)) for each in cycle.package.matters] if cycle else []


@may("business.read")
@require_GET
def matters(request: Request) -> HttpResponse:
    """The filtered list, and how many are open, red, unsigned, waiting to be struck off."""
    cycle = cycle_asked(request)
    form = MatterFilter(request.GET, kinds=kinds_of(cycle))
    form.is_valid()
    visible = queries.matters_visible_to(request.acting).filter(cycle=cycle)
    found = queries.with_standing(_filtered(visible, form.cleaned_data, request), on=request.today)
    listing = Listing.of(found, request.GET, COLUMNS, id="matters", sort="-number")
    for each in listing:
        each.light = queries.worst_light(each.worst)
        each.shown_number = queries.number_text(each)
        each.tone = TONES.get(MatterStage(each.stage), "")
    runs = cycle is not None and rules.may_run(request.acting, cycle)
    context = {
        "tabs": tabs("matters", request.acting),
        "form": form,
        "listing": listing,
        "cycle": cycle,
        "more_filters": any(form.cleaned_data.get(name) for name in ("kind", "origin", "light", "late")),
        "counts": queries.counts_of(visible, on=request.today),
        "may_draft": runs,
        "follow_form": FollowForm() if _may_ask_to_follow(request) else None,
    }
    return render(request, "supervision/matters.html", context)


def _may_ask_to_follow(request: Request) -> bool:
    office = request.acting.office
    return office is not None and office.role in rules.FOLLOWERS


def _filtered(found: QuerySet[Matter], wanted: dict[str, Any], request: Request) -> QuerySet[Matter]:
    for name in ("stage", "kind", "origin"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    if wanted.get("q"):
        text = wanted["q"].strip()
        by_words = Q(title__icontains=text) | Q(basis__icontains=text)
        found = found.filter(by_words | Q(number=int(text)) if text.isdigit() and len(text) < 9 else by_words)
    if wanted.get("light"):
        found = queries.of_light(found, wanted["light"])
    if wanted.get("late"):
        found = queries.unsigned_after(found, request.today)
    return found


def visible_matter(request: Request, pk: int) -> Matter:
    return get_object_or_404(queries.matters_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def matter(request: Request, pk: int) -> HttpResponse:
    """One matter: what, why, by when; the chain so far; its units; what this office can do now."""
    found = visible_matter(request, pk)
    return render(request, "supervision/matter.html", page_of(request, found))


@may("business.read")
@require_POST
def following(request: Request) -> HttpResponseBase:
    """Follow a matter of the cycle by its number."""
    cycle = current_cycle(request.acting, on=request.today)
    form = FollowForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    number = form.cleaned_data["number"]
    found = queries.followable_by(request.acting).filter(cycle=cycle, number=number).first()
    if found is None:
        raise Refusal(_("本年度没有编号为 %(n)s 的督办事项。") % {"n": number})
    merging.follow_matter(
        matter=found, reason=form.cleaned_data["reason"], actor=request.acting, now=request.now
    )
    return redirect(reverse("matter", args=[found.pk]))
