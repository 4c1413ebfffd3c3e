"""The security administrator's pages: accounts, who holds which office, absences, locks."""

from __future__ import annotations

import secrets

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from guantong.accounts import operations
from guantong.accounts.lockout import locked_names
from guantong.accounts.middleware import Request
from guantong.accounts.models import Absence, Handover, Holding, Office, Person
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.privacy import keys
from guantong.reporting.handover import offices_left_alone
from guantong.ui.forms import DAY, say_on, valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("person", gettext_lazy("人员")),
    Column("office", gettext_lazy("职务"), ("office__title",)),
    Column("role", gettext_lazy("角色"), ("office__role",)),
    Column("since", gettext_lazy("任职起"), ("starts_on",)),
]


class PeopleFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("职务名称或完整登录名"), required=False, max_length=64)


class PersonForm(forms.Form):
    sign_in = forms.CharField(label=gettext_lazy("登录名"), max_length=64)
    display_name = forms.CharField(label=gettext_lazy("称呼"), max_length=100)


class AppointmentForm(forms.Form):
    unit = forms.CharField(label=gettext_lazy("单位代码"), max_length=40)
    seat = forms.CharField(
        label=gettext_lazy("岗位"),
        max_length=60,
        help_text=gettext_lazy("岗位代号，如 unit_head、commissioner。"),
    )
    number = forms.IntegerField(label=gettext_lazy("序号"), min_value=1, initial=1)
    starts_on = forms.DateField(label=gettext_lazy("任职起"), widget=DAY)
    acting = forms.BooleanField(label=gettext_lazy("代理（暂代）"), required=False)


class AbsenceForm(forms.Form):
    stand_in = forms.CharField(label=gettext_lazy("代理人登录名"), max_length=64)
    starts_on = forms.DateField(label=gettext_lazy("自"), widget=DAY)
    ends_on = forms.DateField(label=gettext_lazy("至"), widget=DAY)


class EndForm(forms.Form):
    ends_on = forms.DateField(label=gettext_lazy("任职止"), widget=DAY)


@may("security.read")
@require_GET
def people(request: Request) -> HttpResponseBase:
    """Who may act for which office today, and offices that owe something with nobody in them."""
    holdings = Holding.objects.on(request.today).select_related("person", "office__unit")
    form = PeopleFilter(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    found = Person.objects.by_sign_in(wanted) if wanted else None
    if found:
        url = reverse("person", args=[found.pk])
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    if wanted:
        holdings = holdings.filter(office__title__icontains=wanted)
    listing = Listing.of(holdings, request.GET, COLUMNS, id="holdings", sort="office")
    keys.load(row.person.subject_id for row in listing)
    context = {
        "listing": listing,
        "form": form,
        "people": Person.objects.filter(is_active=True).count(),
        "without_office": Person.objects.filter(is_active=True)
        .exclude(pk__in=Holding.objects.on(request.today).values("person"))
        .order_by("-pk")[:20],
        "locked": Person.objects.filter(sign_in_index__in=locked_names(now=request.now)),
        "left_alone": offices_left_alone(on=request.today)[:20],
    }
    return render(request, "web/people.html", context)


@may("security.run")
@require_http_methods(["GET", "POST"])
def new_person(request: Request) -> HttpResponseBase:
    """A new account without any right; its first password is shown once."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = secrets.token_urlsafe(18)
        try:
            made = operations.create_person(
                password=password, actor=request.acting, now=request.now, **form.cleaned_data
            )
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            Person.objects.filter(pk=made.pk).update(must_change_password=True)
            return render(request, "web/new_password.html", {"person": made, "password": password})
    return render(request, "web/new_person.html", {"form": form}, status=422 if form.errors else 200)


@may("security.read")
@require_GET
def person(request: Request, pk: int) -> HttpResponse:
    """One account: offices past and present, absences, what can be done."""
    found = get_object_or_404(Person.objects.select_related("subject"), pk=pk)
    holdings = list(
        Holding.objects.filter(person=found)
        .select_related("office__unit", "handover")
        .prefetch_related("absences__stand_in")
        .order_by("-starts_on", "-pk")
    )
    context = {
        "person": found,
        "holdings": holdings,
        "stand_ins": Absence.objects.filter(stand_in=found).select_related("holding__office__unit"),
        "locked": found.sign_in_index in locked_names(now=request.now),
        "appointment_form": AppointmentForm(initial={"starts_on": request.today}),
        "absence_form": AbsenceForm(initial={"starts_on": request.today, "ends_on": request.today}),
        "end_form": EndForm(initial={"ends_on": request.today}),
        "may_run": request.acting.may("security.run"),
    }
    return render(request, "web/person.html", context)


@may("security.run")
@require_POST
def appointments(request: Request, pk: int) -> HttpResponseBase:
    """Put the person in an office."""
    found = get_object_or_404(Person, pk=pk)
    given = valid(AppointmentForm(request.POST))
    office = Office.objects.filter(
        unit__code=given["unit"].strip(), seat=given["seat"].strip(), number=given["number"], closed_on=None
    ).first()
    if office is None:
        raise Refusal(
            _("“%(unit)s”没有岗位“%(seat)s”（第 %(number)s 个），请核对单位代码和岗位代号。") % given
        )
    operations.hold_office(
        person=found,
        office=office,
        starts_on=given["starts_on"],
        acting=given["acting"],
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已任职。"))
    return redirect("person", pk=pk)


@may("security.run")
@require_POST
def holding_end(request: Request, pk: int) -> HttpResponseBase:
    """End a holding; its handover opens."""
    holding = get_object_or_404(Holding, pk=pk)
    operations.end_holding(
        holding=holding, actor=request.acting, now=request.now, **valid(EndForm(request.POST))
    )
    messages.success(request, _("任职已结束，手头工作等待接任者接收。"))
    return redirect("person", pk=holding.person_id)


@may("security.run")
@require_POST
def absences(request: Request, pk: int) -> HttpResponseBase:
    """Record that the holder is away and who stands in."""
    holding = get_object_or_404(Holding, pk=pk)
    given = valid(AbsenceForm(request.POST))
    stand_in = Person.objects.by_sign_in(given.pop("stand_in"))
    if stand_in is None:
        raise Refusal(_("没有这个登录名，请核对代理人的登录名。"))
    operations.record_absence(
        holding=holding, stand_in=stand_in, actor=request.acting, now=request.now, **given
    )
    messages.success(request, _("已安排代理。"))
    return redirect("person", pk=holding.person_id)


@may("security.run")
@require_POST
def unlocking(request: Request, pk: int) -> HttpResponseBase:
    operations.unlock(person=get_object_or_404(Person, pk=pk), actor=request.acting, now=request.now)
    messages.success(request, _("已解锁。"))
    return redirect("person", pk=pk)


@may("security.run")
@require_POST
def standing(request: Request, pk: int) -> HttpResponseBase:
    """Stop an account or let it in again."""
    active = request.POST.get("active") == "yes"
    operations.set_active(
        person=get_object_or_404(Person, pk=pk), active=active, actor=request.acting, now=request.now
    )
    messages.success(request, _("账号已恢复。") if active else _("账号已停用，并已退出所有登录。"))
    return redirect("person", pk=pk)


@may("security.run")
@require_POST
def sign_in_reset(request: Request, pk: int) -> HttpResponse:
    """A new password, handed over in person."""
    found = get_object_or_404(Person, pk=pk)
    password = operations.reset_sign_in(person=found, actor=request.acting, now=request.now)
    return render(request, "web/new_password.html", {"person": found, "password": password})


def handovers_open() -> int:
    return Handover.objects.filter(accepted_at__isnull=True).count()
