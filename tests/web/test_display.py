"""Large text and one-hand mode: chosen on a device, kept there in a cookie, held on the pages used most."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from cases.cast import given
from conftest import City, SignIn
from grassroots.quick_cast import catalogue, commissioner
from guantong.obligations.models import Obligation
from reception.test_pages import coming, slots
from web.test_loop_in_browser import assert_no_violation, open_for


class TestTheChoice:
    @pytest.mark.parametrize(
        ("text", "hand", "marks"),
        [
            ("large", "", ['data-text="large"']),
            ("largest", "left", ['data-text="largest"', 'data-hand="left"']),
            ("", "right", ['data-hand="right"']),
        ],
    )
    def test_it_holds_on_every_page_of_the_device(
        self, client: Client, db: None, text: str, hand: str, marks: list[str]
    ) -> None:
        answer = client.post("/display/", {"text": text, "hand": hand})
        assert answer["Location"] == "/display/"
        for page in ("/display/", "/sign-in/", "/reception/"):
            head = client.get(page).content.decode().split("<head>")[0]
            assert [each for each in ("data-text", "data-hand") if each in head] == [
                each.split("=")[0] for each in marks
            ]
            assert all(each in head for each in marks)

    def test_the_usual_takes_the_cookie_away(self, client: Client, db: None) -> None:
        client.post("/display/", {"text": "large", "hand": ""})
        client.post("/display/", {"text": "", "hand": ""})
        assert client.cookies["display"]["max-age"] == 0

    @pytest.mark.parametrize("cookie", ['x" onload="a', "huge.both", "large", "", "...."])
    def test_a_cookie_that_says_anything_else_is_nothing(self, client: Client, db: None, cookie: str) -> None:
        client.cookies["display"] = cookie
        head = client.get("/sign-in/").content.decode().split("<head>")[0]
        assert "onload" not in head
        assert ("data-text" in head, "data-hand" in head) == (cookie == "large", False)

    def test_what_is_not_offered_is_refused(self, client: Client, db: None) -> None:
        assert client.post("/display/", {"text": "huge"}).status_code == 422
        assert client.delete("/display/").status_code == 405

    def test_the_cookie_is_this_site_s_and_no_script_s(self, client: Client, db: None) -> None:
        client.post("/display/", {"text": "large", "hand": ""})
        kept = client.cookies["display"]
        assert (kept["httponly"], kept["samesite"], kept["domain"], kept["path"]) == (True, "Lax", "", "/")

    def test_account_home_and_every_foot_lead_there(self, city: City, as_: SignIn) -> None:
        client = as_(commissioner(city))
        for page in ("/", "/account/", "/quick/"):
            assert client.get(page).content.decode().count('href="/display/"') >= 1, page
        assert 'href="/display/"' in Client().get("/reception/").content.decode()


def pages(city: City) -> list[str]:
    """Those used most: home, quick record, obligations, the form of a record, a case, booking without an account."""
    today = dt.date.today()  # noqa: DTZ011 - the server's clock is the real one here
    owed = Obligation.objects.filter(office=commissioner(city).office).order_by("pk")[0]
    owed.starts_on, owed.due_on = today - dt.timedelta(days=20), today + dt.timedelta(days=5)
    owed.save()
    day = coming(city)
    return [
        "/", "/quick/", "/quick/?kind=service", "/quick/?kind=demand", "/obligations/", f"/obligations/{owed.pk}/",
        "/records/new/", "/display/", "/account/", "/reception/", f"/reception/slots/{slots(day)[0].pk}/booking/",
    ]  # fmt: skip


def cut_off(page: Page) -> list[str]:
    """Texts that are wider than what shows them, unless that scrolls by itself."""
    found: list[str] = page.evaluate(
        """() => Array.from(document.querySelectorAll('main *, header *, nav.tabbar *')).filter(part => {
            const style = getComputedStyle(part);
            if (part.closest('.visually-hidden, [hidden], svg, thead') || !part.textContent.trim() || !part.getClientRects().length) return false;
            return part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1
                && (style.overflowX === 'hidden' || style.overflowX === 'clip') && !part.closest('.scroller');
        }).map(part => part.className + ': ' + part.textContent.trim().slice(0, 60))"""
    )
    return found


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the edge of the screen, if the page scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
        Array.from(document.querySelectorAll('body *')).filter(part => part.getBoundingClientRect().right > window.innerWidth + 1
            && !part.closest('.visually-hidden, .scroller')).map(part => part.tagName + '.' + part.className + ': ' + part.textContent.trim().slice(0, 40)).slice(-6)"""
    )
    return found


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestOnAPhone:
    @pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.drill)])
    @pytest.mark.parametrize(
        ("text", "hand"), [pytest.param("largest", "right", marks=pytest.mark.drill), ("200%", "")]
    )
    def test_nothing_is_cut_off_and_nothing_scrolls_sideways(
        self, chromium: Browser, live_server: Any, signed: City, language: str, text: str, hand: str
    ) -> None:
        catalogue(signed)
        page = open_for(chromium, live_server.url, commissioner(signed), width=360, language=language)
        page.context.add_cookies([{"name": "display", "value": f"{text}.{hand}", "url": live_server.url}])
        wrong = []
        for path in pages(signed):
            page.goto(path)
            if text == "200%":
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            else:
                assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
            wrong += [(path, each) for each in too_wide(page)]
            if not wrong:
                assert_no_violation(page)
            wrong += [(path, each) for each in cut_off(page)]
        assert wrong == []

    @pytest.mark.drill
    def test_a_case_too(self, chromium: Browser, live_server: Any, signed: City) -> None:
        case = given(signed).case
        page = open_for(chromium, live_server.url, signed.coordinator, width=360)
        page.context.add_cookies([{"name": "display", "value": "largest.left", "url": live_server.url}])
        page.goto(f"/cases/{case.pk}/")
        assert_no_violation(page)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert_no_violation(page)
        assert cut_off(page) == []

    @pytest.mark.parametrize("hand", ["right", pytest.param("left", marks=pytest.mark.drill)])
    def test_in_one_hand_mode_save_is_where_the_thumb_is(
        self, chromium: Browser, live_server: Any, signed: City, hand: str
    ) -> None:
        page = open_for(chromium, live_server.url, commissioner(signed), width=360)
        reach = []
        for cookie in (".", f".{hand}"):
            page.context.add_cookies([{"name": "display", "value": cookie, "url": live_server.url}])
            page.goto("/records/new/")
            box = page.locator("main .form__actions .btn").first.bounding_box()
            assert box is not None
            reach.append((box["y"] + box["height"], box["x"] + box["width"] / 2))
        assert reach[0][0] > 800  # usually below the edge of the screen
        assert 500 < reach[1][0] <= 800 - 48  # above the bar at the bottom
        assert (reach[1][1] > 180) == (hand == "right")
