"""Changing one's password, and having to before anything else where somebody else knows it."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.conftest import PASSWORD, Enter, give_password, text_of, who_is_signed_in
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.operations import reset_sign_in
from guantong.audit.models import AuditEntry

NEW = "quite-another-long-one"


def change(
    client: Client, *, current: str = PASSWORD, new: str = NEW, again: str | None = None
) -> HttpResponse:
    return client.post(  # type: ignore[return-value]
        reverse("password"), {"current": current, "new": new, "again": new if again is None else again}
    )


class TestChangePassword:
    def test_the_new_one_lets_in_and_the_old_one_no_longer(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        assert change(enter(newcomer))["Location"] == reverse("account")
        newcomer.refresh_from_db()
        assert (newcomer.check_password(NEW), newcomer.check_password(PASSWORD)) == (True, False)
        assert AuditEntry.objects.get(verb="accounts.password_changed").person_ref == newcomer.pk

    def test_this_browser_stays_and_every_other_is_signed_out(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        here, elsewhere = enter(newcomer), enter(newcomer)
        change(here)
        assert (who_is_signed_in(here), who_is_signed_in(elsewhere)) == (newcomer.pk, None)
        listed = UserSession.objects.filter(user=newcomer).values_list("session_key", flat=True)
        assert list(listed) == [here.session.session_key]

    def test_without_the_present_one_nothing_changes(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        answer = change(enter(newcomer), current="not-the-present-one")
        assert (answer.status_code, "现在的密码不正确" in text_of(answer)) == (422, True)
        newcomer.refresh_from_db()
        assert newcomer.check_password(PASSWORD)

    @pytest.mark.parametrize(
        ("new", "again", "why"),
        [
            (NEW, "mistyped-this-time", "两次输入的密码不一致"),
            (PASSWORD, PASSWORD, "不能和现在的密码相同"),
            ("nine-char", "nine-char", "10"),
            ("qwertyuiop", "qwertyuiop", "常见"),
            ("newcomer-99", "newcomer-99", "登录名"),
        ],
    )
    def test_what_breaks_a_rule_is_refused_with_the_reason(
        self, offices: City, newcomer: Person, enter: Enter, new: str, again: str, why: str
    ) -> None:
        answer = change(enter(newcomer), new=new, again=again)
        assert (answer.status_code, why in text_of(answer)) == (422, True)
        newcomer.refresh_from_db()
        assert newcomer.check_password(PASSWORD)
        assert not AuditEntry.objects.filter(verb="accounts.password_changed").exists()

    def test_a_second_time_is_harmless(self, offices: City, newcomer: Person, enter: Enter) -> None:
        client = enter(newcomer)
        assert [change(client).status_code for _time in range(2)] == [302, 422]
        newcomer.refresh_from_db()
        assert newcomer.check_password(NEW)

    def test_wrong_verbs_are_refused_and_strangers_sign_in_first(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        assert enter(newcomer).put(reverse("password"))["Allow"] == "GET, POST"
        assert change(Client())["Location"].startswith(reverse("sign-in"))


@pytest.fixture
def handed_out(offices: City) -> tuple[Acting, str]:
    """The head of a unit, whose sign-in the security administrator has just reset."""
    head = offices.head
    assert head.person is not None
    password = reset_sign_in(person=head.person, actor=CONSOLE, now=at(3, 2))
    return head, password


@pytest.fixture
def held_back(handed_out: tuple[Acting, str]) -> Client:
    """Signed in with the password that somebody else has seen."""
    head, password = handed_out
    assert head.person is not None
    client = Client()
    give_password(client, str(head.person.sign_in), password)
    return client


BUSINESS = ["home", "inbox", "obligations", "tasks", "records", "duty-lists", "scores"]
OWN = ["account", "own-data", "usersessions_list", "mfa_index", "mfa_activate_totp", "account_reauthenticate"]
PUBLIC = ["sign-in", "receipts", "healthz"]


class TestPasswordThatMustBeChanged:
    @pytest.mark.parametrize("page", BUSINESS + OWN + PUBLIC)
    def test_every_page_leads_to_the_change(self, held_back: Client, page: str) -> None:
        answer = held_back.get(reverse(page))
        assert (answer.status_code, answer["Location"]) == (302, reverse("password"))

    def test_a_page_for_another_role_does_too(self, held_back: Client) -> None:
        assert held_back.get(reverse("people"))["Location"] == reverse("password")

    def test_nothing_that_was_sent_is_done(self, held_back: Client, handed_out: tuple[Acting, str]) -> None:
        person = handed_out[0].person
        assert person is not None
        before = str(person.display_name)
        for page, sent in (("own-name", {"display_name": "别的名字"}), ("own-link", {}), ("own-erasure", {})):
            assert held_back.post(reverse(page), sent)["Location"] == reverse("password")
        person.refresh_from_db()
        person.subject.refresh_from_db()
        assert (str(person.display_name), person.subject.link_digest, person.subject.erased_at) == (
            before, None, None,
        )  # fmt: skip

    def test_a_fragment_moves_the_whole_page(self, held_back: Client) -> None:
        answer = held_back.get(reverse("obligations"), headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Redirect"], answer.content) == (403, reverse("password"), b"")

    def test_the_page_for_changing_it_says_why(self, held_back: Client) -> None:
        answer = held_back.get(reverse("password"))
        assert answer.status_code == 200
        assert "现在的密码是别人交给您的" in text_of(answer)  # type: ignore[arg-type]

    def test_once_changed_everything_is_open(self, held_back: Client, handed_out: tuple[Acting, str]) -> None:
        head, password = handed_out
        assert change(held_back, current=password)["Location"] == reverse("account")
        answers = {page: held_back.get(reverse(page)) for page in BUSINESS + OWN}
        confirm = answers.pop("mfa_activate_totp")
        assert confirm["Location"].startswith(reverse("account_reauthenticate"))
        assert {each.status_code for each in answers.values()} == {200}
        assert head.person is not None
        head.person.refresh_from_db()
        assert not head.person.must_change_password

    def test_keeping_the_password_is_no_change(
        self, held_back: Client, handed_out: tuple[Acting, str]
    ) -> None:
        password = handed_out[1]
        assert change(held_back, current=password, new=password).status_code == 422
        assert held_back.get(reverse("home"))["Location"] == reverse("password")

    def test_one_can_sign_out(self, held_back: Client) -> None:
        assert held_back.post(reverse("sign-out"))["Location"] == reverse("sign-in")
        assert "_auth_user_id" not in held_back.session

    def test_one_can_choose_the_language(self, held_back: Client, settings: LazySettings) -> None:
        held_back.post(reverse("set_language"), {"language": "en", "next": reverse("password")})
        assert held_back.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
        assert '<html lang="en"' in text_of(held_back.get(reverse("password")))  # type: ignore[arg-type]

    def test_static_files_are_served(
        self, settings: LazySettings, handed_out: tuple[Acting, str], as_: SignIn
    ) -> None:
        settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
        answer = as_(handed_out[0]).get("/static/ui/base.css")
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, "text/css")

    def test_whoever_chose_their_own_password_is_not_held_back(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        client = enter(newcomer)
        assert client.get(reverse("home")).status_code == 200
        assert "现在的密码是别人交给您的" not in text_of(client.get(reverse("password")))  # type: ignore[arg-type]

    def test_a_stranger_still_goes_to_the_sign_in_page(self, handed_out: tuple[Acting, str]) -> None:
        assert Client().get(reverse("home"))["Location"].startswith(reverse("sign-in"))
        assert Client().get(reverse("sign-in")).status_code == 200
