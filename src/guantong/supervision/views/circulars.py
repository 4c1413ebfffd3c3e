"""Circulars: the list, one as it is read, redrawing, issuing, what is behind a number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle
from guantong.supervision.figures import matter_named
from guantong.supervision.mending import KEY, MAX_CHARACTERS, filled
from guantong.supervision.models import Circular, Figure
from guantong.supervision.operations import circulars as operations
from guantong.supervision.queries import circulars as queries
from guantong.supervision.queries.matters import matters_visible_to, number_text
from guantong.supervision.views import tabs
from guantong.ui.forms import DAY, valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("title", gettext_lazy("标题"), ("title",)),
    Column("unit", gettext_lazy("范围"), ("unit__path",)),
    Column("as_of", gettext_lazy("数据截止"), ("as_of",)),
    Column("number", gettext_lazy("文号"), ("number",)),
    Column("issued", gettext_lazy("印发"), ("issued_at",)),
]
BEHIND = [
    Column("title", gettext_lazy("事项")),
    Column("unit", gettext_lazy("单位")),
    Column("due", gettext_lazy("期限")),
    Column("state", gettext_lazy("现在的状态")),
]


class DraftForm(forms.Form):
    as_of = forms.DateField(label=gettext_lazy("数据截止日"), widget=DAY)


class RedrawForm(forms.Form):
    as_of = forms.DateField(label=gettext_lazy("数据截止日"), widget=DAY)
    afresh = forms.BooleanField(label=gettext_lazy("改过的段落也重拟"), required=False)


@may("business.read")
@require_GET
def circulars(request: Request) -> HttpResponse:
    """Issued circulars, and the drafts of whoever writes them."""
    cycle = current_cycle(request.acting, on=request.today)
    found = queries.circulars_visible_to(request.acting).filter(cycle=cycle)
    listing = Listing.of(found.order_by("-drafted_at", "-pk"), request.GET, COLUMNS, id="circulars")
    context = {
        "tabs": tabs("circulars", request.acting),
        "cycle": cycle,
        "listing": listing,
        "rows": [(each, operations.number_of(each)) for each in listing],
        "form": DraftForm(initial={"as_of": request.today})
        if cycle and request.acting.may("supervision.run")
        else None,
    }
    return render(request, "supervision/circulars.html", context)


@may("supervision.run")
@require_POST
def new_circular(request: Request) -> HttpResponseBase:
    """Have a draft written for the cycle's unit, or for the unit of the address."""
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None:
        raise Refusal(_("还没有启动年度周期。"))
    unit, wanted = cycle.unit, request.POST.get("unit", "")
    if wanted.isdigit():
        unit = get_object_or_404(units_visible_to(request.acting), pk=int(wanted))
    made = operations.draft_circular(
        cycle=cycle, unit=unit, actor=request.acting, now=request.now, **valid(DraftForm(request.POST))
    )
    messages.success(request, _("已按当前数据拟好草稿，每个数字都能点开。"))
    return redirect("circular", pk=made.pk)


def visible_circular(request: Request, pk: int) -> Circular:
    return get_object_or_404(queries.circulars_visible_to(request.acting), pk=pk)


def _is_draft_of(request: Request, circular: Circular) -> bool:
    return circular.number is None and request.acting.may("supervision.run")


@may("business.read")
@require_GET
def circular(request: Request, pk: int) -> HttpResponse:
    """The text as it is read, each number a link to its rows; fit for paper."""
    item = visible_circular(request, pk)
    figures = {each.key: each for each in item.figures.only("key", "label", "value", "circular")}
    values = {key: each.value for key, each in figures.items()}
    length = len(item.title) + sum(len(filled(each["text"], values)) for each in item.paragraphs)
    office = item.issued_by or item.drafted_by
    context = {
        "tabs": tabs("circulars", request.acting),
        "item": item,
        "signed_by": office.unit.name if office else "",
        "number": operations.number_of(item),
        "paragraphs": [pieces(each["text"], figures) for each in item.paragraphs if each["text"]],
        "n_edited": sum(bool(each["edited"]) for each in item.paragraphs),
        "matters": [
            (each, number_text(each))
            for each in matters_visible_to(request.acting)
            .filter(pk__in=operations.named_matters(item).values("pk"))
            .order_by("number")
        ],
        "length": length,
        "most": MAX_CHARACTERS,
        "redraw_form": RedrawForm(initial={"as_of": request.today}) if _is_draft_of(request, item) else None,
    }
    return render(request, "supervision/circular.html", context)


def pieces(text: str, figures: dict[str, Figure]) -> list[dict[str, Any]]:
    """The text cut at its figures: ``{text}`` and ``{figure}`` in turn."""
    found: list[dict[str, Any]] = []
    for place, part in enumerate(KEY.split(text)):
        if place % 2:
            found.append({"figure": figures[part]} if part in figures else {"text": f"{{{part}}}"})
        elif part:
            found.append({"text": part})
    return found


@may("supervision.run")
@require_POST
def circular_drawing(request: Request, pk: int) -> HttpResponseBase:
    """Count again; what was edited by hand is kept unless asked otherwise."""
    item = visible_circular(request, pk)
    data = valid(RedrawForm(request.POST))
    operations.redraw_circular(
        circular=item,
        as_of=data["as_of"],
        keep_edited=not data["afresh"],
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已按新的截止日重新统计。"))
    return redirect("circular", pk=pk)


@may("supervision.run")
@require_POST
def circular_issue(request: Request, pk: int) -> HttpResponseBase:
    issued = operations.issue_circular(
        circular=visible_circular(request, pk), actor=request.acting, now=request.now
    )
    messages.success(request, _("已印发：%(number)s。") % {"number": operations.number_of(issued)})
    return redirect("circular", pk=pk)


@may("business.read")
@require_GET
def circular_figure(request: Request, pk: int, key: str) -> HttpResponse:
    """The obligations behind a number, as far as the office may see them."""
    figure = get_object_or_404(
        Figure.objects.select_related("circular"), circular=visible_circular(request, pk), key=key
    )
    behind = queries.Behind(figure, request.acting)
    context = {
        "tabs": tabs("circulars", request.acting),
        "figure": figure,
        "matter": matters_visible_to(request.acting).filter(pk=matter_named(figure.key) or 0).first(),
        "item": figure.circular,
        "listing": Listing.of(behind, request.GET, BEHIND, id="behind"),
        "n_hidden": len(figure.refs) - len(behind),
    }
    return render(request, "supervision/circular_figure.html", context)
