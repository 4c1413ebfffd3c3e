"""Whoever another identity provider vouches for arrives with an account and no right at all."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount, SocialLogin, SocialToken
from django.conf import LazySettings, settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.conftest import text_of, who_is_signed_in
from conftest import CONSOLE, START, City
from guantong.accounts.models import Person
from guantong.accounts.operations import hold_office, set_active
from guantong.audit.models import AuditEntry
from guantong.kernel import clock

TOLD = {
    "sub": "u-4711",
    "name": "赵六",
    "preferred_username": "zhao.liu",
    "email": "zhao.liu@example.org",
    "email_verified": True,
    "picture": "https://sso.example.org/zhao.png",
    "birthdate": "1980-01-01",
}


@pytest.fixture(autouse=True)
def provider(settings: LazySettings) -> None:
    """The city's own identity provider, as an installation would set it up."""
    app = {
        "provider_id": "city", "name": "市统一身份认证", "client_id": "guantong", "secret": "s",
        "settings": {"server_url": "https://sso.example.org"},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def request_of(client: Client) -> HttpRequest:
    """The request that comes back from the provider to the browser's session."""
    request = RequestFactory().get(reverse("openid_connect_callback", args=["city"]))
    key = client.cookies["session"].value if "session" in client.cookies else None
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    request.user = AnonymousUser()
    return request


def arrive(client: Client, told: dict[str, Any] = TOLD, *, process: str = "login") -> HttpResponse:
    """Come back from the provider with what it told, through allauth's own objects."""
    request = request_of(client)
    with context.request_context(request):
        found: SocialLogin = (
            get_adapter()
            .get_provider(request, "city")
            .sociallogin_from_response(request, {"userinfo": dict(told), "id_token": dict(told)})
        )
        found.state = {"process": process}
        answer: HttpResponse = complete_login(request, found)
    request.session.save()
    client.cookies["session"] = request.session.session_key
    return answer


@pytest.fixture
def arrived(offices: City) -> Client:
    client = Client()
    assert arrive(client)["Location"] == reverse("home")
    return client


class TestFirstArrival:
    def test_an_account_is_made_and_nothing_else(self, arrived: Client) -> None:
        person = Person.objects.get()
        assert who_is_signed_in(arrived) == person.pk
        assert (str(person.display_name), person.is_active) == ("赵六", True)
        assert not person.has_usable_password()
        assert not person.holdings.exists()
        assert AuditEntry.objects.get(verb="accounts.person_created").object_ref == str(person.pk)

    def test_the_home_page_says_that_there_is_no_office_yet(self, arrived: Client) -> None:
        assert "您还没有任职" in text_of(arrived.get(reverse("home")))  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "page",
        ["inbox", "obligations", "tasks", "records", "duty-lists", "scores", "cycles", "reviews", "approvals",
         "people", "new-person", "audit", "system", "administration"],
    )  # fmt: skip
    def test_every_other_page_is_closed(self, arrived: Client, page: str) -> None:
        answer = arrived.get(reverse(page))
        assert answer.status_code == 403
        assert not answer.wsgi_request.acting.functions

    def test_nothing_else_that_the_provider_told_is_kept(self, arrived: Client) -> None:
        account = SocialAccount.objects.get()
        assert (account.provider, account.uid, account.extra_data) == ("city", "u-4711", {})
        assert not EmailAddress.objects.exists()
        assert not SocialToken.objects.exists()

    def test_the_name_stands_sealed(self, arrived: Client) -> None:
        stored = Person.objects.values_list("display_name", "sign_in")[0]
        assert not any("赵六" in each.token or "u-4711" in each.token for each in stored)

    def test_the_number_stands_for_the_name_where_none_is_told(self, offices: City) -> None:
        arrive(Client(), {"sub": "u-1", "email": "one@example.org"})
        assert str(Person.objects.get().display_name) == "u-1"

    def test_an_overlong_name_is_cut(self, offices: City) -> None:
        arrive(Client(), TOLD | {"name": "长" * 300})
        assert str(Person.objects.get().display_name) == "长" * 100

    def test_an_arrival_without_an_e_mail_address_is_let_in_too(self, offices: City) -> None:
        client = Client()
        arrive(client, {"sub": "u-1", "name": "赵六"})
        assert who_is_signed_in(client) == Person.objects.get().pk


class TestLaterArrivals:
    def test_the_same_account_is_signed_in(self, arrived: Client) -> None:
        again = Client()
        arrive(again)
        assert who_is_signed_in(again) == Person.objects.get().pk

    def test_nothing_the_provider_tells_is_kept_then_either(self, arrived: Client) -> None:
        arrive(Client(), TOLD | {"name": "赵六七", "phone_number": "13800000000"})
        assert SocialAccount.objects.get().extra_data == {}
        assert str(Person.objects.get().display_name) == "赵六"

    def test_the_rights_are_those_of_the_office_given_meanwhile(self, arrived: Client, offices: City) -> None:
        office = offices.office("1506-MU-01", "unit_head")
        hold_office(
            person=Person.objects.get(), office=office, starts_on=clock.today(), actor=CONSOLE, now=START
        )
        again = Client()
        arrive(again)
        assert again.get(reverse("inbox")).wsgi_request.acting.office == office

    def test_a_stopped_account_is_not_let_in(self, arrived: Client) -> None:
        set_active(person=Person.objects.get(), active=False, actor=CONSOLE, now=START)
        again = Client()
        assert arrive(again)["Location"].startswith(reverse("sign-in"))
        assert (who_is_signed_in(again), who_is_signed_in(arrived)) == (None, None)

    def test_another_number_is_another_account_even_with_the_same_address_and_name(
        self, arrived: Client
    ) -> None:
        arrive(Client(), TOLD | {"sub": "u-4712"})
        assert Person.objects.count() == 2

    def test_an_existing_person_of_that_sign_in_name_is_not_taken_over(
        self, offices: City, newcomer: Person
    ) -> None:
        client = Client()
        arrive(client, TOLD | {"preferred_username": "newcomer", "sub": "newcomer"})
        assert who_is_signed_in(client) not in (None, newcomer.pk)


class TestPublicSignUp:
    @pytest.mark.parametrize("address", ["/accounts/signup/", "/signup/", "/sign-up/", "/accounts/login/"])
    def test_there_is_none(self, offices: City, address: str) -> None:
        answer = Client().post(address, {"email": "x@example.org", "password1": "a-long-password"})
        assert answer.status_code == 404
        assert not Person.objects.exists()

    def test_a_refused_sign_up_ends_at_the_sign_in_page(self, offices: City) -> None:
        answer = Client().get(reverse("socialaccount_signup"))
        assert 'name="sign_in"' in text_of(answer)  # type: ignore[arg-type]
