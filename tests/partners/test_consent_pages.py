from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from conftest import City, SignIn
from guantong.audit.models import Receipt
from guantong.audit.verification import verify_log
from guantong.kernel import clock
from guantong.partners.models import ConsentRequest, Partner
from guantong.partners.operations import agree
from partners.cast import asked

YES = {"name": "苏和", "contact": "139 0000 0001", "answer": "yes"}


@pytest.fixture
def link(city: City) -> tuple[ConsentRequest, str]:
    """A link given out today."""
    return asked(city, now=clock.now())


@pytest.fixture
def own(link: tuple[ConsentRequest, str]) -> str:
    """The address of somebody who agreed."""
    consent, code = link
    agree(consent=consent, name="苏和", contact="139 0000 0001", now=clock.now())
    return f"/consent/{code}/"


class TestNotice:
    def test_it_says_who_asks_what_for_how_long_and_how_to_take_it_back(
        self, link: tuple[ConsentRequest, str]
    ) -> None:
        page = Client().get(f"/consent/{link[1]}/")
        text = page.content.decode()
        for words in (
            "领导小组办公室",
            "365 天",
            "撤回",
            "不同意不影响您办任何事",
            "打分、排名",
            "个人信息保护法",
        ):
            assert words in text
        assert page["Cache-Control"] == "private, no-store"

    def test_agreeing_needs_no_account_and_leads_to_the_own_page(
        self, link: tuple[ConsentRequest, str]
    ) -> None:
        answer = Client().post(f"/consent/{link[1]}/", YES, follow=True)
        assert answer.status_code == 200
        assert "139 0000 0001" in answer.content.decode()
        assert str(Partner.objects.get().display_name) == "苏和"
        assert verify_log().faults == []

    def test_a_mistake_keeps_what_was_typed(self, link: tuple[ConsentRequest, str]) -> None:
        answer = Client().post(f"/consent/{link[1]}/", {**YES, "contact": ""})
        assert answer.status_code == 422
        assert "苏和" in answer.content.decode()
        assert not Partner.objects.exists()

    def test_declining_needs_no_field(self, link: tuple[ConsentRequest, str]) -> None:
        answer = Client().post(f"/consent/{link[1]}/", {"answer": "no"})
        assert "没有保存您的任何资料" in answer.content.decode()
        assert Client().get(f"/consent/{link[1]}/").status_code == 404

    @pytest.mark.parametrize("field", ["ethnicity", "religion", "party", "备注", "id_number", "birthday"])
    def test_more_than_the_two_fields_is_refused(self, link: tuple[ConsentRequest, str], field: str) -> None:
        answer = Client().post(f"/consent/{link[1]}/", {**YES, field: "x"})
        assert answer.status_code == 422
        assert not Partner.objects.exists()

    def test_whoever_is_signed_in_is_not_the_person(
        self, city: City, link: tuple[ConsentRequest, str], as_: SignIn
    ) -> None:
        browser = as_(city.coordinator)
        page = browser.get(f"/consent/{link[1]}/").content.decode()
        assert "请把链接交给本人" in page
        assert 'name="contact"' not in page
        assert browser.post(f"/consent/{link[1]}/", YES).status_code == 422
        assert not Partner.objects.exists()

    def test_links_that_cannot_be_used_all_look_alike(
        self, city: City, link: tuple[ConsentRequest, str]
    ) -> None:
        _stale, stale_code = asked(city, now=clock.now() - dt.timedelta(days=40))
        Client().post(f"/consent/{link[1]}/", {"answer": "no"})
        answers = {
            Client().get(f"/consent/{code}/").status_code for code in (link[1], stale_code, "nobody-knows-it")
        }
        bodies = {
            Client().get(f"/consent/{code}/").content.decode().split("<main")[1].split("</main>")[0]
            for code in (link[1], stale_code, "nobody-knows-it")
        }
        assert answers == {404}
        assert len(bodies) == 1

    def test_wrong_verb(self, own: str) -> None:
        assert Client().put(own).status_code == 405
        for part in ("details", "renewal", "withdrawal"):
            assert Client().get(f"{own}{part}/").status_code == 405


class TestOwnPage:
    def test_it_shows_all_that_is_held(self, own: str) -> None:
        text = Client().get(own).content.decode()
        for words in ("苏和", "139 0000 0001", "东胜区", "撤回同意"):
            assert words in text

    def test_no_office_sees_it_there(self, city: City, own: str, as_: SignIn) -> None:
        text = as_(city.coordinator).get(own).content.decode()
        assert "苏和" not in text

    def test_correcting(self, own: str) -> None:
        Client().post(f"{own}details/", {"name": "苏和巴特尔", "contact": "suhe@example.org"})
        assert str(Partner.objects.get().display_name) == "苏和巴特尔"
        assert Client().post(f"{own}details/", {"name": "", "contact": "1"}).status_code == 422

    def test_an_office_cannot_correct_or_withdraw_in_their_place(
        self, city: City, own: str, as_: SignIn
    ) -> None:
        browser = as_(city.coordinator)
        for part in ("details", "renewal", "withdrawal"):
            assert browser.post(f"{own}{part}/", {"name": "别人", "contact": "1"}).status_code == 422
        assert str(Partner.objects.get().display_name) == "苏和"

    def test_renewing_too_early_says_so(self, own: str) -> None:
        assert Client().post(f"{own}renewal/").status_code == 422

    def test_withdrawing_erases_and_gives_a_receipt_that_can_be_checked(self, own: str) -> None:
        answer = Client().post(f"{own}withdrawal/").content.decode()
        code = Receipt.objects.get().code
        assert code in answer
        assert Client().get(f"/receipts/{code}/").status_code == 200
        assert Client().get(own).status_code == 404
        assert Client().post(f"{own}withdrawal/").status_code == 404
        assert str(Partner.objects.get().contact) == ""
        assert verify_log().faults == []
