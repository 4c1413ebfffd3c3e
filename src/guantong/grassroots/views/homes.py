"""The list of homes, the page of one, and its entry in the register."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.grassroots.choices import ContentKind
from guantong.grassroots.home_forms import WEEK, HomeFilter, HomeForm
from guantong.grassroots.home_terms import HOME, kind_label
from guantong.grassroots.models import Home
from guantong.grassroots.operations.homes import change_home, register_home
from guantong.grassroots.queries import activities as activity_queries
from guantong.grassroots.queries import homes as queries
from guantong.grassroots.queries.use import use_of
from guantong.grassroots.rules.homes import may_keep
from guantong.grassroots.rules.hours import week_of
from guantong.grassroots.views.home_frame import host_name, kept_home, open_home, standing, tabs
from guantong.grassroots.views.room_lines import room_lines
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("home", gettext_lazy("之家")),
    Column("now", gettext_lazy("现在")),
    Column("hosts", gettext_lazy("主办方")),
    Column("held", gettext_lazy("近 90 天活动"), is_number=True),
]
QUARTER = dt.timedelta(days=89)


@may("business.read")
@require_GET
def homes(request: Request) -> HttpResponse:
    """Homes in sight and near, found by name, kind, content, and whether they are open."""
    form = HomeFilter(request.GET)
    form.is_valid()
    found = list(queries.homes_open_to(request.acting).order_by("unit__path"))
    held = activity_queries.numbers_held([home.pk for home in found], request.today - QUARTER, request.today)
    found = [home for home in found if _fits(home, form.cleaned_data, held.get(home.pk, 0), request.now)]
    listing = Listing.of(found, request.GET, COLUMNS, id="homes", per_page=30)
    hosts = queries.hosts_on([home.pk for home in listing], request.today)
    context = {
        "tabs": tabs("homes", request.acting),
        "form": form,
        "listing": listing,
        "rows": [
            {
                "home": home,
                "kind": kind_label(home.subkind),
                "standing": standing(home.hours, request.now),
                "hosts": [host_name(each) for each in hosts.get(home.pk, ())],
                "held": held.get(home.pk, 0),
            }
            for home in listing
        ],
        "missing": list(queries.units_to_register(request.acting)[:30]),
        "may_register": request.acting.may("records.write"),
    }
    return render(request, "grassroots/homes.html", context)


def _fits(home: Home, wanted: dict[str, Any], held: int, now: dt.datetime) -> bool:
    name = (wanted.get("q") or "").strip().lower()
    if name and name not in home.unit.name.lower() and name not in home.unit.name_en.lower():
        return False
    if wanted.get("subkind") and home.subkind != wanted["subkind"]:
        return False
    if wanted.get("content") and wanted["content"] not in home.contents:
        return False
    if wanted.get("state") == "open":
        return bool(standing(home.hours, now)["is_open"])
    return wanted.get("state") != "idle" or held == 0


@may("business.read")
@require_GET
def home_page(request: Request, pk: int) -> HttpResponse:
    """What somebody at the door wants to know first, then what the keeper has to do, then figures."""
    home = open_home(request, pk)
    week = week_of(home.hours)
    hosts = queries.hosts_on([home.pk], request.today).get(home.pk, [])
    keeps = may_keep(request.acting, home)
    context = {
        "tabs": tabs("", request.acting),
        "home": home,
        "kind": kind_label(home.subkind),
        "standing": standing(home.hours, request.now),
        "week": [
            {"label": label, "text": week.get(number, ""), "today": number == request.today.isoweekday()}
            for number, label in enumerate(WEEK, start=1)
        ],
        "contents": [str(ContentKind(each).label) for each in home.contents if each in ContentKind.values],
        "hosts": [{"host": each, "name": host_name(each)} for each in hosts],
        "keepers": list(queries.keepers_of(home)),
        "coming": list(activity_queries.coming(home, on=request.today)[:5]),
        "to_record": list(activity_queries.to_record(home, on=request.today)[:10]) if keeps else [],
        "rooms": room_lines(home, request.today),
        "use": use_of(home, since=request.today - QUARTER, until=request.today),
        "keeps": keeps,
        "sees": request.acting.sees(home.unit.path),
        "may_book": request.acting.may("records.write"),
    }
    return render(request, "grassroots/home.html", context)


def _told(form: HomeForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if not name.startswith("day_")}


@may("records.write")
@require_http_methods(["GET", "POST"])
def home_registration(request: Request, pk: int) -> HttpResponseBase:
    """Enter a home that has no entry yet."""
    unit = get_object_or_404(units_visible_to(request.acting).filter(kind=HOME), pk=pk)
    if earlier := Home.objects.filter(unit=unit).first():
        return redirect("home-page", pk=earlier.pk)
    form = HomeForm(request.POST or None, home=Home(unit=unit, subkind=unit.subkind))
    if request.method == "POST" and form.is_valid():
        try:
            home = register_home(unit=unit, actor=request.acting, now=request.now, **_told(form))
            messages.success(request, _("已登记。"))
            return redirect("home-page", pk=home.pk)
        except Refusal as refusal:
            say_on(form, refusal)
    return _asked(request, form, {"unit": unit})


@may("records.write")
@require_http_methods(["GET", "POST"])
def home_edit(request: Request, pk: int) -> HttpResponseBase:
    """Change the entry."""
    home = kept_home(request, pk)
    form = HomeForm(request.POST or None, home=home)
    if request.method == "POST" and form.is_valid():
        try:
            change_home(home=home, actor=request.acting, now=request.now, **_told(form))
            messages.success(request, _("已保存。"))
            return redirect("home-page", pk=pk)
        except Refusal as refusal:
            say_on(form, refusal)
    return _asked(request, form, {"unit": home.unit, "home": home})


def _asked(request: Request, form: HomeForm, more: dict[str, Any]) -> HttpResponse:
    context = {"tabs": tabs("", request.acting), "form": form, **more}
    return render(request, "grassroots/home_form.html", context, status=422 if form.errors else 200)
