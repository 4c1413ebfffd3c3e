"""How django-allauth meets this project: no public sign-up, sealed second factors, no rights on arrival."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.operations import create_person
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.privacy.secrets import open_secret, seal_secret


def display_of(person: AbstractBaseUser) -> str:
    return str(person)


def source_of(request: HttpRequest) -> str:
    """The address a request came from; behind the TLS proxy, what the proxy says."""
    if settings.HTTPS:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded:
            return str(forwarded.rpartition(",")[2].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the security administrator, never by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return source_of(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say what happened in their own words."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """One log row for every way of signing in, with what it was done by."""
        assert isinstance(user, Person)
        methods = [
            str(each.get("method")) for each in request.session.get("account_authentication_methods", [])
        ]
        with transaction.atomic():
            audit.record(
                "accounts.signed_in", target=user, actor=Acting(user), at=clock.now(), payload={"by": methods}
            )
        return super().post_login(request, user, **kwargs)  # type: ignore[no-any-return]

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Confirm that it is still the same person, found by the sign-in name as at signing in."""
        assert isinstance(user, Person)
        found = self.authenticate(context.request, sign_in_index=str(user.sign_in), password=password)
        return found is not None and found.pk == user.pk

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """No e-mail leaves the server from here."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """One-time-code secrets and recovery codes are sealed with the installation's key."""

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        assert isinstance(user, Person)
        return str(user.sign_in)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "贯通 Guantong"}


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whoever another identity provider vouches for gets an account without any right; only the name is kept."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Take the name and forget the rest before anything is saved, at every sign-in."""
        name = str(data.get("name") or data.get("username") or sociallogin.account.uid)
        sociallogin.user.display_name = name[:100]
        sociallogin.account.extra_data = {}
        return sociallogin.user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: object = None) -> Person:
        """A person of the project's own making."""
        account = sociallogin.account
        now: dt.datetime = getattr(request, "now", None) or clock.now()
        person = create_person(
            sign_in=f"{account.provider}:{account.uid}:{secrets.token_hex(4)}",
            display_name=str(sociallogin.user.display_name),
            password=None,
            actor=Acting(),
            now=now,
        )
        sociallogin.user = person
        sociallogin.email_addresses = []
        sociallogin.save(request, connect=True)
        return person
