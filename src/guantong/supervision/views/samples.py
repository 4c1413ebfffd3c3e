"""Sample checks: the list of them, freezing, one sample with its draw and result, what anybody may take away."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.supervision import verify_draw
from guantong.supervision.models import Sample
from guantong.supervision.operations import freezing
from guantong.supervision.operations import samples as operations
from guantong.supervision.queries import samples as queries
from guantong.supervision.rules import samples as rules
from guantong.supervision.sample_forms import CheckForm, FreezeForm, SeedForm
from guantong.supervision.sampling import discovery_size
from guantong.supervision.views import tabs
from guantong.supervision.views.sample_page import page_of
from guantong.ui.forms import valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("name", gettext_lazy("抽查"), ("name",)),
    Column("frozen", gettext_lazy("名单冻结"), ("frozen_at",)),
    Column("population", gettext_lazy("名单"), ("population",), is_number=True),
    Column("size", gettext_lazy("抽取"), ("size",), is_number=True),
    Column("checked", gettext_lazy("已核查"), is_number=True),
    Column("state", gettext_lazy("进展")),
]


@may("business.read")
@require_GET
def samples(request: Request) -> HttpResponse:
    """The sample checks of the cycle, newest first."""
    cycle = cycle_asked(request)
    found = queries.with_counts(queries.samples_visible_to(request.acting).filter(cycle=cycle))
    context = {
        "tabs": tabs("samples", request.acting),
        "listing": Listing.of(found, request.GET, COLUMNS, id="samples", sort="-frozen", per_page=30),
        "may_freeze": cycle is not None and request.acting.may("supervision.run"),
    }
    return render(request, "supervision/samples.html", context)


@may("supervision.run")
@require_http_methods(["GET", "POST"])
def new_sample(request: Request) -> HttpResponseBase:
    """Choose what is sampled and which seed will draw; try it out, then freeze."""
    cycle = cycle_asked(request)
    if cycle is None:
        raise Refusal(_("还没有启动年度周期。"))
    form = FreezeForm(request.POST if request.method == "POST" else None, cycle=cycle, acting=request.acting)
    tried: dict[str, int] | None = None
    if request.method == "POST" and form.is_valid():
        if "try" not in request.POST:
            return _frozen(request, form, cycle)
        number = queries.closed_items(cycle=cycle, **form.filters()).count()
        share, confidence = form.certainty().values()
        tried = {"population": number, "size": discovery_size(number, share=share, confidence=confidence)}
    context = {"tabs": tabs("samples", request.acting), "form": form, "tried": tried, "cycle": cycle}
    return render(request, "supervision/sample_new.html", context, status=422 if form.errors else 200)


def _frozen(request: Request, form: FreezeForm, cycle: Cycle) -> HttpResponseBase:
    given = form.cleaned_data
    made = freezing.freeze_list(
        cycle=cycle,
        scope=freezing.Scope(**form.filters()),
        terms=freezing.Terms(
            name=given["name"],
            seed_source=given["seed_source"],
            seed_on=given["seed_on"],
            **form.certainty(),
        ),
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("名单已冻结，校验值已公布。"))
    return redirect("sample", pk=made.pk)


def _visible(request: Request, pk: int) -> Sample:
    return get_object_or_404(queries.samples_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def sample(request: Request, pk: int) -> HttpResponse:
    """What was announced, what was drawn, what was found; titles only of what is in sight."""
    return render(request, "supervision/sample.html", page_of(_visible(request, pk), request))


@may("supervision.run")
@require_POST
def sample_seed(request: Request, pk: int) -> HttpResponseBase:
    """Register the seed that was announced, and draw."""
    found = _visible(request, pk)
    drawn = operations.draw_sample(
        sample=found, actor=request.acting, now=request.now, **valid(SeedForm(request.POST))
    )
    messages.success(request, _("已抽出 %(n)s 项。") % {"n": len(drawn)})
    return redirect("sample", pk=found.pk)


@may("supervision.run")
@require_POST
def sample_check(request: Request, pk: int) -> HttpResponseBase:
    """Register what was found at one drawn item."""
    item = get_object_or_404(queries.items_visible_to(request.acting), pk=pk)
    check = operations.check_item(
        item=item, actor=request.acting, now=request.now, **valid(CheckForm(request.POST))
    )
    messages.success(request, _("已登记：%(result)s。") % {"result": check.get_result_display()})
    return redirect("sample", pk=item.sample_id)


@may("business.read")
@require_GET
def sample_list(request: Request, pk: int) -> HttpResponse:
    """The frozen list word for word for those who see all of it; the ids alone for everybody else, or if asked."""
    found = _visible(request, pk)
    whole = rules.may_read_whole(request.acting, found) and "ids" not in request.GET
    content = found.list_csv if whole else queries.ids_only(found.list_csv)
    return _file(content, f"sample-{found.pk}{'' if whole else '-ids'}.csv", "text/csv")


@may("business.read")
@require_GET
def sample_verifier(request: Request) -> HttpResponse:
    """The program that repeats a draw: one file, nothing but Python needed."""
    return _file(Path(verify_draw.__file__).read_text(encoding="utf-8"), "verify_draw.py", "text/x-python")


def _file(content: str, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
