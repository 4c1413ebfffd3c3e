"""Pages of obligations: the list, one with its story, and the acts on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.calendars.queries import calendar_for
from guantong.mechanisms.queries import current_cycle
from guantong.obligations import operations, queries, rules, timing
from guantong.obligations.choices import Light, State
from guantong.obligations.forms import (
    DecisionForm,
    ExtensionForm,
    ObligationFilter,
    ReviewForm,
    SuspensionForm,
)
from guantong.obligations.lighting import lighting_of
from guantong.obligations.models import Claim, Extension, Obligation, Review
from guantong.obligations.origins import due_rule_of, is_answered_on_its_page, page_of
from guantong.ui.forms import valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("title", gettext_lazy("事项"), ("title",)),
    Column("unit", gettext_lazy("单位"), ("unit__path",)),
    Column("due", gettext_lazy("期限"), ("due_on",)),
    Column("state", gettext_lazy("状态"), ("state",)),
    Column("light", gettext_lazy("亮灯"), ("light",)),
]

# The columns the list shows; the rest of the row is not read.
SHOWN = (
    "title",
    "title_en",
    "period_zh",
    "period_en",
    "due_on",
    "state",
    "light",
    "unit__name",
    "unit__name_en",
)


@may("business.read")
@require_GET
def obligations(request: Request) -> HttpResponse:
    """The filtered list. The address says everything, so any figure can link to its rows."""
    form = ObligationFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    cycle = current_cycle(request.acting, on=request.today, chosen=wanted.get("cycle"))
    found = queries.obligations_visible_to(request.acting).filter(cycle=cycle)
    unit = None
    if wanted.get("unit"):  # visible, so its subtree lies within the scope and one range says both
        unit = get_object_or_404(units_visible_to(request.acting), pk=wanted["unit"])
        found = queries.in_subtree(Obligation.objects.filter(cycle=cycle), unit.path)
    found = filtered(found, wanted).select_related("unit").only(*SHOWN)
    listing = Listing.of(found, request.GET, COLUMNS, id="obligations", sort="due")
    pillar = None
    if cycle and wanted.get("pillar"):
        pillar = next(
            (
                each.name
                for tier in cycle.package.tiers
                for each in tier.pillars
                if each.id == wanted["pillar"]
            ),
            None,
        )
    context = {"form": form, "listing": listing, "cycle": cycle, "unit": unit, "pillar": pillar}
    return render(request, "obligations/list.html", context)


def filtered(found: QuerySet[Obligation], wanted: dict[str, Any]) -> QuerySet[Obligation]:
    """The list's filters; ``counted=yes`` is the board's denominator: done or overdue."""
    for name in ("light", "state", "source", "pillar"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    if wanted.get("counted"):
        found = found.filter(Q(state=State.FULFILLED) | Q(light=Light.RED))
    if wanted.get("q"):
        found = found.filter(Q(title__icontains=wanted["q"]) | Q(unit__name__icontains=wanted["q"]))
    return found


def _visible(request: Request, pk: int) -> Obligation:
    found = queries.obligations_visible_to(request.acting).select_related(
        "unit", "office", "cycle__stored", "cycle__unit"
    )
    return get_object_or_404(found, pk=pk)


@may("business.read")
@require_GET
def obligation(request: Request, pk: int) -> HttpResponse:
    """One obligation: what, who, by when, why this light, what was done, what can be done now."""
    return render(request, "obligations/detail.html", detail_context(request, _visible(request, pk)))


def detail_context(request: Request, item: Obligation) -> dict[str, Any]:
    acting = request.acting
    claims = list(
        item.claims.select_related("record", "claimed_by")
        .prefetch_related(Prefetch("reviews", Review.objects.select_related("reviewed_by")))
        .order_by("-claimed_at", "-pk")
    )
    for claim in claims:
        claim.obligation = item
    waiting = claims[0] if claims and item.state == State.CLAIMED else None
    lighting = lighting_of(item, on=request.today, calendar=calendar_for(item.cycle.year, item.cycle.unit_id))
    extensions = list(item.extensions.select_related("asked_by", "decided_by").order_by("-asked_at"))
    return {
        "item": item,
        "lighting": lighting,
        "claims": claims,
        "waiting": waiting,
        "extensions": extensions,
        "suspensions": list(item.suspensions.select_related("ordered_by").order_by("-pk")),
        "pillar": item.cycle.package.pillar(item.pillar).name,
        "may_claim": rules.may_claim(acting, item),
        "own_page": page_of(item),
        "due_rule": due_rule_of(item) if item.due_on else "",
        "on_own_page": is_answered_on_its_page(item),
        "may_say_nothing_new": rules.may_claim(acting, item)
        and "progress_line" in item.evidence
        and item.starts_on <= request.today,
        "may_review": waiting is not None
        and rules.may_review(acting, waiting, taken=list(waiting.reviews.all())),
        "may_extend": rules.may_ask_extension(acting, item)
        and item.due_on is not None
        and request.today <= item.due_on
        and not any(each.granted is None for each in extensions),
        "may_order": rules.may_order(acting, item),
        "review_form": ReviewForm(),
        "extension_form": ExtensionForm(),
        "suspension_form": SuspensionForm(),
        "decision_form": DecisionForm(),
    }


@may("obligations.claim")
@require_POST
def no_change(request: Request, pk: int) -> HttpResponseBase:
    """The one tap "nothing new this period"."""
    item = _visible(request, pk)
    assert request.acting.office is not None
    operations.claim_nothing_new(
        obligation=item, claimed_by=request.acting.office, actor=request.acting, now=request.now
    )
    messages.success(request, _("已报“本期无变化”，等待审核。"))
    return redirect("obligation", pk=item.pk)


@may("obligations.review")
@require_GET
def reviews(request: Request) -> HttpResponse:
    """Claims that wait for this office's answer, oldest first."""
    columns = [
        Column("title", gettext_lazy("事项")),
        Column("unit", gettext_lazy("单位"), ("obligation__unit__path",)),
        Column("record", gettext_lazy("申报依据")),
        Column("at", gettext_lazy("申报时间"), ("claimed_at",)),
        Column("act", gettext_lazy("审核")),
    ]
    claims = queries.claims_awaiting_review(request.acting)
    listing = Listing.of(claims, request.GET, columns, id="claims", sort="at", per_page=30)
    return render(request, "obligations/reviews.html", {"listing": listing})


@may("obligations.review")
@require_POST
def review(request: Request, pk: int) -> HttpResponseBase:
    """Answer one claim."""
    visible = queries.obligations_visible_to(request.acting).values("pk")
    claim = get_object_or_404(
        Claim.objects.select_related("obligation__cycle__stored").filter(obligation__in=visible), pk=pk
    )
    data = valid(ReviewForm(request.POST))
    operations.review_claim(claim=claim, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已通过。") if data["verdict"] == "accepted" else _("已退回，并告知理由。"))
    if request.POST.get("back") == "reviews":
        return redirect("reviews")
    return redirect("obligation", pk=claim.obligation_id)


@may("obligations.claim")
@require_POST
def extensions(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    assert request.acting.office is not None
    data = valid(ExtensionForm(request.POST))
    timing.ask_extension(
        obligation=item, asked_by=request.acting.office, actor=request.acting, now=request.now, **data
    )
    messages.success(request, _("延期申请已提交，等待答复。"))
    return redirect("obligation", pk=item.pk)


@may("supervision.run")
@require_POST
def extension_decision(request: Request, pk: int) -> HttpResponseBase:
    visible = queries.obligations_visible_to(request.acting).values("pk")
    extension = get_object_or_404(Extension.objects.filter(obligation__in=visible), pk=pk)
    data = valid(DecisionForm(request.POST))
    timing.decide_extension(extension=extension, actor=request.acting, now=request.now, **data)
    messages.success(request, _("延期申请已答复。"))
    return redirect("obligation", pk=extension.obligation_id)


@may("supervision.run")
@require_POST
def suspension(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    data = valid(SuspensionForm(request.POST))
    timing.suspend(obligation=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已免除。") if data["excused"] else _("已暂停计时。"))
    return redirect("obligation", pk=item.pk)


@may("supervision.run")
@require_POST
def resumption(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    timing.resume(obligation=item, actor=request.acting, now=request.now)
    messages.success(request, _("已恢复计时。"))
    return redirect("obligation", pk=item.pk)


def address_of(**filters: object) -> str:
    """The list with these filters: what a figure links to."""
    from urllib.parse import urlencode

    return (
        f"{reverse('obligations')}?{urlencode({key: str(value) for key, value in filters.items() if value})}"
    )
