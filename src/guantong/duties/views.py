"""Duty lists: the lists of a cycle, one list with its price, objections, signature; the library."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.duties import operations, queries, rules
from guantong.duties.models import DutyItem, DutyList, ListState, Objection
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.queries import cycles_visible_to
from guantong.ui.forms import first_error
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("unit", gettext_lazy("单位"), ("unit__path",)),
    Column("items", gettext_lazy("职责"), ("n_items",), is_number=True),
    Column("forms", gettext_lazy("全年次数"), ("forms",), is_number=True),
    Column("price", gettext_lazy("全年用时"), ("price",), is_number=True),
    Column("state", gettext_lazy("状态"), ("state",)),
]
TONES = {ListState.CONSULTED: "info", ListState.ISSUED: "warn", ListState.SIGNED: "good"}


class ListFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("单位"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, choices=[("", gettext_lazy("全部")), *ListState.choices]
    )
    dated = forms.BooleanField(label=gettext_lazy("只看有期限的"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("异议理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("答复"),
        choices=[("no", gettext_lazy("保留这一项")), ("yes", gettext_lazy("撤回这一项"))],
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(
        label=gettext_lazy("答复理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


@may("business.read")
@require_GET
def duty_lists(request: Request) -> HttpResponse:
    """The lists of the cycle within scope, each with its price."""
    cycle = cycle_asked(request)
    form = ListFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    lists = queries.duty_lists_visible_to(request.acting).filter(cycle=cycle)
    if wanted.get("q"):
        lists = lists.filter(unit__name__icontains=wanted["q"])
    if wanted.get("state"):
        lists = lists.filter(state=wanted["state"])
    if wanted.get("dated"):
        lists = lists.filter(pk__in=DutyItem.objects.filter(times__gt=0).values("duty_list"))
    listing = Listing.of(queries.with_price(lists), request.GET, COLUMNS, id="lists", sort="unit")
    consulted = queries.duty_lists_visible_to(request.acting).filter(cycle=cycle, state=ListState.CONSULTED)
    context = {
        "form": form,
        "listing": listing,
        "cycle": cycle,
        "tones": TONES,
        "to_issue": consulted.count() if cycle and rules.may_run(request.acting, cycle) else 0,
    }
    return render(request, "duties/lists.html", context)


def _visible(request: Request, pk: int) -> DutyList:
    return get_object_or_404(queries.with_price(queries.duty_lists_visible_to(request.acting)), pk=pk)


@may("business.read")
@require_GET
def duty_list(request: Request, pk: int) -> HttpResponse:
    """One unit's list: each duty with how often, what it takes, and what was said about it."""
    found = _visible(request, pk)
    objections = Prefetch(
        "objections", Objection.objects.select_related("raised_by", "answered_by").order_by("-pk")
    )
    items = list(
        found.items.select_related("office", "about")
        .prefetch_related(objections)
        .order_by("office", "duty", "about__path")
    )
    signature = getattr(found, "signature", None)
    context: dict[str, Any] = {
        "list": found,
        "tone": TONES[ListState(found.state)],
        "groups": _by_office(items),
        "signature": signature,
        "may_sign": rules.may_sign(request.acting, found) and found.state == ListState.ISSUED,
        "may_object": rules.may_object(request.acting, found),
        "may_answer": rules.may_issue(request.acting, found),
        "reason_form": ReasonForm(),
        "answer_form": AnswerForm(),
        "package": found.cycle.package,
    }
    return render(request, "duties/list.html", context)


def _by_office(items: list[DutyItem]) -> list[dict[str, Any]]:
    groups: dict[int, dict[str, Any]] = {}
    for item in items:
        group = groups.setdefault(item.office_id, {"office": item.office, "items": [], "minutes": 0})
        group["items"].append(item)
        group["minutes"] += 0 if item.withdrawn else item.minutes_per_year
    return list(groups.values())


@may("duties.sign")
@require_POST
def signature(request: Request, pk: int) -> HttpResponseBase:
    found = _visible(request, pk)
    operations.sign_duty_list(duty_list=found, actor=request.acting, now=request.now)
    messages.success(request, _("已签收，全年事项已列入待办。"))
    return redirect("duty-list", pk=found.pk)


@may("duties.object")
@require_POST
def objections(request: Request, pk: int) -> HttpResponseBase:
    """Dispute one item."""
    lists = queries.duty_lists_visible_to(request.acting).values("pk")
    item = get_object_or_404(DutyItem.objects.filter(duty_list__in=lists), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    operations.object_to_item(
        item=item, reason=form.cleaned_data["reason"], actor=request.acting, now=request.now
    )
    messages.success(request, _("异议已提交，等待答复。"))
    return redirect("duty-list", pk=item.duty_list_id)


@may("duties.issue")
@require_POST
def objection_answer(request: Request, pk: int) -> HttpResponseBase:
    lists = queries.duty_lists_visible_to(request.acting).values("pk")
    objection = get_object_or_404(
        Objection.objects.select_related("item").filter(item__duty_list__in=lists), pk=pk
    )
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    operations.answer_objection(
        objection=objection, actor=request.acting, now=request.now, **form.cleaned_data
    )
    messages.success(request, _("异议已答复。"))
    return redirect("duty-list", pk=objection.item.duty_list_id)


@may("duties.issue")
@require_POST
def issue(request: Request, pk: int) -> HttpResponseBase:
    """Issue all lists of a cycle that were out for comment."""
    cycle = get_object_or_404(cycles_visible_to(request.acting), pk=pk)
    issued = operations.issue_duty_lists(cycle=cycle, actor=request.acting, now=request.now)
    messages.success(request, _("已下达 %(n)s 份责任清单。") % {"n": issued})
    return redirect("duty-lists")


@may("business.read")
@require_GET
def library(request: Request) -> HttpResponse:
    """Every duty of the package: who carries it, what it costs, overlaps and orphans."""
    cycle = cycle_asked(request)
    entries = queries.duty_library(cycle, request.acting) if cycle else []
    pillars = {}
    seats = {}
    if cycle:
        pillars = {each.id: each.name for tier in cycle.package.tiers for each in tier.pillars}
        seats = {each.id: each.name for each in cycle.package.offices}
    rows = [
        {
            "entry": each,
            "pillar": pillars.get(each.duty.pillar, ""),
            "seat": seats.get(each.duty.who, each.duty.who),
        }
        for each in entries
    ]
    return render(request, "duties/library.html", {"cycle": cycle, "rows": rows})
