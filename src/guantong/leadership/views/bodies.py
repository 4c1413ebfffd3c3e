"""Bodies: the list by kind, one with its members and meetings, setting up, changing, closing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.accounts.queries import offices_visible_to, units_visible_to
from guantong.kernel.refusals import Refusal
from guantong.leadership.body_forms import BodyForm, EndForm, FirstForm, MembersForm, as_typed
from guantong.leadership.choices import BodyKind
from guantong.leadership.models import Body, FirstResponsible, Membership
from guantong.leadership.operations import bodies as operations
from guantong.leadership.queries import bodies as queries
from guantong.leadership.queries.meetings import meetings_visible_to, with_attendance
from guantong.leadership.queries.offices import business_offices, offices_named
from guantong.leadership.rules.bodies import may_set_up
from guantong.leadership.views import tabs
from guantong.leadership.views.picking import chosen_offices, items_of
from guantong.organisation.models import Unit
from guantong.ui.forms import say_on, valid

SHOWN = 30


@may("business.read")
@require_GET
def bodies(request: Request) -> HttpResponse:
    """The three kinds of body in sight, with how many sit in each and how often it met this year."""
    found = queries.with_figures(
        queries.bodies_visible_to(request.acting).filter(closed_on=None), year=request.today.year
    )
    rows = list(found.order_by("unit__path", "pk"))
    first = {
        each.body_id: each.office
        for each in FirstResponsible.objects.filter(body__in=rows, ends_on=None).select_related("office")
    }
    groups = [
        {
            "label": kind.label,
            "rows": [
                {
                    "body": each,
                    "first": first.get(each.pk),
                    "wanted": queries.meetings_wanted(each, year=request.today.year, until=request.today),
                }
                for each in rows
                if each.kind == kind
            ],
        }
        for kind in BodyKind
    ]
    context = {
        "tabs": tabs("bodies", request.acting),
        "groups": groups,
        "may_set_up": request.acting.may("leadership.run"),
    }
    return render(request, "leadership/bodies.html", context)


def _visible(request: Request, pk: int) -> Body:
    return get_object_or_404(queries.bodies_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def body(request: Request, pk: int) -> HttpResponse:
    """One body: what it handles, who answers for it, who sat when, its meetings."""
    item = _visible(request, pk)
    seats = list(item.memberships.select_related("office__unit").order_by("starts_on", "pk"))
    words = request.GET.get("q", "")
    runs = may_set_up(request.acting, item.unit) and item.closed_on is None
    met = with_attendance(meetings_visible_to(request.acting).filter(body=item)).order_by("-day", "-pk")
    context = {
        "tabs": tabs("bodies", request.acting),
        "item": item,
        "sitting": [each for each in seats if each.ends_on is None],
        "left": [each for each in seats if each.ends_on is not None],
        "first": list(item.first_responsible.select_related("office").order_by("-starts_on")),
        "meetings": list(met[:SHOWN]),
        "wanted": queries.meetings_wanted(item, year=request.today.year, until=request.today),
        "runs": runs,
    }
    if runs:
        context |= _forms(request, item, seats, words)
    return render(request, "leadership/body.html", context)


def _forms(request: Request, item: Body, seats: list[Membership], words: str) -> dict[str, Any]:
    sitting = {each.office_id for each in seats if each.ends_on is None}
    found = [each for each in offices_named(request.acting, words) if each.pk not in sitting]
    return {
        "q": words,
        "found": items_of(found, checked=False),
        "form": BodyForm(initial=as_typed(item)),
        "members_form": MembersForm(initial={"since": request.today}),
        "first_form": FirstForm(offices=_sitting(item), initial={"since": request.today}),
        "end_form": EndForm(initial={"on": request.today}),
    }


def _sitting(item: Body) -> QuerySet[Office]:
    return business_offices(Office.objects.filter(memberships__in=item.memberships.filter(ends_on=None)))


def _units(request: Request) -> QuerySet[Unit]:
    """Units that bodies are set up in: territories, groups and their offices; not every village."""
    found = units_visible_to(request.acting).filter(closed_on=None)
    return found.exclude(level="village").exclude(kind="home").order_by("depth", "path")


@may("leadership.run")
@require_http_methods(["GET", "POST"])
def new_body(request: Request) -> HttpResponseBase:
    posted = request.POST if request.method == "POST" else None
    form = BodyForm(posted, units=_units(request), initial={"opened_on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.set_up_body(
                unit=form.cleaned_data["unit"],
                terms=form.terms(),
                opened_on=form.cleaned_data["opened_on"],
                actor=request.acting,
                now=request.now,
            )
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("已设立，接着添加成员和第一责任人。"))
            return redirect("body", pk=made.pk)
    context = {"tabs": tabs("bodies", request.acting), "form": form}
    return render(request, "leadership/body_new.html", context, status=422 if form.errors else 200)


@may("leadership.run")
@require_POST
def body_change(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    form = BodyForm(request.POST)
    valid(form)
    operations.change_body(body=item, terms=form.terms(), actor=request.acting, now=request.now)
    messages.success(request, _("已保存。"))
    return redirect("body", pk=pk)


@may("leadership.run")
@require_POST
def body_members(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    data = valid(MembersForm(request.POST))
    offices = chosen_offices(request.POST.getlist("offices"), offices_visible_to(request.acting))
    operations.seat_members(body=item, offices=offices, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已添加成员。"))
    return redirect("body", pk=pk)


@may("leadership.run")
@require_POST
def membership_end(request: Request, pk: int) -> HttpResponseBase:
    visible = queries.bodies_visible_to(request.acting).values("pk")
    membership = get_object_or_404(Membership.objects.select_related("body").filter(body__in=visible), pk=pk)
    data = valid(EndForm(request.POST))
    operations.end_membership(
        membership=membership, ends_on=data["on"], actor=request.acting, now=request.now
    )
    messages.success(request, _("已结束任期，历史保留。"))
    return redirect("body", pk=membership.body_id)


@may("leadership.run")
@require_POST
def first_responsible(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    data = valid(FirstForm(request.POST, offices=_sitting(item)))
    operations.name_first_responsible(body=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已明确第一责任人。"))
    return redirect("body", pk=pk)


@may("leadership.run")
@require_POST
def body_closing(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    data = valid(EndForm(request.POST))
    operations.close_body(body=item, closed_on=data["on"], actor=request.acting, now=request.now)
    messages.success(request, _("已撤销。"))
    return redirect("bodies")
