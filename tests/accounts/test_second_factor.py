"""One-time codes: switched on with a fresh confirmation, then asked for at every sign-in."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.conftest import PASSWORD, Enter, give_password, text_of, who_is_signed_in
from conftest import CONSOLE, City, at
from guantong.accounts.models import Person
from guantong.accounts.operations import reset_sign_in, set_active


@pytest.fixture(autouse=True)
def nothing_counted_yet(db: None) -> None:
    cache.clear()


def code_of(secret: str, *, step: int = 0) -> str:
    """What the app shows now, or ``step`` periods of half a minute from now; never just before it changes."""
    if (left := 30 - time.time() % 30) < 3:
        time.sleep(left)
    now = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, now[len(now) // 2] + step)))


def another_than(secret: str) -> str:
    return next(
        f"{number:06}" for number in range(10) if f"{number:06}" not in
        {code_of(secret, step=step) for step in (-2, -1, 0, 1, 2)}
    )  # fmt: skip


def confirm(client: Client, password: str = PASSWORD) -> int:
    return client.post(reverse("account_reauthenticate"), {"password": password}).status_code


def switch_on(client: Client) -> str:
    """Go through the page as a person does; returns the secret that the app now has."""
    confirm(client)
    page = text_of(client.get(reverse("mfa_activate_totp")))  # type: ignore[arg-type]
    found = re.search(r'<code class="break">([A-Z2-7]+)</code>', page)
    assert found
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(found[1])})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return found[1]


def recovery_codes(client: Client) -> list[str]:
    confirm(client)
    page = text_of(client.get(reverse("mfa_view_recovery_codes")))  # type: ignore[arg-type]
    return re.findall(r'<code class="code">([^<]+)</code>', page)


def give_code(client: Client, code: str) -> int:
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code


@pytest.fixture
def inside(offices: City, newcomer: Person, enter: Enter) -> Client:
    return enter(newcomer)


@pytest.fixture
def secret(inside: Client) -> str:
    """One-time codes are on; the secret the app has."""
    return switch_on(inside)


@pytest.fixture
def at_the_door(secret: str, newcomer: Person) -> Client:
    """The password was right; the code is still to come."""
    client = Client()
    assert give_password(client, "newcomer")["Location"] == reverse("mfa_authenticate")
    return client


class TestSwitchingOn:
    def test_the_password_is_asked_again_first(self, inside: Client) -> None:
        answer = inside.get(reverse("mfa_activate_totp"))
        assert answer["Location"].startswith(reverse("account_reauthenticate"))

    def test_a_wrong_one_does_not_confirm(self, inside: Client) -> None:
        assert confirm(inside, "not-the-password") == 200
        assert inside.get(reverse("mfa_activate_totp"))["Location"].startswith(
            reverse("account_reauthenticate")
        )

    def test_somebody_else_s_password_does_not_confirm(self, inside: Client, offices: City) -> None:
        head = offices.head.person
        assert head is not None
        head.set_password("the-head-of-the-unit")
        head.save()
        confirm(inside, "the-head-of-the-unit")
        assert inside.get(reverse("mfa_activate_totp")).status_code == 302

    def test_the_right_one_does_for_five_minutes(self, inside: Client) -> None:
        confirm(inside)
        assert inside.get(reverse("mfa_activate_totp")).status_code == 200
        session = inside.session
        for each in session["account_authentication_methods"]:
            each["at"] = time.time() - 301
        session.save()
        assert inside.get(reverse("mfa_activate_totp")).status_code == 302

    def test_a_wrong_code_switches_nothing_on(self, inside: Client) -> None:
        confirm(inside)
        page = text_of(inside.get(reverse("mfa_activate_totp")))  # type: ignore[arg-type]
        found = re.search(r'<code class="break">([A-Z2-7]+)</code>', page)
        assert found
        answer = inside.post(reverse("mfa_activate_totp"), {"code": another_than(found[1])})
        assert "field__error" in text_of(answer)  # type: ignore[arg-type]
        assert not Authenticator.objects.exists()

    def test_the_secrets_stand_sealed_in_the_database(self, inside: Client, secret: str) -> None:
        codes = recovery_codes(inside)
        assert len(codes) == 10
        stored = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in stored
        assert not any(code in stored for code in codes)
        assert not any(code.replace("-", "") in stored for code in codes)


class TestSecondStep:
    def test_the_password_alone_lets_nobody_in(self, at_the_door: Client) -> None:
        assert who_is_signed_in(at_the_door) is None
        assert at_the_door.get(reverse("home"))["Location"].startswith(reverse("sign-in"))

    def test_the_code_does(self, at_the_door: Client, secret: str, newcomer: Person) -> None:
        assert give_code(at_the_door, code_of(secret)) == 302
        assert who_is_signed_in(at_the_door) == newcomer.pk

    def test_a_wrong_code_does_not(self, at_the_door: Client, secret: str) -> None:
        answer = at_the_door.post(reverse("mfa_authenticate"), {"code": another_than(secret)})
        assert "field__error" in text_of(answer)  # type: ignore[arg-type]
        assert who_is_signed_in(at_the_door) is None

    def test_a_code_of_ten_minutes_ago_does_not(self, at_the_door: Client, secret: str) -> None:
        give_code(at_the_door, code_of(secret, step=-20))
        assert who_is_signed_in(at_the_door) is None

    def test_a_code_lets_in_once(self, at_the_door: Client, secret: str, newcomer: Person) -> None:
        code = code_of(secret)
        give_code(at_the_door, code)
        second = Client()
        give_password(second, "newcomer")
        give_code(second, code)
        assert (who_is_signed_in(at_the_door), who_is_signed_in(second)) == (newcomer.pk, None)

    def test_guessing_codes_is_slowed_down(self, at_the_door: Client, secret: str) -> None:
        for _time in range(11):
            give_code(at_the_door, another_than(secret))
        give_code(at_the_door, code_of(secret))
        assert who_is_signed_in(at_the_door) is None

    def test_a_recovery_code_lets_in_once(
        self, inside: Client, at_the_door: Client, newcomer: Person
    ) -> None:
        code = recovery_codes(inside)[0]
        assert give_code(at_the_door, code) == 302
        assert who_is_signed_in(at_the_door) == newcomer.pk
        second = Client()
        give_password(second, "newcomer")
        give_code(second, code)
        assert who_is_signed_in(second) is None
        assert code not in recovery_codes(inside)

    def test_without_the_password_there_is_no_second_step(self, secret: str) -> None:
        stranger = Client()
        assert stranger.get(reverse("mfa_authenticate"))["Location"] == reverse("sign-in")
        answer = stranger.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert answer["Location"] == reverse("sign-in")
        assert who_is_signed_in(stranger) is None

    def test_one_may_give_up_in_between(self, at_the_door: Client, secret: str) -> None:
        assert at_the_door.get(reverse("account_logout")).status_code == 405
        assert at_the_door.post(reverse("account_logout"))["Location"] == reverse("sign-in")
        give_code(at_the_door, code_of(secret))
        assert who_is_signed_in(at_the_door) is None

    def test_who_is_stopped_in_between_is_not_let_in(
        self, at_the_door: Client, secret: str, newcomer: Person
    ) -> None:
        set_active(person=newcomer, active=False, actor=CONSOLE, now=at(3, 2))
        give_code(at_the_door, code_of(secret))
        assert who_is_signed_in(at_the_door) is None

    def test_a_password_handed_out_must_still_be_changed_after_the_code(
        self, at_the_door: Client, secret: str, newcomer: Person
    ) -> None:
        Person.objects.filter(pk=newcomer.pk).update(must_change_password=True)
        assert at_the_door.get(reverse("mfa_authenticate")).status_code == 200
        give_code(at_the_door, code_of(secret))
        assert at_the_door.get(reverse("home"))["Location"] == reverse("password")


class TestSwitchingOff:
    def test_it_takes_a_fresh_confirmation_and_then_the_password_is_enough(
        self, inside: Client, secret: str, newcomer: Person, enter: Enter
    ) -> None:
        session = inside.session
        session["account_authentication_methods"] = []
        session.save()
        inside.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.count() == 2
        confirm(inside)
        assert inside.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
        assert not Authenticator.objects.exists()
        assert who_is_signed_in(enter(newcomer)) == newcomer.pk

    def test_resetting_the_sign_in_takes_the_second_step_away(self, secret: str, newcomer: Person) -> None:
        password = reset_sign_in(person=newcomer, actor=CONSOLE, now=at(3, 2))
        assert give_password(Client(), "newcomer", password)["Location"] == reverse("home")
