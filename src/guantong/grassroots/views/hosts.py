"""Who hosts a home, from a day to a day."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.grassroots.home_forms import HostForm
from guantong.grassroots.models import Home, HomeHost
from guantong.grassroots.operations.homes import add_host, end_host
from guantong.grassroots.queries.homes import homes_visible_to
from guantong.grassroots.views.home_frame import host_name, kept_home, tabs
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.partners.models import Partner
from guantong.partners.queries import partners_visible_to
from guantong.ui.forms import say_on


@may("records.write")
@require_http_methods(["GET", "POST"])
def home_hosts(request: Request, pk: int) -> HttpResponseBase:
    """All hosts there have been, and one more."""
    home = kept_home(request, pk)
    units, partners = _units_around(home), _partners(request, home)
    hosts = [(f"u{each.pk}", str(each)) for each in units] + [
        (f"p{each.pk}", each.neutral_name) for each in partners
    ]
    form = HostForm(request.POST or None, hosts=hosts, initial={"starts_on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, home, form, units, partners)
            messages.success(request, _("已添加主办方。"))
            return redirect("home-hosts", pk=pk)
        except Refusal as refusal:
            say_on(form, refusal)
    rows = home.hosts.select_related("unit", "partner__subject").order_by("ends_on", "-starts_on", "pk")
    context = {
        "tabs": tabs("", request.acting),
        "home": home,
        "form": form,
        "rows": [{"host": each, "name": host_name(each)} for each in rows],
    }
    return render(request, "grassroots/home_hosts.html", context, status=422 if form.errors else 200)


def _add(
    request: Request, home: Home, form: HostForm, units: list[Unit], partners: list[Partner]
) -> HomeHost:
    given = form.cleaned_data
    who = given["who"]
    return add_host(
        home=home,
        kind=given["kind"],
        starts_on=given["starts_on"],
        unit=next((each for each in units if who == f"u{each.pk}"), None),
        partner=next((each for each in partners if who == f"p{each.pk}"), None),
        actor=request.acting,
        now=request.now,
    )


def _units_around(home: Home) -> list[Unit]:
    """The county and what lies between it and the home, and the villages of its township."""
    above = list(home.unit.ancestors().filter(level__in=["county", "township", "village"]))
    township = next((each for each in above if each.level == "township"), None)
    wanted = Q(pk__in=[each.pk for each in above])
    if township:
        wanted |= Q(parent=township, level="village", closed_on__isnull=True)
    return list(Unit.objects.filter(wanted, kind="territory").order_by("path"))


def _partners(request: Request, home: Home) -> list[Partner]:
    """Organisations of the register, for those who may read it."""
    if not request.acting.may("partners.read"):
        return []
    found = partners_visible_to(request.acting).filter(closed_on__isnull=True).exclude(name="")
    above = home.unit.ancestor_paths()
    return list(found.filter(area__path__in=above).order_by("name")[:200])


@may("records.write")
@require_POST
def home_host_end(request: Request, pk: int) -> HttpResponseBase:
    """From tomorrow on it hosts no more."""
    host = get_object_or_404(
        HomeHost.objects.select_related("home__unit").filter(home__in=homes_visible_to(request.acting)), pk=pk
    )
    end_host(host=host, ends_on=max(request.today, host.starts_on), actor=request.acting, now=request.now)
    messages.success(request, _("已结束。"))
    return redirect("home-hosts", pk=host.home_id)
