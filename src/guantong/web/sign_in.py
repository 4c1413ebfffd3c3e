"""Signing in and out, passwords, second factors, sessions. What the person proves is checked by allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.socialaccount.adapter import get_adapter as social_adapter
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts import lockout
from guantong.accounts.acting import Acting
from guantong.accounts.adapters import source_of
from guantong.accounts.middleware import Request
from guantong.accounts.models import Outcome, Person
from guantong.accounts.operations import refuse_weak_password, sign_out_everywhere
from guantong.accounts.policies import public, signed_in
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.web.demo_accounts import demo_accounts


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


class PasswordForm(forms.Form):
    current = forms.CharField(
        label=gettext_lazy("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy(
            "至少 10 个字符。可以用几个不相干的词，不要求定期更换，不能用常见或已泄露的密码。"
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.person = person
        if person.must_change_password:
            self.fields["current"].help_text = _("现在的密码是别人交给您的，修改后才能继续。")

    def clean_current(self) -> str:
        if not self.person.check_password(self.cleaned_data["current"]):
            raise ValidationError(_("现在的密码不正确。"))
        return str(self.cleaned_data["current"])

    def clean_new(self) -> str:
        names = {"sign_in": str(self.person.sign_in), "display_name": str(self.person.display_name)}
        refuse_weak_password(self.cleaned_data["new"], **names)
        return str(self.cleaned_data["new"])

    def clean(self) -> None:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", _("两次输入的密码不一致。"))
        if new and new == self.cleaned_data.get("current"):
            self.add_error("new", _("新密码不能和现在的密码相同。"))


def _safe_next(request: Request) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed else reverse("home")


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponseBase:
    """Name and password, then whatever second factor the person set up. One answer to everything wrong."""
    form = SignInForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        answer = _try(request, form.cleaned_data["sign_in"].strip(), form.cleaned_data["password"])
        if answer is not None:
            return answer
        form.add_error(
            None,
            _("没有登录成功。请核对登录名和密码；连续多次不成功的，请 15 分钟后再试，或联系安全管理员。"),
        )
        status = 422
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "providers": social_adapter().list_providers(request),
        "demo_accounts": demo_accounts() if settings.DEMO else [],
    }
    return render(request, "web/sign_in.html", context, status=status)


def _try(request: Request, name: str, password: str) -> HttpResponseBase | None:
    """Sign in, or None. The same work is done and the same row written whether or not the name exists."""
    source = source_of(request)
    locked = lockout.is_locked(sign_in=name, source=source, now=request.now)
    person = authenticate(request, sign_in_index=name, password=password)
    if locked or not isinstance(person, Person):
        with transaction.atomic():
            attempt = lockout.note_attempt(
                sign_in=name, source=source, outcome=Outcome.FAILED, now=request.now
            )
            audit.record("accounts.sign_in_failed", target=attempt, actor=Acting(), at=request.now)
        return None
    with transaction.atomic():
        lockout.note_attempt(sign_in=name, source=source, outcome=Outcome.PASSED, now=request.now)
        audit.record("accounts.password_given", target=person, actor=Acting(person), at=request.now)
    answer: HttpResponseBase = perform_password_login(
        request, {}, Login(user=person, redirect_url=_safe_next(request))
    )
    return answer


@signed_in
@require_POST
def sign_out(request: Request) -> HttpResponseBase:
    with transaction.atomic():
        assert request.acting.person is not None
        audit.record(
            "accounts.signed_out", target=request.acting.person, actor=request.acting, at=request.now
        )
    logout(request)
    answer = redirect("sign-in")
    if not request.POST.get("others"):  # another person's unsent records wait on this device for them
        answer["Clear-Site-Data"] = '"storage"'
    return answer


@public
@require_POST
def leave_stage(request: Request) -> HttpResponseBase:
    """Give up between password and second factor."""
    logout(request)
    return redirect("sign-in")


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponseBase:
    """Change one's own password; every other session ends."""
    person = request.acting.person
    assert person is not None
    form = PasswordForm(request.POST or None, person=person)
    tried: dict[str, Any] = {
        "sign_in": str(person.sign_in),
        "source": source_of(request),
        "now": request.now,
    }
    if request.method == "POST" and lockout.is_locked(**tried):
        raise Refusal(_("输错次数过多，请 15 分钟后再试。"))
    if request.method == "POST" and not form.is_valid() and form.has_error("current"):
        lockout.note_attempt(outcome=Outcome.FAILED, **tried)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            person.set_password(form.cleaned_data["new"])
            person.must_change_password = False
            person.save(update_fields=["password", "must_change_password"])
            audit.record("accounts.password_changed", target=person, actor=request.acting, at=request.now)
        sign_out_everywhere(person)
        update_session_auth_hash(request, person)
        UserSession.objects.create_from_request(request)
        messages.success(request, _("密码已修改，其他设备上的登录已退出。"))
        return redirect("account")
    return render(request, "web/password.html", {"form": form}, status=422 if form.errors else 200)
