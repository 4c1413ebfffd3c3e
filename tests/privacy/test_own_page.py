"""Everything held about a person, under one page and one link: look, correct, take along, erase."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.models import Holding, Person
from guantong.accounts.operations import accept_handover, end_holding, erase_person, hold_office
from guantong.audit.models import AuditEntry, Receipt
from guantong.audit.sequencing import sequence
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.privacy import keys
from guantong.privacy.models import PersonKey
from guantong.privacy.operations import issue_link, link_digest
from guantong.privacy.queries import held_about


@pytest.fixture
def left(city: City) -> Person:
    """The head of the first member unit, who has left and handed over to a successor."""
    leaving = city.head.person
    assert leaving is not None
    holding = Holding.objects.get(person=leaving)
    handover = end_holding(holding=holding, ends_on=dt.date(2026, 2, 28), actor=CONSOLE, now=at(2, 28))
    successor = city.acting("1506-MU-02", "unit_head")
    assert successor.person is not None
    hold_office(
        person=successor.person, office=holding.office, starts_on=dt.date(2026, 3, 1), actor=CONSOLE, now=at(3, 1)
    )  # fmt: skip
    taking = type(successor)(successor.person, holding.office)
    accept_handover(handover=handover, contents={"open": 0}, note="", actor=taking, now=at(3, 1))
    leaving.refresh_from_db()
    return leaving


def linked(person: Person) -> str:
    code = issue_link(subject=person.subject, actor=CONSOLE, now=at(3, 2))
    keys.forget()
    return code


class TestLook:
    def test_page_and_export_show_every_sealed_value(self, city: City, as_: SignIn) -> None:
        person = city.head.person
        assert person is not None
        values = {str(each.value) for each in held_about(person.subject)}
        assert values == {str(person.sign_in), str(person.display_name)}
        browser = as_(city.head)
        page = browser.get(reverse("account")).content.decode()
        exported = json.loads(browser.get(reverse("own-data")).content)
        assert not [value for value in values if value not in page]
        assert {each["value"] for each in exported["values"]} == values
        assert [each["office"] for each in exported["offices"]] == [city.head.office.title]  # type: ignore[union-attr]

    def test_the_link_shows_the_same_without_signing_in_and_is_not_cached(self, left: Person) -> None:
        answer = Client().get(reverse("mine", args=[linked(left)]))
        assert str(left.sign_in) in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"  # the link itself goes to nobody else

    def test_a_wrong_link_is_not_found(self, left: Person) -> None:
        linked(left)
        for code in ("wrong", left.subject.link_digest or "x"):
            assert Client().get(reverse("mine", args=[code])).status_code == 404

    def test_a_new_link_ends_the_old_one(self, left: Person) -> None:
        first, second = linked(left), linked(left)
        assert Client().get(reverse("mine", args=[first])).status_code == 404
        assert Client().get(reverse("mine", args=[second])).status_code == 200

    def test_the_code_itself_is_kept_nowhere(self, left: Person) -> None:
        code = linked(left)
        left.subject.refresh_from_db()
        assert left.subject.link_digest == link_digest(code)
        assert not [entry for entry in AuditEntry.objects.all() if code in entry.payload]

    def test_nobody_sees_another_person_s_page(self, city: City, as_: SignIn) -> None:
        other = city.acting("1506-MU-02", "unit_head").person
        page = as_(city.head).get(reverse("account")).content.decode()
        assert str(other.sign_in) not in page  # type: ignore[union-attr]


class TestCorrect:
    def test_the_person_corrects_the_name_under_the_link(self, left: Person) -> None:
        code = linked(left)
        Client().post(reverse("mine-name", args=[code]), {"display_name": " 新称呼 "})
        keys.forget()
        assert str(Person.objects.get(pk=left.pk).display_name) == "新称呼"
        entry = AuditEntry.objects.get(verb="accounts.name_corrected")
        assert entry.person_ref == left.pk
        assert "新称呼" not in entry.payload + entry.actor

    def test_an_empty_name_is_refused_and_changes_nothing(self, left: Person) -> None:
        before = str(left.display_name)
        answer = Client().post(reverse("mine-name", args=[linked(left)]), {"display_name": "  "})
        assert answer.status_code == 422
        assert str(Person.objects.get(pk=left.pk).display_name) == before


@pytest.mark.django_db(transaction=True)
class TestErase:
    def test_under_the_link_with_a_receipt(self, left: Person) -> None:
        code = linked(left)
        answer = Client().post(reverse("mine-erasure", args=[code]))
        entry = AuditEntry.objects.get(verb="privacy.erased")
        assert Receipt.objects.get(entry=entry).code in answer.content.decode()
        assert not PersonKey.objects.filter(pk=left.subject_id).exists()
        assert keys.erased_subjects() == {left.subject_id}
        assert Client().get(reverse("mine", args=[code])).status_code == 404
        assert list(held_about(left.subject)) == []

    def test_the_office_keeps_what_it_did_and_the_log_stays_sound(self, left: Person) -> None:
        done = AuditEntry.objects.filter(person_ref=left.pk).count()
        holdings = Holding.objects.filter(person=left).count()
        erase_person(person=left, actor=CONSOLE, now=at(3, 3))
        sequence()
        assert AuditEntry.objects.filter(person_ref=left.pk).count() == done
        assert Holding.objects.filter(person=left).count() == holdings > 0
        assert verify_log().faults == []
        assert str(Person.objects.get(pk=left.pk)) == "（已删除的人员）"

    def test_not_while_in_office(self, city: City, as_: SignIn) -> None:
        answer = as_(city.head).post(reverse("own-erasure"))
        assert answer.status_code == 422
        assert "任职期间" in answer.content.decode()
        assert PersonKey.objects.filter(pk=city.head.person.subject_id).exists()  # type: ignore[union-attr]

    def test_not_before_the_work_is_handed_over(self, city: City) -> None:
        person = city.head.person
        assert person is not None
        end_holding(
            holding=Holding.objects.get(person=person), ends_on=dt.date(2026, 2, 28), actor=CONSOLE, now=at(2, 28)
        )  # fmt: skip
        with pytest.raises(Refusal, match="没有交接"):
            erase_person(person=person, actor=CONSOLE, now=at(3, 1))
        assert PersonKey.objects.filter(pk=person.subject_id).exists()

    def test_twice_is_refused(self, left: Person) -> None:
        erase_person(person=left, actor=CONSOLE, now=at(3, 3))
        with pytest.raises(Refusal, match="已经删除"):
            erase_person(person=left, actor=CONSOLE, now=at(3, 4))
