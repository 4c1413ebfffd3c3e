"""Signing in: one answer to everything wrong, and slowing down whoever guesses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.db.models import F
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.conftest import PASSWORD, Enter, give_password, text_of, who_is_signed_in, without_tokens
from conftest import CONSOLE, START, City, SignIn
from guantong.accounts import lockout
from guantong.accounts.adapters import source_of
from guantong.accounts.models import Outcome, Person, SignInAttempt
from guantong.accounts.operations import create_person, set_active, unlock
from guantong.audit.models import AuditEntry
from guantong.privacy.keys import index_of

MINUTE = dt.timedelta(minutes=1)
FRESH = ("Content-Security-Policy", "X-Request-ID")  # new with every answer


def fail(name: str, times: int, *, source: str = "10.0.0.1", at: dt.datetime = START) -> None:
    for _time in range(times):
        lockout.note_attempt(sign_in=name, source=source, outcome=Outcome.FAILED, now=at)


def is_locked(name: str, *, source: str = "10.9.9.9", at: dt.datetime = START) -> bool:
    return lockout.is_locked(sign_in=name, source=source, now=at)


class TestLockout:
    @pytest.mark.parametrize("name", ["newcomer", "nobody-of-that-name"])
    def test_five_failures_lock_a_name_whether_it_exists_or_not(self, newcomer: Person, name: str) -> None:
        fail(name, 4)
        assert not is_locked(name)
        fail(name, 1)
        assert is_locked(name)
        assert not is_locked("another-name")

    def test_however_the_name_is_written(self, newcomer: Person) -> None:
        fail(" NewComer", 5)
        assert is_locked("newcomer")

    def test_a_quarter_of_an_hour_after_the_failures_it_is_free_again(self, newcomer: Person) -> None:
        fail("newcomer", 5)
        assert is_locked("newcomer", at=START + 14 * MINUTE)
        assert not is_locked("newcomer", at=START + 15 * MINUTE)

    def test_failures_spread_wider_than_that_do_not_lock(self, newcomer: Person) -> None:
        for number in range(8):
            fail("newcomer", 1, at=START + number * 4 * MINUTE)
        assert not is_locked("newcomer", at=START + 28 * MINUTE)

    @pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.UNLOCKED])
    def test_only_failures_in_a_row_count(self, newcomer: Person, outcome: str) -> None:
        fail("newcomer", 4)
        lockout.note_attempt(sign_in="newcomer", source="10.0.0.1", outcome=outcome, now=START)
        fail("newcomer", 4)
        assert not is_locked("newcomer")

    def test_fifty_failures_lock_an_address_for_every_name(self, newcomer: Person) -> None:
        for number in range(49):
            fail(f"name-{number}", 1)
        assert not is_locked("newcomer", source="10.0.0.1")
        fail("one-more", 1)
        assert is_locked("newcomer", source="10.0.0.1")
        assert not is_locked("newcomer", source="10.0.0.2")
        assert not is_locked("newcomer", source="10.0.0.1", at=START + 15 * MINUTE)

    def test_unlocking_lets_the_name_in_at_once(self, newcomer: Person) -> None:
        fail("newcomer", 7)
        assert lockout.locked_names(now=START) == {newcomer.sign_in_index}
        unlock(person=newcomer, actor=CONSOLE, now=START)
        assert not is_locked("newcomer")
        assert lockout.locked_names(now=START) == set()
        assert AuditEntry.objects.get(verb="accounts.unlocked").object_ref == str(newcomer.pk)

    def test_unlocking_one_leaves_the_others_locked(self, newcomer: Person) -> None:
        for name in ("newcomer", "other"):
            fail(name, 5)
        unlock(person=newcomer, actor=CONSOLE, now=START)
        assert lockout.locked_names(now=START) == {index_of("other")}

    def test_neither_name_nor_address_can_be_read_from_the_rows(self, newcomer: Person) -> None:
        fail("newcomer", 1, source="10.0.0.1")
        row = SignInAttempt.objects.values_list("who", "source").get()
        assert row == (newcomer.sign_in_index, index_of("source 10.0.0.1"))
        assert not any("newcomer" in each or "10.0.0.1" in each for each in row)


class TestWhereARequestComesFrom:
    @pytest.mark.parametrize(
        ("https", "forwarded", "expected"),
        [
            (False, "1.1.1.1", "127.0.0.1"),
            (True, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
            (True, "3.3.3.3", "3.3.3.3"),
            (True, "", "127.0.0.1"),
        ],
    )
    def test_only_the_own_proxy_is_believed(
        self, settings: LazySettings, https: bool, forwarded: str, expected: str
    ) -> None:
        settings.HTTPS = https
        request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded} if forwarded else {})
        assert source_of(request) == expected


class TestSignInPage:
    def test_name_and_password_let_in(self, offices: City, newcomer: Person) -> None:
        client = Client()
        answer = give_password(client, " NEWCOMER ")
        assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
        assert who_is_signed_in(client) == newcomer.pk
        assert SignInAttempt.objects.get().outcome == Outcome.PASSED
        assert AuditEntry.objects.get(verb="accounts.password_given").person_ref == newcomer.pk

    def test_a_wrong_password_does_not_and_leaves_a_row_without_a_name(
        self, offices: City, newcomer: Person
    ) -> None:
        client = Client()
        assert give_password(client, "newcomer", "something-else").status_code == 422
        assert who_is_signed_in(client) is None
        assert SignInAttempt.objects.get().outcome == Outcome.FAILED
        entry = AuditEntry.objects.get(verb="accounts.sign_in_failed")
        assert (entry.person_ref, entry.actor, entry.payload) == (None, "anonymous", "{}")

    def test_one_answer_to_everything_wrong(self, offices: City, newcomer: Person) -> None:
        stopped = create_person(
            sign_in="stopped", display_name="某", password=PASSWORD, actor=CONSOLE, now=START
        )
        set_active(person=stopped, active=False, actor=CONSOLE, now=START)
        create_person(sign_in="passwordless", display_name="某", password=None, actor=CONSOLE, now=START)
        create_person(sign_in="locked", display_name="某", password=PASSWORD, actor=CONSOLE, now=START)
        for _time in range(5):
            give_password(Client(), "locked", "wrong-password")
            give_password(Client(), "locked-nobody", "wrong-password")
        tried = [
            ("nobody", "wrong-password"),
            ("newcomer", "wrong-password"),
            ("stopped", PASSWORD),
            ("passwordless", PASSWORD),
            ("locked", PASSWORD),
            ("locked", "wrong-password"),
            ("locked-nobody", PASSWORD),
        ]
        answers = [give_password(Client(), name, password) for name, password in tried]
        pages = {
            without_tokens(answer).replace(f'value="{name}"', 'value="…"')
            for (name, _password), answer in zip(tried, answers, strict=True)
        }
        assert {answer.status_code for answer in answers} == {422}
        assert len(pages) == 1
        headers = [{name: value for name, value in answer.items() if name not in FRESH} for answer in answers]
        assert all(each | {"Content-Length": ""} == headers[0] | {"Content-Length": ""} for each in headers)
        assert SignInAttempt.objects.filter(outcome=Outcome.FAILED).count() == 10 + len(tried)

    def test_a_locked_name_is_not_let_in_with_the_right_password(
        self, offices: City, newcomer: Person
    ) -> None:
        for _time in range(5):
            give_password(Client(), "newcomer", "wrong-password")
        client = Client()
        give_password(client, "newcomer")
        assert who_is_signed_in(client) is None
        SignInAttempt.objects.update(at=F("at") - 16 * MINUTE)
        give_password(client, "newcomer")
        assert who_is_signed_in(client) == newcomer.pk

    def test_a_locked_address_is_not_let_in_for_any_name(self, offices: City, newcomer: Person) -> None:
        for number in range(50):
            give_password(Client(), f"name-{number}", "wrong-password")
        client = Client()
        give_password(client, "newcomer")
        assert who_is_signed_in(client) is None
        elsewhere = Client(REMOTE_ADDR="10.0.0.7")
        give_password(elsewhere, "newcomer")
        assert who_is_signed_in(elsewhere) == newcomer.pk

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ("/account/", "/account/"),
            ("https://example.org/", "/"),
            ("//example.org/", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
        ],
    )
    def test_it_leads_to_the_page_wanted_but_to_no_other_server(
        self, offices: City, newcomer: Person, wanted: str, expected: str
    ) -> None:
        assert give_password(Client(), "newcomer", next=wanted)["Location"] == expected

    def test_the_page_wanted_is_carried_through_a_failure(self, offices: City, newcomer: Person) -> None:
        page = text_of(Client().get(reverse("sign-in"), {"next": "/account/"}))  # type: ignore[arg-type]
        assert '<input type="hidden" name="next" value="/account/">' in page
        again = give_password(Client(), "newcomer", "wrong-password", next="/account/")
        assert '<input type="hidden" name="next" value="/account/">' in text_of(again)

    @pytest.mark.parametrize(("name", "password"), [("", PASSWORD), ("newcomer", ""), ("n" * 65, PASSWORD)])
    def test_what_is_missing_or_too_long_counts_as_no_try(
        self, offices: City, newcomer: Person, name: str, password: str
    ) -> None:
        answer = give_password(Client(), name, password)
        assert (answer.status_code, "field__error" in text_of(answer)) == (422, True)
        assert not SignInAttempt.objects.exists()

    def test_without_the_form_s_token_nothing_is_tried(self, offices: City, newcomer: Person) -> None:
        answer = give_password(Client(enforce_csrf_checks=True), "newcomer")
        assert answer.status_code == 403
        assert not SignInAttempt.objects.exists()

    def test_the_password_is_never_shown_again(self, offices: City, newcomer: Person) -> None:
        assert "hunter2-hunter2" not in text_of(give_password(Client(), "newcomer", "hunter2-hunter2"))

    def test_a_new_session_is_begun(self, offices: City, newcomer: Person) -> None:
        client = Client()
        session = client.session
        session["from"] = "before"
        session.save()
        before = client.cookies["session"].value
        give_password(client, "newcomer")
        assert client.cookies["session"].value != before

    def test_wrong_verbs_are_refused(self) -> None:
        answer: HttpResponse = Client().put(reverse("sign-in"))  # type: ignore[assignment]
        assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")


class TestSignOut:
    def test_it_ends_the_session_and_leaves_a_row(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        client = enter(newcomer)
        assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
        assert who_is_signed_in(client) is None
        assert AuditEntry.objects.get(verb="accounts.signed_out").person_ref == newcomer.pk

    def test_a_second_time_is_harmless(self, offices: City, newcomer: Person, as_: SignIn) -> None:
        client = Client()
        client.force_login(newcomer)
        for _time in range(2):
            assert client.post(reverse("sign-out"))["Location"].startswith(reverse("sign-in"))
        assert AuditEntry.objects.filter(verb="accounts.signed_out").count() == 1

    def test_a_link_cannot_sign_anybody_out(self, offices: City, newcomer: Person) -> None:
        client = Client()
        client.force_login(newcomer)
        answer = client.get(reverse("sign-out"))
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert who_is_signed_in(client) == newcomer.pk
