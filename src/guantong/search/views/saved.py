"""Saved views: one's own and the unit's, saving one, opening one, dropping one."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.search import operations, queries
from guantong.search.forms import ViewForm
from guantong.search.listings import LISTS, kept_of, list_at
from guantong.search.models import SavedView
from guantong.ui.forms import say_on


@may("business.read")
@require_GET
def saved_views(request: Request) -> HttpResponse:
    """One's own views and those shared with the unit."""
    own = [
        (view, LISTS.get(view.page, ""), _link(request, view)) for view in queries.own_views(request.acting)
    ]
    shared = [(view, LISTS.get(view.page, "")) for view in queries.views_of_unit(request.acting)]
    return render(request, "search/views.html", {"own": own, "shared": shared})


def _link(request: Request, view: SavedView) -> str:
    if view.shared != "link":
        return ""
    return request.build_absolute_uri(reverse("shared-view", args=[view.code]))


def _asked(request: Request) -> str:
    """The list to save. The page one comes from knows its filter best: it changes without the link being drawn anew."""
    said = request.GET.get("of", "")
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path == urlsplit(said).path:
        return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    return said


@may("business.read")
@require_http_methods(["GET", "POST"])
def new_view(request: Request) -> HttpResponseBase:
    """Give a filtered list a name and say who may open it."""
    form = ViewForm(request.POST) if request.method == "POST" else ViewForm(initial={"of": _asked(request)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            operations.save_view(
                name=given["name"], address=given["of"], shared=given["shared"],
                actor=request.acting, now=request.now,
            )  # fmt: skip
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("saved-views")
    address = form["of"].value() or ""
    page = list_at(address)
    context = {"form": form, "page": LISTS.get(page, ""), "address": kept_of(address) if page else ""}
    return render(request, "search/view_new.html", context, status=422 if form.errors else 200)


def _opened(view: SavedView) -> HttpResponseBase:
    """Lead to the list; it shows what the opener may see. A page that is a list no longer is not opened."""
    if not list_at(view.address):
        raise Http404
    return HttpResponseRedirect(view.address)


@may("business.read")
@require_GET
def saved_view(request: Request, pk: int) -> HttpResponseBase:
    return _opened(get_object_or_404(queries.views_visible_to(request.acting), pk=pk))


@may("business.read")
@require_GET
def shared_view(request: Request, code: str) -> HttpResponseBase:
    """A view that was shared by its link."""
    view = queries.view_by_link(code)
    if view is None:
        raise Http404
    return _opened(view)


@may("business.read")
@require_POST
def saved_view_end(request: Request, pk: int) -> HttpResponseBase:
    view = get_object_or_404(SavedView, pk=pk, person=request.acting.person)
    operations.drop_view(view=view, actor=request.acting, now=request.now)
    messages.success(request, _("已删除。"))
    return redirect("saved-views")
