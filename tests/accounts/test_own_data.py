"""What is held about oneself: seen, corrected, taken along, erased, on one page or by one link."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from accounts.conftest import Enter, give_password, text_of, who_is_signed_in
from conftest import CONSOLE, START, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Holding, Person, SignInAttempt
from guantong.accounts.operations import (
    correct_name,
    end_holding,
    erase_person,
    hold_office,
    replay_erasures,
)
from guantong.audit.models import AuditEntry, Receipt
from guantong.kernel.refusals import Refusal
from guantong.privacy.keys import erased_subjects, forget
from guantong.privacy.models import PersonKey
from guantong.privacy.operations import issue_link

NOW = at(3, 20)
CaptureCommits = Any


@pytest.fixture
def former(offices: City, newcomer: Person) -> Person:
    """Somebody who headed a unit until the end of February and handed everything over."""
    office = offices.office("1506-MU-01", "unit_head")
    holding = hold_office(
        person=newcomer, office=office, starts_on=START.date(), ends_on=None, actor=CONSOLE, now=START
    )
    handover = end_holding(holding=holding, ends_on=dt.date(2026, 2, 28), actor=CONSOLE, now=START)
    handover.successor = Holding.objects.get(person=offices.head.person)
    handover.accepted_at = NOW
    handover.save()
    return newcomer


def code_for(person: Person) -> str:
    return issue_link(subject=person.subject, actor=CONSOLE, now=NOW)


def fresh(person: Person) -> Person:
    forget()
    return Person.objects.select_related("subject").get(pk=person.pk)


class TestCorrectName:
    def test_it_is_sealed_again_and_leaves_a_row_without_it(self, newcomer: Person) -> None:
        entry = correct_name(person=newcomer, display_name=" 王五 ", actor=Acting(newcomer), now=NOW)
        assert str(fresh(newcomer).display_name) == "王五"
        assert (entry.verb, "王五" in entry.payload) == ("accounts.name_corrected", False)

    @pytest.mark.parametrize(("name", "why"), [("  ", "不能为空"), ("长" * 101, "100 字")])
    def test_an_empty_or_overlong_one_is_refused(self, newcomer: Person, name: str, why: str) -> None:
        with pytest.raises(Refusal, match=why):
            correct_name(person=newcomer, display_name=name, actor=Acting(newcomer), now=NOW)
        assert str(fresh(newcomer).display_name) == "新来的人"


class TestErasePerson:
    def test_while_in_office_it_is_refused(self, offices: City, newcomer: Person) -> None:
        hold_office(
            person=newcomer, office=offices.office("1506-MU-01", "unit_head"), starts_on=dt.date(2026, 3, 1),
            ends_on=dt.date(2026, 3, 20), actor=CONSOLE, now=START,
        )  # fmt: skip
        with pytest.raises(Refusal, match="任职期间"):
            erase_person(person=newcomer, actor=Acting(newcomer), now=NOW)
        assert str(fresh(newcomer).display_name) == "新来的人"
        erase_person(person=newcomer, actor=Acting(newcomer), now=at(3, 21))

    def test_before_the_work_was_handed_over_it_is_refused(self, offices: City, newcomer: Person) -> None:
        holding = hold_office(
            person=newcomer, office=offices.office("1506-MU-01", "unit_head"), starts_on=START.date(),
            actor=CONSOLE, now=START,
        )  # fmt: skip
        end_holding(holding=holding, ends_on=dt.date(2026, 2, 28), actor=CONSOLE, now=START)
        with pytest.raises(Refusal, match="没有交接"):
            erase_person(person=newcomer, actor=Acting(newcomer), now=NOW)
        assert fresh(newcomer).subject.erased_at is None

    def test_nothing_that_identifies_the_person_is_left(
        self, former: Person, enter: Enter, django_capture_on_commit_callbacks: CaptureCommits
    ) -> None:
        browser = enter(former)
        index = former.sign_in_index
        Authenticator.objects.create(user=former, type="recovery_codes", data={})
        SocialAccount.objects.create(user=former, provider="city", uid="u-1")
        EmailAddress.objects.create(user=former, email="someone@example.org")
        with django_capture_on_commit_callbacks(execute=True):
            erase_person(person=former, actor=CONSOLE, now=NOW)
        gone = fresh(former)
        assert (str(gone), gone.sign_in, gone.display_name) == ("（已删除的人员）", "", "")
        assert (gone.is_active, gone.has_usable_password(), gone.sign_in_index == index) == (
            False, False, False,
        )  # fmt: skip
        assert who_is_signed_in(browser) is None
        left = [model.objects.count() for model in (Authenticator, SocialAccount, EmailAddress)]
        assert left == [0, 0, 0]
        assert not SignInAttempt.objects.filter(who=index).exists()

    def test_the_key_is_destroyed_and_noted_outside_the_databases(
        self, former: Person, django_capture_on_commit_callbacks: CaptureCommits
    ) -> None:
        assert PersonKey.objects.filter(pk=former.subject_id).exists()
        with django_capture_on_commit_callbacks(execute=True):
            erase_person(person=former, actor=CONSOLE, now=NOW)
        assert not PersonKey.objects.filter(pk=former.subject_id).exists()
        assert former.subject_id in erased_subjects()

    def test_what_the_office_did_stays_the_office_s(self, former: Person) -> None:
        before = list(Holding.objects.order_by("pk").values_list("office", "starts_on", "ends_on"))
        rows = AuditEntry.objects.count()
        erase_person(person=former, actor=CONSOLE, now=NOW)
        assert list(Holding.objects.order_by("pk").values_list("office", "starts_on", "ends_on")) == before
        assert AuditEntry.objects.count() == rows + 1

    def test_twice_is_refused(self, former: Person) -> None:
        erase_person(person=former, actor=CONSOLE, now=NOW)
        with pytest.raises(Refusal, match="已经删除"):
            erase_person(person=fresh(former), actor=CONSOLE, now=NOW)

    def test_after_a_restore_the_erased_are_erased_again_and_nobody_else(
        self, former: Person, offices: City, django_capture_on_commit_callbacks: CaptureCommits
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            erase_person(person=former, actor=CONSOLE, now=NOW)
        restored = fresh(former)
        restored.is_active, restored.subject.erased_at = True, None
        restored.save(update_fields=["is_active"])
        restored.subject.save()
        with django_capture_on_commit_callbacks(execute=True):
            assert replay_erasures(actor=CONSOLE, now=NOW) == 1
        assert (fresh(former).is_active, fresh(former).subject.erased_at) == (False, NOW)
        assert offices.head.person is not None
        assert fresh(offices.head.person).is_active
        assert replay_erasures(actor=CONSOLE, now=NOW) == 0


class TestAccountPage:
    def test_it_shows_what_is_held_and_nothing_of_others(
        self, former: Person, offices: City, as_: SignIn
    ) -> None:
        page = text_of(as_(Acting(former)).get(reverse("account")))  # type: ignore[arg-type]
        assert offices.head.person is not None
        shown = ["newcomer", "新来的人", "市发展和改革委员会"]
        assert [each in page for each in shown] == [True, True, True]
        assert str(offices.head.person.sign_in) not in page

    def test_it_is_kept_in_no_cache(self, newcomer: Person, as_: SignIn) -> None:
        assert "no-store" in as_(Acting(newcomer)).get(reverse("account"))["Cache-Control"]

    def test_the_name_is_corrected_there(self, newcomer: Person, as_: SignIn) -> None:
        client = as_(Acting(newcomer))
        for _time in range(2):  # a second time is harmless
            answer = client.post(reverse("own-name"), {"display_name": "王五"})
            assert answer["Location"] == reverse("account")
        assert "王五" in text_of(client.get(reverse("account")))  # type: ignore[arg-type]

    @pytest.mark.parametrize("name", ["", " ", "长" * 101])
    def test_a_name_that_is_none_is_refused_there(self, newcomer: Person, as_: SignIn, name: str) -> None:
        answer = as_(Acting(newcomer)).post(reverse("own-name"), {"display_name": name})
        assert (answer.status_code, "称呼不能为空" in text_of(answer)) == (422, True)  # type: ignore[arg-type]
        assert str(fresh(newcomer).display_name) == "新来的人"

    def test_everything_held_can_be_taken_along(self, former: Person, enter: Enter) -> None:
        Authenticator.objects.create(user=former, type="recovery_codes", data={})
        answer = enter(former).get(reverse("own-data"))
        assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
        assert json.loads(answer.content) == {
            "values": [
                {"name": "登录名", "value": "newcomer"},
                {"name": "称呼", "value": "新来的人"},
            ],
            "offices": [
                {
                    "unit": "市发展和改革委员会",
                    "office": "市发展和改革委员会单位主要负责人",
                    "from": "2026-01-05",
                    "to": "2026-02-28",
                }
            ],
            "log_rows": AuditEntry.objects.filter(person_ref=former.pk).count(),
            "sessions": 1,
            "second_factors": ["recovery_codes"],
            "tokens": [],
        }

    def test_erasing_there_signs_out_for_good_and_gives_a_receipt(self, former: Person, enter: Enter) -> None:
        client = enter(former)
        answer = client.post(reverse("own-erasure"))
        assert Receipt.objects.get().code in text_of(answer)  # type: ignore[arg-type]
        assert Receipt.objects.get().entry.verb == "privacy.erased"
        assert who_is_signed_in(client) is None
        assert give_password(Client(), "newcomer").status_code == 422

    def test_a_second_time_there_is_nobody_to_erase(self, former: Person, enter: Enter) -> None:
        client = enter(former)
        client.post(reverse("own-erasure"))
        assert client.post(reverse("own-erasure"))["Location"].startswith(reverse("sign-in"))
        assert AuditEntry.objects.filter(verb="privacy.erased").count() == 1

    def test_in_office_it_is_refused_there_and_nobody_is_signed_out(
        self, offices: City, enter: Enter
    ) -> None:
        head = offices.head.person
        assert head is not None
        client = enter(head)
        answer = client.post(reverse("own-erasure"))
        assert (answer.status_code, "任职期间" in text_of(answer)) == (422, True)  # type: ignore[arg-type]
        assert who_is_signed_in(client) == head.pk

    @pytest.mark.parametrize(
        ("page", "wrong", "right"),
        [
            ("account", "post", "GET"),
            ("own-data", "post", "GET"),
            ("own-name", "get", "POST"),
            ("own-link", "get", "POST"),
            ("own-erasure", "get", "POST"),
        ],
    )
    def test_wrong_verbs_are_refused_and_strangers_sign_in_first(
        self, newcomer: Person, as_: SignIn, page: str, wrong: str, right: str
    ) -> None:
        answer = getattr(as_(Acting(newcomer)), wrong)(reverse(page))
        assert (answer.status_code, answer["Allow"]) == (405, right)
        stranger = getattr(Client(), right.lower())(reverse(page))
        assert stranger["Location"].startswith(reverse("sign-in"))
        assert fresh(newcomer).subject.link_digest is None


def address_in(page: str) -> str:
    found = re.search(r"http://testserver(/mine/[^<]+/)", page)
    assert found
    return found[1]


class TestOwnLink:
    def test_it_shows_the_same_without_signing_in(self, former: Person, as_: SignIn) -> None:
        address = address_in(text_of(as_(Acting(former)).post(reverse("own-link"))))  # type: ignore[arg-type]
        page = text_of(Client().get(address))  # type: ignore[arg-type]
        assert [each in page for each in ("newcomer", "新来的人", "市发展和改革委员会")] == [True] * 3

    def test_only_its_digest_is_kept(self, newcomer: Person) -> None:
        code = code_for(newcomer)
        assert code not in str(fresh(newcomer).subject.link_digest)
        assert code not in AuditEntry.objects.get(verb="privacy.link_issued").payload

    def test_a_new_one_ends_the_old_one(self, newcomer: Person, as_: SignIn) -> None:
        client = as_(Acting(newcomer))
        first, second = (address_in(text_of(client.post(reverse("own-link")))) for _time in range(2))  # type: ignore[arg-type]
        assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)

    def test_it_is_kept_in_no_cache_and_told_to_no_other_server(self, newcomer: Person) -> None:
        answer = Client().get(reverse("mine", args=[code_for(newcomer)]))
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"

    def test_the_name_can_be_corrected_through_it(self, newcomer: Person) -> None:
        code = code_for(newcomer)
        answer = Client().post(reverse("mine-name", args=[code]), {"display_name": "王五"})
        assert answer["Location"] == reverse("mine", args=[code])
        assert str(fresh(newcomer).display_name) == "王五"
        entry = AuditEntry.objects.get(verb="accounts.name_corrected")
        assert (entry.person_ref, entry.office_ref) == (newcomer.pk, None)

    def test_it_gives_no_right_to_anything_else(self, offices: City) -> None:
        head = offices.head.person
        assert head is not None
        client = Client()
        client.get(reverse("mine", args=[code_for(head)]))
        assert client.get(reverse("account"))["Location"].startswith(reverse("sign-in"))

    def test_erasing_through_it_ends_it(self, former: Person) -> None:
        code = code_for(former)
        client = Client()
        page = text_of(client.post(reverse("mine-erasure", args=[code])))  # type: ignore[arg-type]
        assert Receipt.objects.get().code in page
        assert fresh(former).subject.erased_at is not None
        again = [
            client.get(reverse("mine", args=[code])),
            client.post(reverse("mine-name", args=[code]), {"display_name": "王五"}),
            client.post(reverse("mine-erasure", args=[code])),
        ]
        assert [each.status_code for each in again] == [404, 404, 404]
        assert AuditEntry.objects.filter(verb="privacy.erased").count() == 1

    def test_in_office_erasing_through_it_is_refused(self, offices: City) -> None:
        head = offices.head.person
        assert head is not None
        answer = Client().post(reverse("mine-erasure", args=[code_for(head)]))
        assert (answer.status_code, "任职期间" in text_of(answer)) == (422, True)  # type: ignore[arg-type]
        assert fresh(head).is_active

    def test_another_code_is_not_found(self, newcomer: Person) -> None:
        code = code_for(newcomer)
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
        asked = [
            Client().get(reverse("mine", args=[wrong])),
            Client().post(reverse("mine-name", args=[wrong]), {"display_name": "王五"}),
            Client().post(reverse("mine-erasure", args=[wrong])),
        ]
        assert [each.status_code for each in asked] == [404, 404, 404]
        assert str(fresh(newcomer).display_name) == "新来的人"

    def test_wrong_verbs_are_refused(self, newcomer: Person) -> None:
        code = code_for(newcomer)
        wrong = [
            Client().post(reverse("mine", args=[code])),
            Client().get(reverse("mine-name", args=[code])),
            Client().get(reverse("mine-erasure", args=[code])),
        ]
        assert [(each.status_code, each["Allow"]) for each in wrong] == [
            (405, "GET"), (405, "POST"), (405, "POST"),
        ]  # fmt: skip


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_forms_behind_the_link_work_in_a_browser(
    chromium: Browser, live_server: Any, newcomer: Person
) -> None:
    page = chromium.new_context(base_url=live_server.url, locale="zh-CN").new_page()
    page.set_default_timeout(15_000)
    page.goto(reverse("mine", args=[code_for(newcomer)]))
    page.click("main summary")
    page.fill("main [name=display_name]", "王五")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已更正").wait_for()
    assert str(fresh(newcomer).display_name) == "王五"
    page.get_by_role("button", name="删除我的资料").click()
    page.click("dialog[open] button[value=yes]")
    page.get_by_text("您的个人资料已经删除").wait_for()
    assert fresh(newcomer).subject.erased_at is not None
