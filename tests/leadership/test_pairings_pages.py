from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn
from guantong.accounts.acting import Acting
from guantong.audit.verification import verify_log
from guantong.cases.models import Case
from guantong.kernel import clock
from guantong.leadership.models import Pairing, PartnerContact
from guantong.leadership.operations.contacts import plan_contact
from guantong.leadership.queries.pairing_proposal import proposed_for
from guantong.leadership.queries.pairings import obligations_of
from guantong.partners.models import ConsentRequest, Partner, Recusal
from guantong.records.models import Record
from leadership.pairings_cast import confirm_all, leader, terms
from partners.cast import organisation, representative

TODAY = clock.today()
SOON = TODAY + dt.timedelta(days=3)


@pytest.fixture
def office(city: City, as_: SignIn) -> Client:
    return as_(city.coordinator)


@pytest.fixture
def company(city: City) -> Partner:
    return organisation(city)


def visit(
    city: City, partner: Partner, actor: Acting, *, day: dt.date = SOON, purpose: str = "了解用工"
) -> PartnerContact:
    assert actor.office is not None
    return plan_contact(
        cycle=city.cycle, partner=partner, office=actor.office, mode="visit", day=day, purpose=purpose, actor=actor,
        now=clock.now(),
    )  # fmt: skip


class TestRegister:
    def test_the_list_and_the_page(self, city: City, company: Partner, office: Client) -> None:
        confirm_all(city)
        listed = office.get("/partners/").content.decode()
        assert "蒙西商贸公司" in listed
        assert "领导干部" in listed
        page = office.get(f"/partners/{company.pk}/").content.decode()
        for words in ("东胜区", "还可以走访", "本岗位回避"):
            assert words in page

    def test_an_organisation_is_registered_once(self, city: City, office: Client) -> None:
        sent = {"kind": "chamber", "name": "准格尔旗商会", "area": city.units["150622"].pk}
        assert office.post("/partners/new/", sent).status_code == 302
        assert office.post("/partners/new/", sent).status_code == 302
        assert set(Partner.objects.values_list("kind", "name")) == {("chamber", "准格尔旗商会")}

    @pytest.mark.parametrize(
        "field", ["ethnicity", "religion", "政治面貌", "household", "contact_person", "phone"]
    )
    def test_more_than_asked_is_refused(self, city: City, office: Client, field: str) -> None:
        sent = {"kind": "chamber", "name": "商会", "area": city.units["150622"].pk, field: "x"}
        assert office.post("/partners/new/", sent).status_code == 422
        assert not Partner.objects.exists()

    def test_a_person_cannot_be_typed_in(self, city: City, office: Client) -> None:
        sent = {"kind": "representative", "name": "苏和", "area": city.units["150622"].pk}
        answer = office.post("/partners/new/", sent)
        assert answer.status_code == 422
        assert "不能由别人登记" in answer.content.decode()
        person = representative(city)
        for path in ("correction", "closing"):
            assert office.post(f"/partners/{person.pk}/{path}/", sent).status_code == 422
        assert office.get(f"/partners/{person.pk}/correction/").status_code == 422
        assert Partner.objects.count() == 1

    def test_correcting_and_closing_an_organisation(
        self, city: City, company: Partner, office: Client
    ) -> None:
        sent = {"name": "蒙西贸易公司", "area": city.units["150622"].pk}
        assert office.get(f"/partners/{company.pk}/correction/").status_code == 200
        assert office.post(f"/partners/{company.pk}/correction/", sent).status_code == 302
        assert office.post(f"/partners/{company.pk}/closing/").status_code == 302
        assert office.post(f"/partners/{company.pk}/closing/").status_code == 302
        company.refresh_from_db()
        assert (company.name, company.closed_on) == ("蒙西贸易公司", clock.today())

    def test_a_consent_link_is_shown_once_with_a_code_to_scan(self, city: City, office: Client) -> None:
        answer = office.post("/partners/consent-link/", {"area": city.units["150602"].pk})
        text = answer.content.decode()
        assert "/consent/" in text
        assert "data:image/svg+xml" in text
        assert answer["Cache-Control"] == "private, no-store"
        assert ConsentRequest.objects.get().retention_days == 365
        assert "/consent/" not in office.get("/partners/").content.decode()
        more = office.post("/partners/consent-link/", {"area": city.units["150602"].pk, "name": "苏和"})
        assert more.status_code == 422
        assert ConsentRequest.objects.count() == 1

    def test_a_representative_s_name_is_shown_to_who_keeps_contact_only(
        self, city: City, as_: SignIn, office: Client
    ) -> None:
        person = representative(city)
        pairing = next(iter(confirm_all(city).values()))
        keeper, other = (leader(city, n) for n in (pairing.office.number, pairing.office.number % 3 + 1))
        for path in ("/partners/", f"/partners/{person.pk}/", "/pairings/", f"/pairings/{pairing.pk}/"):
            assert "苏和" in office.get(path).content.decode()
            assert "苏和" in as_(keeper).get(path).content.decode()
            assert "苏和" not in as_(other).get(path).content.decode()

    def test_lists_take_the_same_queries_for_many(
        self, city: City, office: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(12):
            organisation(city, f"公司{number}")
            representative(city, f"代表{number}", str(number))
        confirm_all(city)
        for path, most in (("/partners/", 20), ("/pairings/", 20), ("/pairings/quality/", 20)):
            with django_assert_max_num_queries(most):
                assert office.get(path).status_code == 200


class TestRecusal:
    def test_declaring_and_lifting_twice_each(self, city: City, company: Partner, as_: SignIn) -> None:
        browser = as_(leader(city))
        for _time in range(2):
            assert browser.post(f"/partners/{company.pk}/recusal/").status_code == 302
        assert "已声明回避" in browser.get(f"/partners/{company.pk}/").content.decode()
        for _time in range(2):
            assert browser.post(f"/partners/{company.pk}/recusal-lifting/").status_code == 302
        assert [each.lifted_at is not None for each in Recusal.objects.all()] == [True]


class TestProposal:
    def test_it_explains_itself_and_is_confirmed_by_ticks(
        self, city: City, company: Partner, office: Client
    ) -> None:
        page = office.get("/pairings/proposal/").content.decode()
        assert "共 3 个岗位，3 个可以联系这个对象。" in page
        [choice] = proposed_for(city.cycle, terms(city)).placed
        sent = {"rule": "P01", "chosen": [f"{choice.partner}:{choice.office}"]}
        assert office.post("/pairings/proposal/", sent).status_code == 302
        assert office.post("/pairings/proposal/", sent).status_code == 422
        assert Pairing.objects.count() == 1
        assert verify_log().faults == []

    @pytest.mark.parametrize(
        "sent", [{}, {"rule": "P01"}, {"rule": "P01", "chosen": ["x"]}, {"rule": "P01", "chosen": ["1:1"]}]
    )
    def test_what_it_did_not_propose_is_refused(
        self, city: City, company: Partner, office: Client, sent: dict[str, Any]
    ) -> None:
        assert office.post("/pairings/proposal/", sent).status_code == 422
        assert not Pairing.objects.exists()


class TestPairing:
    def test_overdue_ones_stand_first_and_are_said_to_be(self, city: City, office: Client) -> None:
        for name in ("甲公司", "乙公司"):
            organisation(city, name)
        made = confirm_all(city)
        obligations_of(made["甲公司"]).filter(due_on__lt=TODAY).update(state="fulfilled")
        listed = office.get("/pairings/").content.decode()
        assert listed.index("乙公司") < listed.index("甲公司")
        assert "已逾期" in listed
        overdue = office.get("/pairings/?state=overdue").content.decode()
        assert ("乙公司" in overdue, "甲公司" in overdue) == (True, False)

    def test_handing_over_and_ending(self, city: City, company: Partner, office: Client) -> None:
        pairing = confirm_all(city)[str(company)]
        to = leader(city, pairing.office.number % 3 + 1).office
        assert to is not None
        page = office.get(f"/pairings/{pairing.pk}/").content.decode()
        assert "为什么由这个岗位联系" in page
        sent = {"to": to.pk, "reason": "分工调整"}
        assert office.post(f"/pairings/{pairing.pk}/handover/", sent).status_code == 302
        assert office.post(f"/pairings/{pairing.pk}/handover/", sent).status_code == 422
        successor = Pairing.objects.get(office=to)
        assert office.post(f"/pairings/{successor.pk}/ending/", {"end-reason": ""}).status_code == 422
        for _time in range(2):
            assert (
                office.post(f"/pairings/{successor.pk}/ending/", {"end-reason": "企业迁出"}).status_code
                == 302
            )
        assert office.get(f"/pairings/{successor.pk}/").status_code == 200
        assert (
            "企业迁出" in office.get("/pairings/?state=ended").content.decode()
            or "结束" in office.get("/pairings/?state=ended").content.decode()
        )

    def test_a_leader_hands_over_and_ends_nothing(self, city: City, company: Partner, as_: SignIn) -> None:
        pairing = confirm_all(city)[str(company)]
        browser = as_(leader(city, pairing.office.number))
        assert browser.get(f"/pairings/{pairing.pk}/").status_code == 200
        for path in ("handover", "ending"):
            assert browser.post(f"/pairings/{pairing.pk}/{path}/", {}).status_code == 403
        assert browser.get("/pairings/proposal/").status_code == 403


class TestContact:
    def test_planning_on_a_phone_once(self, city: City, company: Partner, as_: SignIn) -> None:
        browser = as_(leader(city))
        assert browser.get(f"/partners/{company.pk}/contacts/new/").status_code == 200
        sent = {"how": "visit", "day": SOON.isoformat(), "purpose": "了解用工"}
        for _time in range(2):
            assert browser.post(f"/partners/{company.pk}/contacts/new/", sent).status_code == 302
        assert set(PartnerContact.objects.values_list("office", "mode", "day")) == {
            (leader(city).office_ref, "visit", SOON)
        }
        assert (
            browser.post(
                f"/partners/{company.pk}/contacts/new/", {"how": "visit", "purpose": "x"}
            ).status_code
            == 422
        )

    def test_when_the_number_is_spent_joining_and_calling_are_left(
        self, city: City, company: Partner, as_: SignIn
    ) -> None:
        hosts = [visit(city, company, leader(city, 2), purpose=f"第 {n} 件事") for n in range(6)]
        browser, path = as_(leader(city, 1)), f"/partners/{company.pk}/contacts/new/"
        page = browser.get(path).content.decode()
        assert "请不要再打扰" in page
        assert 'value="visit"' not in page
        assert f'value="join-{hosts[0].pk}"' in page
        assert (
            browser.post(path, {"how": "visit", "day": SOON.isoformat(), "purpose": "x"}).status_code == 422
        )
        for _time in range(2):
            assert browser.post(path, {"how": f"join-{hosts[0].pk}", "purpose": "同去"}).status_code == 302
        assert (
            browser.post(path, {"how": "phone", "day": SOON.isoformat(), "purpose": "问候"}).status_code
            == 302
        )
        mine = PartnerContact.objects.filter(office=leader(city, 1).office)
        assert sorted(mine.values_list("mode", flat=True)) == ["joint", "phone"]

    def test_the_coordinating_office_plans_for_a_department(
        self, city: City, company: Partner, office: Client
    ) -> None:
        head = city.office("1506-MU-01", "unit_head")
        sent = {"how": "visit", "day": SOON.isoformat(), "purpose": "走访", "office": head.pk}
        assert office.post(f"/partners/{company.pk}/contacts/new/", sent).status_code == 302
        assert set(PartnerContact.objects.values_list("office", flat=True)) == {head.pk}

    def test_writing_it_down_once_with_what_was_asked(
        self, city: City, company: Partner, as_: SignIn
    ) -> None:
        actor = leader(city)
        contact = visit(city, company, actor, day=TODAY)
        browser, path = as_(actor), f"/contacts/{contact.pk}/note/"
        assert browser.get(path).status_code == 200
        sent = {
            "day": TODAY.isoformat(),
            "summary": "谈了用电",
            "kind_1": "difficulty",
            "wording_1": "厂区用电不稳",
        }
        answer = browser.post(path, sent)
        assert answer.status_code == 200
        assert "只显示这一次" in answer.content.decode()
        assert browser.post(path, sent).status_code == 302
        assert (Record.objects.count(), Case.objects.count()) == (1, 1)
        shown = browser.get(f"/partners/{company.pk}/").content.decode()
        assert Case.objects.get().reference in shown
        assert verify_log().faults == []

    def test_a_demand_begun_and_not_finished_is_asked_about(
        self, city: City, company: Partner, as_: SignIn
    ) -> None:
        contact = visit(city, company, leader(city), day=TODAY)
        sent = {"day": TODAY.isoformat(), "summary": "谈了用电", "kind_1": "difficulty"}
        answer = as_(leader(city)).post(f"/contacts/{contact.pk}/note/", sent)
        assert answer.status_code == 422
        assert "谈了用电" in answer.content.decode()
        assert not Record.objects.exists()

    def test_what_nobody_had_planned_is_written_down_too(
        self, city: City, company: Partner, as_: SignIn
    ) -> None:
        browser, path = as_(leader(city)), f"/partners/{company.pk}/contacts/done/"
        assert browser.get(path).status_code == 200
        sent = {"mode": "phone", "day": TODAY.isoformat(), "purpose": "问候", "summary": "问了近况"}
        for _time in range(2):
            assert browser.post(path, sent).status_code == 302
        assert (Record.objects.count(), PartnerContact.objects.count()) == (1, 1)
        assert browser.post(path, sent | {"ethnicity": "x"}).status_code == 422

    def test_cancelling_is_for_who_planned_it(self, city: City, company: Partner, as_: SignIn) -> None:
        contact = visit(city, company, leader(city, 1))
        assert as_(leader(city, 2)).post(f"/contacts/{contact.pk}/cancellation/").status_code == 422
        for _time in range(2):
            assert as_(leader(city, 1)).post(f"/contacts/{contact.pk}/cancellation/").status_code == 302
        contact.refresh_from_db()
        assert contact.cancelled_at is not None

    def test_outsiders_and_wrong_verbs(self, city: City, company: Partner, as_: SignIn) -> None:
        contact = visit(city, company, leader(city, 1))
        browser = as_(leader(city, 1))
        for path in ("closing", "recusal", "recusal-lifting"):
            assert browser.get(f"/partners/{company.pk}/{path}/").status_code in (403, 405)
        assert browser.get(f"/contacts/{contact.pk}/cancellation/").status_code == 405
        assert browser.get("/partners/999999/").status_code == 404
        for path in ("/partners/", "/pairings/", f"/partners/{company.pk}/", f"/contacts/{contact.pk}/note/"):
            assert as_(city.head).get(path).status_code == 403
            assert Client().get(path).status_code == 302


class TestQuality:
    def test_a_leader_sees_their_own_row_and_the_office_all_in_the_order_of_the_tree(
        self, city: City, company: Partner, as_: SignIn, office: Client
    ) -> None:
        confirm_all(city)
        rows = office.get("/pairings/quality/").context["rows"]
        assert [each.office for each in rows] == [leader(city, n).office for n in (1, 2, 3)]
        own = as_(leader(city, 2)).get("/pairings/quality/").context["rows"]
        assert [each.office for each in own] == [leader(city, 2).office]

    def test_its_table_does_not_sort_and_speaks_of_no_photo_count(
        self, city: City, company: Partner, office: Client
    ) -> None:
        confirm_all(city)
        page = office.get("/pairings/quality/?sort=-solved").content.decode()
        assert "aria-sort" not in page
        assert "已解决的诉求" in page


class TestOwnPageOfARepresentative:
    def test_they_read_every_word_written_about_contact_with_them(self, city: City, as_: SignIn) -> None:
        from guantong.partners.operations import agree
        from partners.cast import asked

        consent, code = asked(city, now=clock.now())
        person = agree(consent=consent, name="苏和", contact="139", now=clock.now())
        contact = visit(city, person, leader(city), day=TODAY, purpose="听取意见")
        sent = {
            "day": TODAY.isoformat(),
            "summary": "谈了牧区道路",
            "kind_1": "suggestion",
            "wording_1": "修路",
        }
        as_(leader(city)).post(f"/contacts/{contact.pk}/note/", sent)
        page = Client().get(f"/consent/{code}/").content.decode()
        for words in ("听取意见", "谈了牧区道路", Case.objects.get().reference):
            assert words in page
