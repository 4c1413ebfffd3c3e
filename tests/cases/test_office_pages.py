"""The list and the page of a case, and every act an address: for whoever runs, carries or handles it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from cases.cast import (
    CONTACT,
    LEAD,
    NAME,
    OTHER,
    WORDING,
    accepted,
    again,
    answered,
    clean_log,
    filed,
    given,
    leader,
    rated,
)
from conftest import City, SignIn, at
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseKind, CaseStage
from guantong.cases.models import CallBackDraw, Case, Proposal
from guantong.cases.operations.disputes import raise_dispute
from guantong.cases.operations.drawing import draw_call_backs, freeze_call_backs
from guantong.cases.operations.reviewing import ask_review
from guantong.cases.queries import case_by_code
from guantong.kernel import clock


@pytest.fixture(autouse=True)
def in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(3, 21))


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


class TestCases:
    def test_each_office_lists_its_own(self, city: City, as_: SignIn) -> None:
        mine = given(city, title="路灯不亮").case
        hosted = accepted(city, title="井盖缺失", host=leader(city).office)
        for acting, wanted in [
            (city.coordinator, {mine, hosted}), (city.head, {mine}), (leader(city), {hosted}),
            (city.acting(OTHER, "unit_head"), set()),
        ]:  # fmt: skip
            answer = as_(acting).get(reverse("cases"))
            assert {each.pk for each in answer.context["listing"]} == {each.pk for each in wanted}

    def test_filters(self, city: City, as_: SignIn) -> None:
        waits, _code = filed(city)  # due to be told by 17 March
        works = given(city, title="路灯不亮").case
        hosted = accepted(city, title="井盖缺失", host=leader(city).office, kind=CaseKind.QUESTION)
        client = as_(city.coordinator)
        for asked, wanted in {
            "stage=registered": {waits}, "stage=handling": {works}, "kind=question": {hosted}, "overdue=on": {waits},
            "q=井盖": {hosted}, "q=2026-00002": {works}, "stage=nonsense": {waits, works, hosted}, "mine=host": set(),
        }.items():  # fmt: skip
            found = client.get(f"{reverse('cases')}?{asked}").context["listing"]
            assert {each.pk for each in found} == {each.pk for each in wanted}, asked
        found = as_(leader(city)).get(f"{reverse('cases')}?mine=host").context["listing"]
        assert [each.pk for each in found] == [hosted.pk]

    def test_the_number_of_queries_does_not_grow(
        self, city: City, as_: SignIn, django_assert_max_num_queries
    ) -> None:  # type: ignore[no-untyped-def]
        for _each in range(8):
            given(city)
        client = as_(city.coordinator)
        client.get(reverse("cases"))
        with django_assert_max_num_queries(30):
            client.get(reverse("cases"))

    def test_no_words_of_the_applicant_in_the_list(self, city: City, as_: SignIn) -> None:
        filed(city)
        page = text_of(as_(city.coordinator).get(reverse("cases")))
        assert not any(each in page for each in (NAME, CONTACT, WORDING))


class TestCase:
    def test_who_handles_it_reads_everything(self, city: City, as_: SignIn) -> None:
        case = given(city).case
        for acting in (city.coordinator, city.head):
            page = text_of(as_(acting).get(reverse("case", args=[case.pk])))
            assert all(each in page for each in (NAME, CONTACT, WORDING, "路灯不亮", "最迟 2026-05-03"))

    def test_nobody_else_finds_it(self, city: City, as_: SignIn) -> None:
        case = given(city).case
        for acting in (
            leader(city),
            city.acting(OTHER, "unit_head"),
            city.acting("150602", "first_responsible"),
        ):
            assert as_(acting).get(reverse("case", args=[case.pk])).status_code == 404
        assert (
            as_(city.acting("1506-LGO", "assessor")).get(reverse("case", args=[case.pk])).status_code == 403
        )

    def test_the_party_complained_of_finds_nothing(self, city: City, as_: SignIn) -> None:
        case, _code = filed(city, kind=CaseKind.COMPLAINT, against=city.units[LEAD])
        assert as_(city.head).get(reverse("case", args=[case.pk])).status_code == 404

    def test_only_the_acts_open_to_the_office_are_shown(self, city: City, as_: SignIn) -> None:
        case = given(city).case
        acts = {
            who: {
                each.url.removeprefix(f"/cases/{case.pk}/")
                for each in [*answer.context["main_acts"], *answer.context["more_acts"]]
                if each.url.startswith("/cases/")
            }
            for who, acting in (("office", city.coordinator), ("head", city.head), ("liaison", city.acting(LEAD, "liaison")))
            for answer in [as_(acting).get(reverse("case", args=[case.pk]))]
        }  # fmt: skip
        assert acts["head"] == {"answer/", "extension/", "pause/"}
        assert acts["liaison"] == {"answer/", "pause/"}
        assert acts["office"] == {
            "answer/", "assignments/", "host/", "referral/", "amendment/", "extension/", "pause/", "contact/",
            "withdrawal/",
        }  # fmt: skip


class TestNewCase:
    def test_registered_at_the_window_with_a_slip_to_hand_over(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        assert client.get(reverse("new-case")).status_code == 200
        page = text_of(
            client.post(
                reverse("new-case"),
                {"channel": "window", "kind": "difficulty", "wording": WORDING, "name": NAME, "contact": CONTACT,
                 "title": "路灯不亮", "received_on": "2026-03-20", "submission_key": "b" * 32},
            )
        )  # fmt: skip
        case = Case.objects.get()
        assert (case.registered_by, case.channel, case.title) == (
            city.coordinator.office,
            "window",
            "路灯不亮",
        )
        code = page.split('slip__code"><span class="nowrap">')[1].split("<")[0]
        assert case_by_code(code) == case

    def test_not_by_a_unit(self, city: City, as_: SignIn) -> None:
        assert as_(city.head).get(reverse("new-case")).status_code == 403


def act(client: Client, address: str, pk: int, /, **given: object) -> int:
    return client.post(reverse(address, args=[pk]), given).status_code


class TestActs:
    def test_the_whole_way_by_its_addresses(self, city: City, as_: SignIn) -> None:
        case, _code = filed(city, now=at(3, 20))
        office, unit = as_(city.coordinator), as_(city.head)
        units, host = city.units, leader(city).office
        assert host is not None
        assert act(office, "case-acceptance", case.pk, title="路灯不亮", kind="difficulty") == 302
        assert act(office, "case-amendment", case.pk, title="路灯久不亮") == 302
        assert act(office, "case-host", case.pk, host=host.pk) == 302
        assert act(office, "case-assignments", case.pk, unit=units[OTHER].pk, part="lead") == 302
        part = case.handlings.get()
        other = as_(city.acting(OTHER, "unit_head"))
        assert act(other, "case-dispute", part.pk, reason="不归我局。") == 302
        dispute = part.disputes.get()
        assert (
            act(
                office,
                "case-dispute-decision",
                dispute.pk,
                upheld="yes",
                decision="属实。",
                pass_to=units[LEAD].pk,
            )
            == 302
        )
        assert act(unit, "case-extension", case.pk, days=10, reason="采购灯具。") == 302
        assert act(unit, "case-pause", case.pk, reason="more") == 302
        assert act(unit, "case-resumption", case.pk) == 302
        assert act(office, "case-assignments", case.pk, unit=units[OTHER].pk, part="cooperating") == 302
        assert act(office, "case-release", part.pk, reason="不需配合。") == 302
        assert act(unit, "case-answer", case.pk, wording="修好了。", outcome="solved") == 302
        assert act(office, "case-closing", case.pk, reason="没有回应。") == 302
        assert act(office, "case-reopening", case.pk, reason="又坏了。") == 302
        assert again(case).stage == CaseStage.HANDLING
        assert act(office, "case-contact", case.pk, name="王女士", contact="139") == 302
        assert act(office, "case-withdrawal", case.pk, reason="电话要求。") == 302
        row = again(case)
        assert (row.stage, str(row.name), row.title, row.host) == (
            CaseStage.WITHDRAWN,
            "王女士",
            "路灯久不亮",
            host,
        )
        assert clean_log()

    def test_refused_and_referred(self, city: City, as_: SignIn) -> None:
        office = as_(city.coordinator)
        one, two = filed(city)[0], filed(city)[0]
        assert act(office, "case-refusal", one.pk, reason="已判决。") == 302
        assert act(office, "case-referral", two.pk, elsewhere="petition", told="已转信访局。") == 302
        assert [again(each).stage for each in (one, two)] == [CaseStage.REFUSED, CaseStage.REFERRED]

    def test_a_second_time_is_harmless(self, city: City, as_: SignIn) -> None:
        case, _code = filed(city)
        office = as_(city.coordinator)
        assert act(office, "case-acceptance", case.pk, title="路灯不亮", kind="difficulty") == 302
        assert act(office, "case-acceptance", case.pk, title="别的", kind="difficulty") == 422
        assert again(case).title == "路灯不亮"

    def test_a_unit_may_not_do_what_the_office_does(self, city: City, as_: SignIn) -> None:
        case, unit = given(city).case, as_(city.head)
        for name, data in {
            "case-assignments": {"unit": city.units[OTHER].pk, "part": "cooperating"},
            "case-host": {"host": leader(city).office_ref},
            "case-referral": {"elsewhere": "court", "told": "起诉。"},
            "case-withdrawal": {"reason": "不办。"},
            "case-contact": {"name": "某"},
        }.items():
            assert act(unit, name, case.pk, **data) == 422, name
        row = again(case)
        assert (row.stage, row.host, str(row.name)) == (CaseStage.HANDLING, None, NAME)

    def test_the_party_complained_of_is_not_on_the_form_nor_taken_from_it(
        self, city: City, as_: SignIn
    ) -> None:
        case = accepted(city)
        Case.objects.filter(pk=case.pk).update(against=city.units[LEAD])
        office = as_(city.coordinator)
        page = office.get(reverse("case", args=[case.pk]))
        form = next(each.form for each in page.context["main_acts"] if "assignments" in each.url)
        offered = {each.code for each in form.fields["unit"].queryset}
        assert LEAD not in offered
        assert OTHER in offered
        assert act(office, "case-assignments", case.pk, unit=city.units[LEAD].pk, part="lead") == 422
        assert not case.handlings.exists()

    def test_a_review_is_answered_by_its_address(self, city: City, as_: SignIn) -> None:
        case = answered(city)
        request = ask_review(case=case, wording="没修好。", actor=Applicant(case.pk), now=at(3, 21))
        data = {"wording": "维持。", "outcome": "solved", "upheld": "yes"}
        assert act(as_(city.head), "case-review", request.pk, **data) == 422
        assert act(as_(leader(city)), "case-review", request.pk, **data) == 302
        request.refresh_from_db()
        assert request.answer is not None

    def test_a_dispute_is_not_answered_by_whoever_raised_it(self, city: City, as_: SignIn) -> None:
        dispute = raise_dispute(handling=given(city), reason="不归我委。", actor=city.head, now=at(3, 9))
        data = {"upheld": "yes", "decision": "同意。"}
        assert act(as_(city.head), "case-dispute-decision", dispute.pk, **data) == 422


class TestAfterwards:
    def test_gathered_into_a_proposal_that_leads_to_a_matter(self, city: City, as_: SignIn) -> None:
        one, two = accepted(city, title="康巴什路路灯不亮"), accepted(city, title="康巴什路路灯损坏不亮")
        client = as_(city.coordinator)
        assert client.get(reverse("case-gathering", args=[one.pk])).status_code == 200
        answer = client.post(
            reverse("case-gathering", args=[one.pk]),
            {"cases": [two.pk], "title": "路灯改造", "reason": "同类。"},
        )
        proposal = Proposal.objects.get()
        assert answer["Location"] == reverse("case-proposal", args=[proposal.pk])
        page = client.get(answer["Location"])
        assert {each.pk for each in page.context["cases"]} == {one.pk, two.pk}
        assert page.context["matter_url"].startswith(reverse("new-matter") + "?title=")
        assert client.get(page.context["matter_url"]).status_code == 200
        assert client.get(reverse("case-proposals")).status_code == 200
        assert act(client, "case-setting-apart", two.pk) == 302
        assert again(two).proposal is None

    def test_a_draw_from_freezing_to_the_call(
        self, city: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = rated(answered(city), stars=5, solved=True, now=at(3, 20))
        client = as_(city.coordinator)
        answer = client.post(
            reverse("call-back-draws"),
            {"since": "2026-03-01", "until": "2026-03-20", "seed_source": "双色球", "seed_on": "2026-03-22"},
        )
        draw = CallBackDraw.objects.get()
        assert answer["Location"] == reverse("call-back-draw", args=[draw.pk])
        listed = Client().get(reverse("call-back-list", args=[draw.pk, "agreed"]))
        assert listed.content.decode() == f"id\n{case.reference}\n"
        assert act(client, "call-back-seed", draw.pk, seed="07 11") == 422
        monkeypatch.setattr(clock, "now", lambda: at(3, 22))
        client = as_(city.coordinator)
        assert act(client, "call-back-seed", draw.pk, seed="07 11") == 302
        assert case.reference in text_of(Client().get(reverse("call-back-draw", args=[draw.pk])))
        assert case.title in text_of(client.get(reverse("call-back-draws")))
        closure = case.closures.get()
        assert act(client, "case-call-back", closure.pk, result="yes", stars="5") == 302
        assert closure.called_back.solved is True

    def test_what_anybody_reads_of_a_draw_are_numbers(self, city: City) -> None:
        case = rated(answered(city), stars=5, solved=True, now=at(3, 20))
        draw = freeze_call_backs(
            cycle=city.cycle, unit=city.units["1506"], since=at(3, 1).date(), until=at(3, 20).date(),
            seed_source="双色球", seed_on=at(3, 22).date(), actor=city.coordinator, now=at(3, 21),
        )  # fmt: skip
        draw_call_backs(draw=draw, seed="07", actor=city.coordinator, now=at(3, 22))
        page = text_of(Client().get(reverse("call-back-draw", args=[draw.pk])))
        assert case.reference in page
        assert not any(each in page for each in (case.title, NAME, CONTACT))
        assert Client().get(f"/call-backs/{draw.pk}/all.csv").status_code == 404
