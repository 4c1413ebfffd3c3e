"""Signing in and out, choosing the office to act for, and the home page of each role."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language as django_set_language

from guantong.accounts.choices import Role
from guantong.accounts.middleware import SESSION_OFFICE, Request
from guantong.accounts.policies import public, signed_in
from guantong.accounts.queries import holdings_of
from guantong.kernel.refusals import Refusal
from guantong.web import homes
from guantong.web.demo_accounts import demo_accounts

BOARD_ROLES = {Role.COORDINATOR, Role.ASSESSOR}


class SignInForm(forms.Form):
    sign_in = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def _safe_next(request: Request) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed else reverse("home")


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponseBase:
    """Name and password; the answer to a wrong one tells nothing about which was wrong."""
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        person = authenticate(
            request, sign_in=form.cleaned_data["sign_in"].strip(), password=form.cleaned_data["password"]
        )
        if person is not None:
            login(request, person)
            return HttpResponseRedirect(_safe_next(request))
        form.add_error(None, _("登录名或密码不正确。"))
        status = 422
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo_accounts": demo_accounts() if settings.DEMO else [],
    }
    return render(request, "web/sign_in.html", context, status=status)


@signed_in
@require_POST
def sign_out(request: Request) -> HttpResponseBase:
    logout(request)
    return redirect("sign-in")


@signed_in
@require_POST
def acting_office(request: Request) -> HttpResponseBase:
    """Act for another of one's own offices."""
    assert request.acting.person is not None
    chosen = request.POST.get("office", "")
    held = holdings_of(request.acting.person, on=request.today)
    if not chosen.isdigit() or not held.filter(office=int(chosen)).exists():
        raise Refusal(_("您今天没有担任这个职务。"))
    request.session[SESSION_OFFICE] = int(chosen)
    return redirect("home")


@public
def set_language(request: Request) -> HttpResponseBase:
    return django_set_language(request)


@signed_in
def home(request: Request) -> HttpResponse:
    """The board for whoever coordinates or assesses; what one owes for everybody else."""
    office = request.acting.office
    if office is None:
        return render(request, "web/home_without_office.html")
    if request.acting.is_administrator:
        return homes.administrator_home(request)
    if office.role in BOARD_ROLES:
        return homes.board_home(request)
    return homes.office_home(request)


@public
def page_missing(request: Request, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/404.html", status=404)


@public
def not_allowed(request: Request, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/403.html", status=403)


@public
def failed(request: Request) -> HttpResponse:
    return render(request, "web/500.html", status=500)
