"""Accounts: making, stopping, letting in again, a new first password."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.conftest import PASSWORD, Enter, give_password, who_is_signed_in
from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.operations import create_person, erase_person, reset_sign_in, set_active
from guantong.accounts.queries import seats_of
from guantong.audit.models import AuditEntry
from guantong.kernel.refusals import Refusal

NOW = at(3, 2)


def make(sign_in: str = "someone", password: str | None = PASSWORD, name: str = "某人") -> Person:
    return create_person(sign_in=sign_in, display_name=name, password=password, actor=CONSOLE, now=NOW)


class TestCreatePerson:
    def test_somebody_new_may_sign_in_and_has_no_right(self, offices: City) -> None:
        person = make()
        assert person.check_password(PASSWORD)
        assert seats_of(person, on=NOW.date()) == []
        assert Acting(person).functions == frozenset()

    def test_names_stand_sealed_in_the_database_and_not_in_the_log(self, offices: City) -> None:
        person = make("zhang.san", name="张三")
        stored = Person.objects.filter(pk=person.pk).values_list("sign_in", "display_name", "sign_in_index")[
            0
        ]
        assert not {"zhang.san", "张三"} & {repr(each) for each in stored}
        assert "张三" not in f"{stored!r}"
        entry = AuditEntry.objects.get(verb="accounts.person_created")
        assert (entry.object_ref, entry.payload) == (str(person.pk), "{}")

    @pytest.mark.parametrize("again", ["someone", " Someone ", "SOMEONE"])
    def test_a_name_is_given_once_whatever_its_case(self, offices: City, again: str) -> None:
        make()
        with pytest.raises(Refusal, match="已被使用"):
            make(again)
        assert Person.objects.count() == 1

    def test_an_empty_name_is_refused(self, offices: City) -> None:
        with pytest.raises(Refusal, match="不能为空"):
            make("  ")
        assert not Person.objects.exists()

    def test_without_a_password_nobody_gets_in_with_any(self, offices: City) -> None:
        assert not make(password=None).has_usable_password()


class TestPasswordRules:
    @pytest.mark.parametrize(
        ("password", "why"),
        [
            ("nine-char", "10"),
            ("qwertyuiop", "常见"),
            ("1234567890", "常见"),
            ("zhangsan.dongsheng", "登录名"),
            ("Dongsheng-Office1", "称呼"),
        ],
    )
    def test_a_weak_one_is_refused_with_the_reason(self, offices: City, password: str, why: str) -> None:
        with pytest.raises(Refusal, match=why):
            make("zhangsan@dongsheng", password, name="Dongsheng Office")
        assert not Person.objects.exists()

    @pytest.mark.parametrize(
        "password", ["ten-chars!", "几个不相干的词连起来用", "no digits or capitals asked"]
    )
    def test_length_is_enough_and_no_mixture_is_asked(self, offices: City, password: str) -> None:
        assert make(password=password).check_password(password)


class TestSetActive:
    def test_a_stopped_account_is_signed_out_everywhere(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        browsers = [enter(newcomer), enter(newcomer)]
        set_active(person=newcomer, active=False, actor=CONSOLE, now=NOW)
        assert not Session.objects.exists()
        assert [who_is_signed_in(each) for each in browsers] == [None, None]

    def test_and_cannot_sign_in_until_let_in_again(
        self, offices: City, newcomer: Person, enter: Enter
    ) -> None:
        set_active(person=newcomer, active=False, actor=CONSOLE, now=NOW)
        refused = Client()
        assert give_password(refused, "newcomer").status_code == 422
        assert who_is_signed_in(refused) is None
        set_active(person=newcomer, active=True, actor=CONSOLE, now=NOW)
        assert who_is_signed_in(enter(newcomer)) == newcomer.pk

    def test_nobody_stops_their_own_account(self, security: Acting) -> None:
        assert security.person is not None
        with pytest.raises(Refusal, match="自己的账号"):
            set_active(person=security.person, active=False, actor=security, now=NOW)
        security.person.refresh_from_db()
        assert security.person.is_active

    def test_both_leave_a_row(self, security: Acting, newcomer: Person) -> None:
        for active in (False, True):
            set_active(person=newcomer, active=active, actor=security, now=NOW)
        rows = AuditEntry.objects.filter(object_type="accounts.person", object_ref=str(newcomer.pk))
        assert list(rows.order_by("version").values_list("verb", "actor"))[1:] == [
            ("accounts.suspended", security.reference),
            ("accounts.reinstated", security.reference),
        ]

    def test_an_erased_account_is_not_brought_back(self, security: Acting, newcomer: Person) -> None:
        erase_person(person=newcomer, actor=CONSOLE, now=NOW)
        erased = Person.objects.get(pk=newcomer.pk)
        with pytest.raises(Refusal, match="已经删除"):
            set_active(person=erased, active=True, actor=security, now=NOW)
        with pytest.raises(Refusal, match="已经删除"):
            reset_sign_in(person=erased, actor=security, now=NOW)
        erased.refresh_from_db()
        assert not erased.is_active


class TestResetSignIn:
    def test_the_old_password_ends_and_the_new_one_must_be_changed(
        self, offices: City, newcomer: Person
    ) -> None:
        password = reset_sign_in(person=newcomer, actor=CONSOLE, now=NOW)
        newcomer.refresh_from_db()
        assert not newcomer.check_password(PASSWORD)
        assert newcomer.check_password(password)
        assert newcomer.must_change_password
        assert len(password) * 6 >= 128  # bits

    def test_second_factors_and_sessions_end(self, offices: City, newcomer: Person, enter: Enter) -> None:
        other = make()
        for person in (newcomer, other):
            Authenticator.objects.create(user=person, type="recovery_codes", data={})
        browser, stays = enter(newcomer), enter(other)
        reset_sign_in(person=newcomer, actor=CONSOLE, now=NOW)
        assert list(Authenticator.objects.values_list("user", flat=True)) == [other.pk]
        assert [each.pk for each in Session.objects.all()] == [stays.session.session_key]
        assert (who_is_signed_in(browser), who_is_signed_in(stays)) == (None, other.pk)

    def test_the_password_stands_in_no_log(self, security: Acting, newcomer: Person) -> None:
        password = reset_sign_in(person=newcomer, actor=security, now=NOW)
        entry = AuditEntry.objects.get(verb="accounts.sign_in_reset")
        assert (entry.actor, entry.object_ref) == (security.reference, str(newcomer.pk))
        assert password not in entry.payload

    def test_nobody_resets_their_own(self, security: Acting) -> None:
        assert security.person is not None
        with pytest.raises(Refusal, match="修改密码"):
            reset_sign_in(person=security.person, actor=security, now=NOW)
