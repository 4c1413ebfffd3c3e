"""The one box: a few hits of each kind, or all of one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.mechanisms.queries import current_cycle
from guantong.search import following, queries
from guantong.search.finding import MOST, SHOWN, Found, Group, find, kinds_of
from guantong.search.sources import kind_named
from guantong.search.words import MAX_CHARACTERS
from guantong.ui.saving import save_url

ON_A_PAGE = 20


@may("business.read")
@require_GET
def search(request: Request) -> HttpResponse:
    """What is found by ``q``; ``kind`` opens one kind."""
    question = request.GET.get("q", "").strip()[:MAX_CHARACTERS]
    only = kind_named(request.GET.get("kind", ""))
    if only not in kinds_of(request.acting):
        only = None
    found = find(question, acting=request.acting, only=only)
    group = next((each for each in found.groups if each.kind is only), None) if only else None
    context: dict[str, Any] = {
        "question": question,
        "found": found,
        "only": only,
        "group": group,
        "groups": [(each, _address(question, each.kind.name)) for each in found.groups],
        "chips": _chips(question, found, only.name if only else ""),
        "page": _page(request, group),
        "as_of": following.behind_since(),
        "save_url": save_url(request) if found.terms else "",
        "most": MOST,
        "shown": SHOWN,
        "may_keep_words": request.acting.may("search.words"),
    }
    if not question:
        context["own_views"] = queries.own_views(request.acting)[:20]
        context["unit_views"] = queries.views_of_unit(request.acting)[:20]
    return render(request, "search/search.html", context)


def _address(question: str, kind: str = "", page: int = 1) -> str:
    asked: dict[str, object] = {"q": question}
    if kind:
        asked["kind"] = kind
    if page > 1:
        asked["page"] = page
    return f"{reverse('search')}?{urlencode(asked)}"


def _chips(question: str, found: Found, current: str) -> list[dict[str, Any]]:
    chips = [{"label": _("全部"), "url": _address(question), "current": not current}]
    for group in found.groups:
        count = f"{group.count}+" if group.more else str(group.count)
        chips.append(
            {
                "label": f"{group.kind.label} {count}",
                "url": _address(question, group.kind.name),
                "current": group.kind.name == current,
            }
        )
    return chips


def _page(request: Request, group: Group | None) -> dict[str, Any] | None:
    if group is None:
        return None
    page = Paginator(group.hits, ON_A_PAGE).get_page(request.GET.get("page"))
    question, kind = request.GET.get("q", ""), group.kind.name
    return {
        "hits": page.object_list,
        "previous": _address(question, kind, page.previous_page_number()) if page.has_previous() else "",
        "next": _address(question, kind, page.next_page_number()) if page.has_next() else "",
        "number": page.number,
        "of": page.paginator.num_pages,
        "start": page.start_index(),
    }


@may("business.read")
@require_GET
def found_unit(request: Request, pk: int) -> HttpResponseBase:
    """The page of a unit in the cycle of today."""
    unit = get_object_or_404(units_visible_to(request.acting), pk=pk)
    cycle = current_cycle(request.acting, on=request.today)
    return redirect("unit", cycle.pk, unit.pk) if cycle else redirect("home")
