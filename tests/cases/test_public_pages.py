"""Anybody files, follows and ends a case, without an account and without the code in any address."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from cases.cast import CONTACT, LEAD, NAME, REPLY, WORDING, again, answered, filed, given
from conftest import City, at
from guantong.audit.models import Receipt
from guantong.cases import limits
from guantong.cases.choices import CaseKind, CaseStage
from guantong.cases.codes import digest_of_code, new_code
from guantong.cases.models import Case
from guantong.cases.operations.periods import pause_case
from guantong.cases.queries import case_by_code
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle


@pytest.fixture(autouse=True)
def in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages read the clock; these tests live on 21 March 2026."""
    monkeypatch.setattr(clock, "now", lambda: at(3, 21))


FORM = {
    "kind": CaseKind.DIFFICULTY, "wording": WORDING, "name": NAME, "contact": CONTACT, "submission_key": "a" * 32,
}  # fmt: skip


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def code_on(page: str) -> str:
    found = re.search(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}", page)
    assert found
    return found.group()


def known_code(case: Case) -> str:
    """A code that opens the case."""
    code = new_code()
    Case.objects.filter(pk=case.pk).update(code_digest=digest_of_code(code))
    return code


class TestFileCase:
    def test_the_slip_shows_the_code_once_with_a_qr_code_that_does_not_hold_it(self, city: City) -> None:
        answer = Client().post(reverse("file-case"), FORM)
        page = text_of(answer)
        case = Case.objects.get()
        assert answer.status_code == 200
        assert case_by_code(code_on(page)) == case
        assert "data:image/svg+xml" in page
        assert case.reference in page
        assert WORDING not in page
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"

    def test_the_form_says_what_is_kept_why_how_long_and_how_to_erase(self, city: City) -> None:
        page = text_of(Client().get(reverse("file-case")))
        for words in (
            "不查身份证件",
            "只用来办理和答复这件事",
            "办结满 730 天、撤回满 90 天后自动删除",
            "凭查询码可以随时查看、更正、撤回、删除",
        ):
            assert words in page

    def test_sent_twice_it_is_one_case_and_the_same_code(self, city: City) -> None:
        client = Client()
        first, second = (text_of(client.post(reverse("file-case"), FORM)) for _each in range(2))
        assert code_on(first) == code_on(second)
        assert Case.objects.count() == 1

    def test_an_anonymous_suggestion(self, city: City) -> None:
        Client().post(
            reverse("file-case"), {"kind": "suggestion", "wording": "多设长椅。", "anonymous": "on"}
        )
        case = Case.objects.get()
        assert (case.anonymous, case.name, case.contact) == (True, "", "")

    def test_what_was_typed_stays_where_something_is_wrong(self, city: City) -> None:
        answer = Client().post(reverse("file-case"), {**FORM, "anonymous": "on"})
        assert answer.status_code == 422
        assert WORDING in text_of(answer)
        assert not Case.objects.exists()

    def test_a_complaint_about_the_coordinating_office_goes_past_it(self, city: City) -> None:
        against = city.units["1506-LGO"].pk
        Client().post(reverse("file-case"), {**FORM, "kind": "complaint", "against": against})
        assert Case.objects.get().unit == city.units["1506"]

    def test_no_cookie_beyond_what_forms_need(self, city: City) -> None:
        client = Client()
        client.get(reverse("file-case"))
        client.post(reverse("file-case"), FORM)
        assert set(client.cookies) <= {"csrf", "session", "django_language"}

    def test_an_address_that_files_again_and_again_is_slowed_down(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "MOST_FILED", 2)
        client = Client()
        for number in range(3):
            answer = client.post(reverse("file-case"), {**FORM, "submission_key": f"{number}" * 32})
        assert answer.status_code == 422
        assert "提交得太频繁" in text_of(answer)
        assert Case.objects.count() == 2

    def test_before_a_year_is_opened_it_says_so(self, units: object) -> None:
        assert not Cycle.objects.exists()
        assert "现在还不能在网上反映" in text_of(Client().get(reverse("file-case")))

    def test_wrong_verb(self, city: City) -> None:
        assert Client().put(reverse("file-case")).status_code == 405

    def test_in_english(self, city: City) -> None:
        page = text_of(Client(headers={"Accept-Language": "en"}).get(reverse("file-case")))
        assert "How your information is used" in page


class TestTrack:
    def test_everything_held_and_the_clocks_in_words(self, city: City) -> None:
        case, code = filed(city)
        page = text_of(Client().post(reverse("track"), {"code": code}))
        for words in (
            NAME,
            CONTACT,
            WORDING,
            case.reference,
            "最迟 2026-03-17",
            "已超过 4 天",
            "正在审查是否受理",
        ):
            assert words in page

    def test_a_pause_with_its_reason_and_what_was_told(self, city: City) -> None:
        case = given(city).case
        pause_case(case=case, reason="hearing", note="4 月 1 日听证", actor=city.head, now=at(3, 20))
        page = text_of(Client().post(reverse("track"), {"code": known_code(case)}))
        assert "正在暂停计算期限" in page
        assert "举行听证 · 4 月 1 日听证" in page
        assert "暂停计算，恢复后顺延" in page

    @pytest.mark.parametrize("typed", ["", "0000-0000-000", "ABCDEFGHJKM", "x" * 200])
    def test_a_wrong_code_is_answered_alike_whatever_is_wrong_with_it(self, city: City, typed: str) -> None:
        filed(city)
        answer = Client().post(reverse("track"), {"code": typed})
        assert answer.status_code == 422
        assert "没有查到" in text_of(answer)

    def test_trying_codes_is_stopped(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MOST_WRONG_CODES", 3)
        _case, code = filed(city)
        client = Client()
        for _each in range(3):
            client.post(reverse("track"), {"code": "0000-0000-000"})
        answer = client.post(reverse("track"), {"code": code})
        assert answer.status_code == 422
        assert NAME not in text_of(answer)

    def test_the_code_stands_in_no_address(self, city: City) -> None:
        _case, code = filed(city)
        page = text_of(Client().post(reverse("track"), {"code": code}))
        addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page)
        assert addresses
        assert not any(code in each for each in addresses)

    def test_a_typed_address_opens_nothing(self, city: City) -> None:
        _case, code = filed(city)
        assert NAME not in text_of(Client().get(reverse("track"), {"code": code}))


ACTS = {
    "tracked-words": {"wording": "补充一句。"},
    "tracked-contact": {"name": "王女士", "contact": "139"},
    "tracked-rating": {"solved": "yes", "stars": "5"},
    "tracked-review": {"wording": "不同意。"},
    "tracked-withdrawal": {},
    "tracked-erasure": {},
}


class TestActsOfTheApplicant:
    def known(self, city: City) -> tuple[Case, str]:
        """An answered case whose code is known."""
        case = answered(city)
        return case, known_code(case)

    def test_read_the_answer_and_say_that_it_is_solved(self, city: City) -> None:
        case, code = self.known(city)
        client = Client()
        assert REPLY in text_of(client.post(reverse("track"), {"code": code}))
        page = text_of(client.post(reverse("tracked-rating"), {"code": code, **ACTS["tracked-rating"]}))
        assert "已收到您的评价" in page
        assert again(case).stage == CaseStage.CLOSED

    def test_not_solved_takes_it_up_again(self, city: City) -> None:
        case, code = self.known(city)
        Client().post(
            reverse("tracked-rating"), {"code": code, "solved": "no", "stars": "2", "wording": "又坏了。"}
        )
        assert (again(case).stage, again(case).reopened) == (CaseStage.HANDLING, 1)

    def test_ask_for_a_review(self, city: City) -> None:
        case, code = self.known(city)
        page = text_of(Client().post(reverse("tracked-review"), {"code": code, "wording": "没修好。"}))
        assert "已收到您的申请" in page
        assert case.review_requests.count() == 1

    def test_add_words_and_correct(self, city: City) -> None:
        case, code = filed(city)
        client = Client()
        client.post(reverse("tracked-words"), {"code": code, "wording": "补充一句。"})
        page = text_of(
            client.post(reverse("tracked-contact"), {"code": code, "name": "王女士", "contact": "139"})
        )
        for words in ("补充一句。", "王女士", "139"):
            assert words in page
        assert case.additions.count() == 1

    def test_withdraw(self, city: City) -> None:
        case, code = filed(city)
        client = Client()
        assert "已撤回" in text_of(client.post(reverse("tracked-withdrawal"), {"code": code}))
        assert again(case).stage == CaseStage.WITHDRAWN
        second = client.post(reverse("tracked-withdrawal"), {"code": code})
        assert second.status_code == 422
        assert "不能撤回" in text_of(second)

    def test_erase_with_a_receipt(self, city: City) -> None:
        case, code = filed(city)
        client = Client()
        page = text_of(client.post(reverse("tracked-erasure"), {"code": code}))
        assert Receipt.objects.get().code in page
        assert again(case).name == ""
        page = text_of(client.post(reverse("track"), {"code": code}))
        assert "已经删除" in page
        assert NAME not in page
        assert client.post(reverse("tracked-erasure"), {"code": code}).status_code == 422

    @pytest.mark.parametrize("name", sorted(ACTS))
    def test_without_the_code_nothing_happens(self, city: City, name: str) -> None:
        case, _code = self.known(city)
        before = again(case)
        answer = Client().post(reverse(name), {"code": "0000-0000-000", **ACTS[name]})
        assert answer.status_code == 422
        assert "没有查到" in text_of(answer)
        row = again(case)
        assert (row.stage, str(row.name), row.additions.count(), row.ratings.count()) == (
            before.stage, NAME, 0, 0
        )  # fmt: skip

    @pytest.mark.parametrize("name", sorted(ACTS))
    def test_wrong_verb(self, city: City, name: str) -> None:
        assert Client().get(reverse(name)).status_code == 405


def test_the_unit_complained_of_is_not_among_those_who_handle_it(city: City) -> None:
    case, code = filed(city, kind=CaseKind.COMPLAINT, against=city.units[LEAD])
    page = text_of(Client().post(reverse("track"), {"code": code}))
    assert str(city.units[LEAD]) not in page
    assert case.against == city.units[LEAD]
