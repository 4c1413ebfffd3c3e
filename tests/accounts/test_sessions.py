"""Sessions: listed for their owner, ended everywhere at once, and never longer than the settings allow."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.conftest import Enter, text_of, who_is_signed_in
from conftest import CONSOLE, START, City
from guantong.accounts.models import Person
from guantong.accounts.operations import create_person, sign_out_everywhere
from guantong.kernel import clock

ADDRESS = "/account/sessions/"


def other_person() -> Person:
    return create_person(sign_in="other", display_name="另一人", password=None, actor=CONSOLE, now=START)


class TestSessionList:
    def test_one_s_own_sessions_are_listed_and_nobody_else_s(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        client = enter(newcomer, device="Firefox at the office")
        enter(newcomer, device="Chromium on a phone")
        enter(other_person(), device="Lynx elsewhere")
        page = text_of(client.get(reverse("usersessions_list")))  # type: ignore[arg-type]
        devices = ("Firefox at the office", "Chromium on a phone", "Lynx elsewhere")
        assert [device in page for device in devices] == [True, True, False]

    def test_an_ended_session_is_listed_no_longer(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        client = enter(newcomer)
        enter(newcomer, device="Chromium on a phone").post(reverse("sign-out"))
        page = text_of(client.get(reverse("usersessions_list")))  # type: ignore[arg-type]
        assert "Chromium on a phone" not in page

    def test_all_others_can_be_ended_at_once(self, offices: City, newcomer: Person, enter: Enter) -> None:
        here, there, elsewhere = enter(newcomer), enter(newcomer), enter(other_person())
        for _time in range(2):  # a second time is harmless
            assert here.post(reverse("usersessions_list"))["Location"] == reverse("usersessions_list")
        signed_in = [who_is_signed_in(each) for each in (here, there, elsewhere)]
        assert signed_in == [newcomer.pk, None, Person.objects.get(sign_in_index=other_index()).pk]
        assert UserSession.objects.filter(user=newcomer).count() == 1

    def test_a_stranger_signs_in_first(self, offices: City) -> None:
        for answer in (Client().get(ADDRESS), Client().post(ADDRESS)):
            assert answer["Location"].startswith(reverse("sign-in"))

    def test_wrong_verbs_are_refused(self, offices: City, newcomer: Person, enter: Enter) -> None:
        client = enter(newcomer)
        assert client.put(reverse("usersessions_list")).status_code == 405
        assert who_is_signed_in(client) == newcomer.pk


def other_index() -> str:
    found = Person.objects.by_sign_in("other")
    assert found is not None
    return found.sign_in_index


class TestSignOutEverywhere:
    def test_every_session_of_the_person_ends_and_no_other(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        browsers, stays = [enter(newcomer) for _each in range(3)], enter(other_person())
        assert sign_out_everywhere(newcomer) == 3
        assert [who_is_signed_in(each) for each in browsers] == [None, None, None]
        assert who_is_signed_in(stays) is not None
        assert (Session.objects.count(), UserSession.objects.count()) == (1, 1)

    def test_a_second_time_there_is_none(self, offices: City, newcomer: Person, enter: Enter) -> None:
        enter(newcomer)
        assert [sign_out_everywhere(newcomer) for _time in range(2)] == [1, 0]


def ago(**past: float) -> str:
    return (clock.now() - dt.timedelta(**past)).isoformat()


def age(client: Client, **moments: str) -> None:
    """Move the moments that the session keeps into the past."""
    session = client.session
    for name, moment in moments.items():
        session[name] = moment
    session.save()


class TestSessionLimits:
    @pytest.fixture
    def inside(self, offices: City, newcomer: Person, enter: Enter) -> Client:
        client = enter(newcomer)
        assert who_is_signed_in(client) == newcomer.pk
        return client

    def test_a_session_that_lay_idle_ends(self, inside: Client, newcomer: Person) -> None:
        age(inside, seen_at=ago(minutes=29))
        assert who_is_signed_in(inside) == newcomer.pk
        age(inside, seen_at=ago(minutes=31))
        assert inside.get(reverse("account"))["Location"].startswith(reverse("sign-in"))
        assert "_auth_user_id" not in inside.session

    def test_using_it_keeps_it_alive(self, inside: Client, newcomer: Person) -> None:
        before = ago(minutes=20)
        age(inside, seen_at=before)
        who_is_signed_in(inside)
        assert inside.session["seen_at"] > before

    def test_however_it_is_kept_alive_it_ends_after_half_a_day(
        self, inside: Client, newcomer: Person
    ) -> None:
        age(inside, started_at=ago(hours=11.9))
        assert who_is_signed_in(inside) == newcomer.pk
        age(inside, started_at=ago(hours=12.1), seen_at=ago(minutes=0))
        assert who_is_signed_in(inside) is None

    def test_using_it_does_not_move_its_start(self, inside: Client) -> None:
        before = ago(hours=5)
        age(inside, started_at=before, seen_at=ago(minutes=5))
        who_is_signed_in(inside)
        assert inside.session["started_at"] == before

    def test_the_settings_say_how_long(self, inside: Client, settings: LazySettings) -> None:
        settings.IDLE_MINUTES, settings.SESSION_HOURS = 5, 1
        age(inside, seen_at=ago(minutes=6))
        assert who_is_signed_in(inside) is None

    def test_a_fragment_in_an_ended_session_moves_the_whole_page(self, inside: Client) -> None:
        age(inside, seen_at=ago(minutes=31))
        answer = inside.get("/obligations/", headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Redirect"].partition("?")[0]) == (401, reverse("sign-in"))

    def test_what_was_sent_in_an_ended_session_is_not_done(self, inside: Client, newcomer: Person) -> None:
        age(inside, seen_at=ago(minutes=31))
        inside.post(reverse("own-name"), {"display_name": "别的名字"})
        newcomer.refresh_from_db()
        assert str(newcomer.display_name) == "新来的人"

    def test_signing_in_again_begins_anew(self, inside: Client, newcomer: Person, enter: Enter) -> None:
        age(inside, started_at=ago(hours=13))
        assert who_is_signed_in(inside) is None
        assert who_is_signed_in(enter(newcomer)) == newcomer.pk
