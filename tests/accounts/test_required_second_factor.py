"""Administrators sign in with a second factor, and every way in and every change of a factor leaves a row."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from conftest import City, SignIn
from guantong.accounts.middleware import BEFORE_SECOND_FACTOR
from guantong.accounts.second_factors import is_missing
from guantong.audit.models import AuditEntry
from guantong.privacy.secrets import seal_secret

PASSWORD = "two-words-and-a-number-7"


@pytest.fixture(autouse=True)
def of_administrators(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "administrators"


def with_code(city: City) -> Client:
    person = city.acting("1506-LGO", "audit_admin").person
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": seal_secret("JBSWY3DPEHPK3PXP")}
    )
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


class TestRequired:
    def test_an_administrator_without_one_is_led_to_setting_it_up(self, city: City, as_: SignIn) -> None:
        client = as_(city.acting("1506-LGO", "audit_admin"))
        answer = client.get(reverse("audit"))
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))
        fragment = client.get(reverse("audit"), headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment["HX-Redirect"]) == (403, reverse("mfa_index"))

    def test_nothing_that_was_posted_is_done(self, city: City, as_: SignIn) -> None:
        client = as_(city.acting("1506-LGO", "audit_admin"))
        rows = AuditEntry.objects.count()
        assert client.post(reverse("verifications")).status_code == 302
        assert AuditEntry.objects.count() == rows

    def test_the_way_to_set_it_up_is_open(self, city: City, as_: SignIn) -> None:
        client = as_(city.acting("1506-LGO", "audit_admin"))
        assert client.get(reverse("mfa_index")).status_code == 200
        assert "mfa_activate_totp" in BEFORE_SECOND_FACTOR

    def test_with_one_the_pages_open(self, city: City) -> None:
        assert with_code(city).get(reverse("audit")).status_code == 200

    def test_others_are_not_asked_unless_everybody_is(
        self, city: City, as_: SignIn, settings: LazySettings
    ) -> None:
        assert as_(city.coordinator).get(reverse("inbox")).status_code == 200
        settings.SECOND_FACTOR = "everybody"
        assert is_missing(city.coordinator)
        assert as_(city.coordinator).get(reverse("inbox"))["Location"] == reverse("mfa_index")


class TestLog:
    def test_each_change_of_a_factor_leaves_a_row_without_the_secret(self, city: City) -> None:
        person = city.acting("1506-LGO", "audit_admin").person
        assert person is not None
        factor = Authenticator(user=person, type=Authenticator.Type.TOTP, data={"secret": "s"})
        for signal in (authenticator_added, authenticator_removed):
            signal.send(sender=Authenticator, request=None, user=person, authenticator=factor)
        rows = AuditEntry.objects.filter(verb__startswith="accounts.factor_").order_by("pk")
        assert [(row.verb, row.payload) for row in rows] == [
            ("accounts.factor_added", '{"factor":"totp"}'),
            ("accounts.factor_removed", '{"factor":"totp"}'),
        ]

    def test_signing_in_leaves_one_row_that_says_by_what(self, city: City) -> None:
        person = city.head.person
        assert person is not None
        person.set_password(PASSWORD)
        person.save()
        answer = Client().post(reverse("sign-in"), {"sign_in": str(person.sign_in), "password": PASSWORD})
        assert answer.status_code == 302
        [row] = AuditEntry.objects.filter(verb="accounts.signed_in", person_ref=person.pk)
        assert "by" in row.payload


class TestGuessingThePresentPassword:
    def test_on_the_change_page_it_is_slowed_down_like_at_the_door(self, city: City, as_: SignIn) -> None:
        client = as_(city.head)
        guess = {"current": "wrong", "new": PASSWORD, "again": PASSWORD}
        statuses = [client.post(reverse("password"), guess).status_code for _turn in range(6)]
        assert statuses == [422] * 6
        assert "15 分钟" in client.post(reverse("password"), guess).content.decode()
