"""The loop in a real browser: a unit reports on a phone, the office reviews, the figure opens down to the record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page

from conftest import City
from guantong.accounts.acting import Acting
from guantong.obligations.models import Obligation

PASSWORD = "guantong-in-the-browser"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_for(chromium: Browser, base: str, acting: Acting, *, width: int, language: str = "zh-hans") -> Page:
    """A page signed in through the form, as a person does."""
    assert acting.person is not None
    acting.person.password = make_password(PASSWORD)
    acting.person.save()
    context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=base)
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/sign-in/")
    page.fill("[name=sign_in]", str(acting.person.sign_in))
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    page.wait_for_url(f"{base}/")
    return page


def assert_no_violation(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), page.url


@pytest.fixture
def today_owed(signed: City) -> Obligation:
    """A progress report that is open today whatever the day the suite runs on."""
    owed = Obligation.objects.filter(unit__code="1506-MU-01", rule="D12").order_by("due_on")[0]
    today = dt.datetime.now(dt.UTC).date()
    owed.starts_on, owed.due_on = today - dt.timedelta(days=20), today + dt.timedelta(days=5)
    owed.save()
    return owed


def test_report_review_and_open_the_figure(
    chromium: Browser, live_server: Any, signed: City, today_owed: Obligation
) -> None:
    base = live_server.url
    phone = open_for(chromium, base, signed.head, width=360)
    assert_no_violation(phone)
    phone.goto(f"/obligations/{today_owed.pk}/")
    assert_no_violation(phone)
    phone.click(f"a[href='/records/new/?for={today_owed.pk}']")
    assert_no_violation(phone)
    phone.fill("[name=summary]", "本季度任务按节点推进，完成三项。")
    assert phone.is_checked(f"[name=obligations][value='{today_owed.pk}']")
    phone.click("main form button.btn >> text=保存")
    phone.wait_for_url("**/records/*/")
    assert "本季度任务按节点推进" in phone.inner_text("h1")
    assert_no_violation(phone)

    desk = open_for(chromium, base, signed.coordinator, width=1440)
    assert_no_violation(desk)
    desk.goto("/reviews/")
    assert_no_violation(desk)
    desk.click("button[value=accepted]")
    desk.wait_for_load_state()
    today_owed.refresh_from_db()
    assert today_owed.state == "fulfilled"

    desk.goto("/")
    desk.click("a[href$='/link_task/']")
    desk.wait_for_url("**/link_task/")
    assert_no_violation(desk)
    desk.click("main .stats a >> nth=1")
    desk.wait_for_url("**/obligations/?*")
    assert desk.locator("tbody tr").count() == 1
    desk.click("tbody tr th a")
    desk.click("text=本季度任务按节点推进")
    desk.wait_for_url("**/records/*/")
    assert "贯通任务" in desk.inner_text("main")  # and back up to the figure it feeds


def test_nothing_typed_is_lost_when_something_is_wrong(
    chromium: Browser, live_server: Any, signed: City
) -> None:
    page = open_for(chromium, live_server.url, signed.head, width=360)
    page.goto("/records/new/")
    page.fill("[name=summary]", "已经写好的一段话")
    page.fill("[name=happened_on]", "2099-01-01")
    page.click("main form button.btn >> text=保存")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("[name=summary]") == "已经写好的一段话"
    assert "还没有到" in page.inner_text("main")


PAGES = (
    "/", "/inbox/", "/obligations/", "/duty-lists/", "/duties/", "/tasks/", "/records/", "/records/new/",
    "/scores/", "/cycles/", "/reviews/", "/tasks/questions/",
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "dark")])
def test_axe_finds_no_violation(
    chromium: Browser, live_server: Any, signed: City, language: str, width: int, scheme: str
) -> None:
    page = open_for(chromium, live_server.url, signed.coordinator, width=width, language=language)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    duty_list = signed.list_of("1506-MU-01")
    board = f"/board/{signed.cycle.pk}/{signed.units['1506'].pk}/"
    for path in (*PAGES, f"/duty-lists/{duty_list.pk}/", board, f"{board}base_staff/"):
        page.goto(path)
        assert_no_violation(page)
