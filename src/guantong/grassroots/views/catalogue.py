"""The catalogue of services, edited by the coordinating office."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.grassroots.catalogue import BUILT_IN
from guantong.grassroots.models import ServiceItem
from guantong.grassroots.operations import catalogue as operations
from guantong.grassroots.service_forms import ItemForm
from guantong.grassroots.views.service_tabs import cycle_or_404, tabs
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import cycles_visible_to
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("name", gettext_lazy("服务"), ("name",)),
    Column("minutes", gettext_lazy("每次分钟"), ("minutes",), True),
    Column("given", gettext_lazy("已提供"), ("n_given",), True),
    Column("state", gettext_lazy("状态")),
]


@may("grassroots.run")
@require_http_methods(["GET", "POST"])
def service_items(request: Request) -> HttpResponseBase:
    """What liaison officers can do for people; adding a line."""
    cycle = cycle_or_404(request)
    form = ItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            item = operations.add_item(
                cycle=cycle, actor=request.acting, now=request.now, **form.cleaned_data
            )
            messages.success(request, _("已加入目录：%(item)s") % {"item": item})
            return redirect("service-items")
        except Refusal as refusal:
            say_on(form, refusal)
    found = ServiceItem.objects.filter(cycle=cycle).annotate(n_given=Count("services")).order_by("pk")
    context = {
        "tabs": tabs("service-items", request.acting),
        "cycle": cycle,
        "form": form,
        "listing": Listing.of(found, request.GET, COLUMNS, id="items"),
        "built_in": BUILT_IN,
    }
    return render(request, "grassroots/service_items.html", context, status=422 if form.errors else 200)


@may("grassroots.run")
@require_POST
def built_in_catalogue(request: Request) -> HttpResponseBase:
    """Take the built-in catalogue where there is none."""
    n = operations.take_built_in_catalogue(cycle=cycle_or_404(request), actor=request.acting, now=request.now)
    messages.success(
        request, _("已采用内置目录，共 %(n)s 项。") % {"n": n} if n else _("已有目录，没有改动。")
    )
    return redirect("service-items")


@may("grassroots.run")
@require_POST
def item_stop(request: Request, pk: int) -> HttpResponseBase:
    """A line is not offered any more."""
    found = ServiceItem.objects.filter(cycle__in=cycles_visible_to(request.acting).values("pk"))
    item = get_object_or_404(found, pk=pk)
    operations.stop_item(item=item, actor=request.acting, now=request.now)
    messages.success(request, _("已停用：%(item)s") % {"item": item})
    return redirect("service-items")
