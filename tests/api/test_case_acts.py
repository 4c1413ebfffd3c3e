"""Programs move a case along its chain; what its applicant said and how to reach them stays sealed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.calling import Caller, done, problem_of, refused
from api.moving_time import GoTo, going
from cases.cast import CONTACT, LEAD, NAME, OTHER, WORDING, again, answered, filed, given
from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.operations import hold_office
from guantong.api.addresses_of_acts import OF_ROWS
from guantong.api.shapes.types import fields_of
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.cases.applicant import Applicant
from guantong.cases.models import Answer, Closure
from guantong.cases.operations.reviewing import ask_review


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> GoTo:
    return going(monkeypatch)


def of(acting: Acting) -> Caller:
    return Caller.acting(acting, days=300)


def acceptance(**more: Any) -> dict[str, Any]:
    return {"title": "路灯不亮", "kind": "difficulty", "against": None} | more


class TestACase:
    def test_from_filing_to_its_end_and_on_again(self, city: City, go: GoTo) -> None:
        case, _code = filed(city)
        office, unit, path = of(city.coordinator), of(city.acting(LEAD, "unit_head")), f"cases/{case.pk}/"
        go(3, 4)
        assert done(office.post(f"{path}acceptances/", acceptance()))["stage"] == "accepted"
        assert (
            done(office.post(f"{path}amendments/", {"title": "东街路灯不亮", "against": None}))["title"]
            == "东街路灯不亮"
        )
        assert problem_of(unit.get(path))["status"] == 404
        leader = city.office("1506-LG", "leader")
        assert done(office.post(f"{path}hosts/", {"host": leader.pk}))["host"]["id"] == leader.pk
        give = {"unit": city.units[LEAD].pk, "part": "lead", "wording": "修好路灯"}
        told = done(office.post(f"{path}assignments/", give))
        assert (told["stage"], told["handlings"][0]["unit"]["code"]) == ("handling", LEAD)
        go(3, 6)
        assert done(unit.post(f"{path}pauses/", {"reason": "expert", "note": "等检测"}))["paused"] is True
        assert refused(unit.post(f"{path}answers/", {"wording": "已修好", "outcome": "solved"})) == (
            "正在暂停计时，请先恢复，再答复。"
        )
        assert done(unit.post(f"{path}resumptions/", {}))["paused"] is False
        days = {clock["kind"]: clock["due_on"] for clock in unit.read(path)["clocks"]}
        longer = done(office.post(f"{path}extensions/", {"days": 5, "reason": "等配件"}))
        assert {each["kind"]: each["due_on"] for each in longer["clocks"]}["close"] > days["close"]
        go(3, 20)
        told = done(unit.post(f"{path}answers/", {"wording": "已修好", "outcome": "solved"}))
        assert told["stage"] == "answered"
        assert str(Answer.objects.get(case=case).wording) == "已修好"
        assert refused(unit.post(f"{path}closings/", {"reason": "没有回应"}))
        closed = done(office.post(f"{path}closings/", {"reason": "没有回应"}))
        assert (closed["stage"], closed["closures"][0]["one_sided"]) == ("closed", True)
        back = done(office.post(f"{path}reopenings/", {"reason": "又坏了"}))
        assert (back["stage"], back["reopened"]) == ("handling", 1)
        assert done(office.post(f"{path}withdrawals/", {"reason": "当事人来电"}))["stage"] == "withdrawn"
        assert verify_log().clean
        assert AuditEntry.objects.filter(actor__contains="token:", verb__startswith="cases.").count() >= 11

    def test_refused_or_referred_with_what_the_applicant_is_told(self, city: City, go: GoTo) -> None:
        office = of(city.coordinator)
        first, second = filed(city)[0], filed(city)[0]
        told = done(office.post(f"cases/{first.pk}/refusals/", {"reason": "不属受理范围"}))
        assert told["stage"] == "refused"
        sent = {"elsewhere": "petition", "told": "已移送市信访局"}
        assert done(office.post(f"cases/{second.pk}/referrals/", sent))["stage"] == "referred"
        again_ = problem_of(office.post(f"cases/{second.pk}/referrals/", sent | {"elsewhere": "nowhere"}))
        assert (again_["status"], again_["errors"][0]["where"]) == (400, "elsewhere")
        assert refused(office.post(f"cases/{second.pk}/acceptances/", acceptance()))

    def test_what_is_chosen_must_be_among_what_the_page_offers(self, city: City, go: GoTo) -> None:
        case = given(city).case
        office, path = of(city.coordinator), f"cases/{case.pk}/"
        for unit in (city.units[LEAD].pk, city.units["150602001001"].pk, 999_999):
            assert refused(office.post(f"{path}assignments/", {"unit": unit, "part": "cooperating"}))
        assert refused(office.post(f"{path}hosts/", {"host": city.office(LEAD, "unit_head").pk}))
        assert again(case).host is None

    def test_whoever_also_sits_in_the_party_complained_of_sees_it_no_more(self, city: City, go: GoTo) -> None:
        """The one who says so is answered that it is done, and nothing of the case."""
        case, _code = filed(city, kind="complaint")
        person = city.coordinator.person
        assert person is not None
        seat = city.office(OTHER, "unit_head")
        hold_office(person=person, office=seat, starts_on=dt.date(2025, 7, 1), actor=CONSOLE, now=at(1, 5))
        office, path = of(city.coordinator), f"cases/{case.pk}/acceptances/"
        sent = acceptance(kind="complaint", against=city.units[OTHER].pk)
        first, second = (office.post(path, sent, key="against-01") for _each in range(2))
        assert (first.status_code, first.content) == (204, b"")
        assert second["Idempotency-Replayed"] == "true"
        assert problem_of(office.get(f"cases/{case.pk}/"))["status"] == 404
        assert again(case).against == city.units[OTHER]


class TestHands:
    def test_a_unit_disputes_and_is_taken_off(self, city: City, go: GoTo) -> None:
        part = given(city)
        unit, office, path = (
            of(city.acting(LEAD, "unit_head")),
            of(city.coordinator),
            f"cases/{part.case_id}/",
        )
        go(3, 6)
        said = {"handling": part.pk, "reason": "属市政部门"}
        assert refused(unit.post(f"{path}disputes/", said | {"handling": 999_999})).startswith("这里没有")
        dispute = done(unit.post(f"{path}disputes/", said))["handlings"][0]["disputes"][0]
        answer = {
            "dispute": dispute["id"],
            "upheld": True,
            "decision": "同意",
            "pass_to": city.units[OTHER].pk,
        }
        told = done(office.post(f"{path}dispute-decisions/", answer))
        assert {each["unit"]["code"]: each["released_on"] is None for each in told["handlings"]} == {
            LEAD: False, OTHER: True,
        }  # fmt: skip
        assert problem_of(unit.get(path))["status"] == 404
        taken = next(each for each in told["handlings"] if each["unit"]["code"] == OTHER)
        released = {"handling": taken["id"], "reason": "改由本办办理"}
        assert done(office.post(f"{path}releases/", released))["stage"] == "accepted"

    def test_a_review_is_answered_by_a_leader_who_then_sees_it_no_more(self, city: City, go: GoTo) -> None:
        case = answered(city)
        ask_review(case=case, wording="还没有修好", actor=Applicant(case.pk), now=at(3, 25))
        go(3, 26)
        leader, path = of(city.acting("1506-LG", "leader")), f"cases/{case.pk}/"
        [asked] = leader.read(path)["reviews"]
        answer = {"review": asked["id"], "upheld": True, "outcome": "explained", "wording": "维持原答复"}
        assert refused(of(city.acting(LEAD, "unit_head")).post(f"{path}review-answers/", answer))
        first = leader.post(f"{path}review-answers/", answer, key="review-01")
        assert (first.status_code, first.content) == (204, b"")
        assert problem_of(leader.get(path))["status"] == 404
        assert of(city.coordinator).read(path)["reviews"][0]["answered"] is True

    def test_a_call_back_that_nobody_drew_is_refused(self, city: City, go: GoTo) -> None:
        case = answered(city)
        go(4, 1)
        office, path = of(city.coordinator), f"cases/{case.pk}/"
        closure = done(office.post(f"{path}closings/", {"reason": "没有回应"}))["closures"][0]["id"]
        assert refused(office.post(f"{path}call-backs/", {"closure": closure, "result": "yes", "stars": 5}))
        assert not Closure.objects.filter(called_back__isnull=False).exists()


class TestPrivacy:
    def test_no_act_takes_and_no_answer_gives_what_is_sealed(self, city: City, go: GoTo) -> None:
        case = answered(city)
        office = of(city.coordinator)
        for path in (f"cases/{case.pk}/", "cases/"):
            told = office.get(path).content.decode()
            assert NAME not in told
            assert CONTACT not in told
            assert WORDING not in told
            assert "路灯已经修好" not in told
        acts = next(acts for rows, _name, acts in OF_ROWS if rows == "cases")
        taken = {name for act in acts.values() for name in fields_of(act.body)}
        assert taken.isdisjoint({"name", "contact", "applicant"})

    def test_sealed_columns_are_not_even_read(self, city: City, go: GoTo) -> None:
        case = answered(city)
        ask_review(case=case, wording="还没有修好", actor=Applicant(case.pk), now=at(3, 25))
        office = of(city.coordinator)
        with CaptureQueriesContext(connection) as asked:
            assert office.read(f"cases/{case.pk}/")["reviews"]
        read = " ".join(each["sql"] for each in asked.captured_queries)
        for column in ("contact_index", '"cases_case"."wording"', '"cases_reviewrequest"."wording"'):
            assert column not in read, column
