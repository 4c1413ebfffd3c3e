"""Drafting a matter, on one page: what the kind proposes can be changed, and what it may repeat is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.calendars.queries import calendar_for
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package.model import MatterKind
from guantong.mechanisms.queries import current_cycle
from guantong.obligations.choices import Part, Reviewer
from guantong.organisation.models import Unit
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.duplicates import MATTER, similar_matters
from guantong.supervision.matter_forms import MatterForm
from guantong.supervision.models import Matter
from guantong.supervision.operations import matter_drafts, waist
from guantong.supervision.queries import matters as queries
from guantong.supervision.rules import matters as rules
from guantong.supervision.views import tabs
from guantong.supervision.views.matters import kinds_of, visible_matter
from guantong.ui.forms import say_on


def running_cycle(request: Request) -> Cycle:
    """The running cycle, where this office runs it and its package has kinds of matter."""
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None or not rules.may_run(request.acting, cycle):
        raise Refusal(_("本单位没有正在运行的年度周期，不能拟写督办事项。"))
    if not cycle.package.matters:
        raise Refusal(_("本年度的机制包没有设督办事项的类别。"))
    return cycle


def matter_form(request: Request, cycle: Cycle, data: Any = None, **given: Any) -> MatterForm:
    units = queries.units_to_choose(cycle.unit, acting=request.acting)
    return MatterForm(data, kinds=kinds_of(cycle), units=units, **given)


def _proposed(request: Request, cycle: Cycle, kind: MatterKind) -> dict[str, Any]:
    return {
        "kind": kind.id,
        "origin": kind.origins[0] if kind.origins else "",
        "due_on": waist.end_of(kind.due, request.today, calendar_for(cycle.year, cycle.unit_id)),
        "report_days": kind.report_days,
    }


def _kind(cycle: Cycle, wanted: str | None) -> MatterKind:
    return next((each for each in cycle.package.matters if each.id == wanted), cycle.package.matters[0])


def kind_facts(kind: MatterKind) -> list[tuple[str, str]]:
    """What the kind of matter settles, in words."""
    number, workdays = kind.sign_within
    limit = _("%(n)s 个工作日内") if workdays else _("%(n)s 天内")
    return [
        (_("签收"), limit % {"n": number}),
        (_("审核"), " → ".join(str(Reviewer(each).label) for each in kind.reviews)),
        (_("核查"), _("办结后核查") if kind.verify else _("不核查，办结后可直接销号")),
    ]


@may("supervision.run")
@require_http_methods(["GET", "POST"])
def new_matter(request: Request) -> HttpResponseBase:
    """Nothing typed is lost when something is wrong."""
    cycle = running_cycle(request)
    if request.method == "POST":
        form = matter_form(request, cycle, request.POST)
        if form.is_valid():
            try:
                made = matter_drafts.draft_matter(
                    cycle=cycle, terms=form.terms(), parts=form.plans(), actor=request.acting, now=request.now
                )
                messages.success(request, _("草稿已保存，核对后立项。"))
                return redirect("matter", pk=made.pk)
            except Refusal as refusal:
                say_on(form, refusal)
    else:
        begun = {
            name: request.GET[name] for name in ("title", "origin", "basis", "detail") if name in request.GET
        }
        proposed = _proposed(request, cycle, _kind(cycle, request.GET.get("kind")))
        form = matter_form(request, cycle, initial=proposed | begun)
    return _page(request, cycle, form)


@may("supervision.run")
@require_http_methods(["GET", "POST"])
def draft(request: Request, pk: int) -> HttpResponseBase:
    """Change a draft."""
    matter = visible_matter(request, pk)
    if request.method == "POST":
        form = matter_form(request, matter.cycle, request.POST)
        if form.is_valid():
            try:
                matter_drafts.amend_draft(
                    matter=matter, terms=form.terms(), parts=form.plans(), actor=request.acting, now=request.now
                )  # fmt: skip
                messages.success(request, _("草稿已保存，核对后立项。"))
                return redirect("matter", pk=pk)
            except Refusal as refusal:
                say_on(form, refusal)
    elif matter.stage != MatterStage.DRAFT:
        return redirect("matter", pk=pk)
    else:
        form = matter_form(request, matter.cycle, initial=_written(matter))
    return _page(request, matter.cycle, form, matter)


def _written(matter: Matter) -> dict[str, Any]:
    parts = list(matter.parts.exclude(stage=PartStage.WITHDRAWN))
    lead = next((each for each in parts if each.part == Part.LEAD), None)
    written = {
        name: getattr(matter, name) for name in ("kind", "title", "origin", "basis", "detail", "due_on")
    }
    return written | {
        "lead": lead.unit_id if lead else None,
        "cooperating": [each.unit_id for each in parts if each is not lead],
        "target": lead.target if lead else None,
        "target_unit": lead.target_unit if lead else "",
        "report_days": lead.report_days if lead else None,
    }


def _page(request: Request, cycle: Cycle, form: MatterForm, matter: Matter | None = None) -> HttpResponse:
    typed = request.POST if request.method == "POST" else form.initial
    kind = _kind(cycle, typed.get("kind"))
    context = {
        "tabs": tabs("matters", request.acting),
        "cycle": cycle,
        "form": form,
        "matter": matter,
        "facts": kind_facts(kind),
        "similar": _similar(request, cycle, matter) if request.method == "POST" else [],
    }
    return render(request, "supervision/matter_draft.html", context, status=422 if form.errors else 200)


@may("supervision.run")
@require_GET
def terms(request: Request) -> HttpResponse:
    """The fragment with what the chosen kind proposes."""
    cycle = running_cycle(request)
    kind = _kind(cycle, request.GET.get("kind"))
    form = matter_form(request, cycle, initial=_proposed(request, cycle, kind))
    return render(request, "supervision/matter_terms.html", {"form": form, "facts": kind_facts(kind)})


@may("supervision.run")
@require_GET
def alike(request: Request) -> HttpResponse:
    """The fragment with matters that may be the same thing: follow the one there is instead of issuing another."""
    cycle = running_cycle(request)
    return render(request, "supervision/matter_alike.html", {"similar": _similar(request, cycle, None)})


def _similar(request: Request, cycle: Cycle, matter: Matter | None) -> list[Any]:
    typed = request.POST if request.method == "POST" else request.GET
    ids = {each for each in [typed.get("lead", ""), *typed.getlist("cooperating")] if each.isdigit()}
    own = matter.pk if matter else int(typed["matter"]) if typed.get("matter", "").isdigit() else None
    found = similar_matters(
        cycle=cycle, title=typed.get("title", ""), basis=typed.get("basis", ""),
        units=Unit.objects.filter(pk__in=ids), apart_from=own, seen_by=request.acting,
    )  # fmt: skip
    known = Matter.objects.select_related("cycle").in_bulk([each.pk for each in found if each.kind == MATTER])
    rows = []
    for each in found:
        other = known.get(each.pk) if each.kind == MATTER else None
        follows = other is not None and bool(other.number) and rules.may_follow(request.acting, other)
        number = queries.number_text(other) if other else ""
        rows.append({"similar": each, "may_follow": follows, "number": number})
    return rows
