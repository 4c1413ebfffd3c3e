"""A person books on a phone without an account, gives it up, and the leader writes the day down."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from conftest import City
from guantong.reception.models import Booking
from reception.cast import leader
from reception.test_pages import booked, coming, slots
from web.test_loop_in_browser import assert_no_violation, open_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def phone(chromium: Browser, base: str, *, scripts: bool, language: str = "zh-hans") -> Page:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, base_url=base, java_script_enabled=scripts
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def fill_in(page: Page) -> None:
    page.fill("[name=wording]", "小区供暖温度不够，请帮助协调。")
    page.fill("[name=name]", "李女士")
    page.fill("[name=contact]", "13800001111")
    page.check("[name=consent]")
    page.click("main form button.btn")
    page.wait_for_load_state()


def test_booked_and_given_up_without_scripts(chromium: Browser, live_server: Any, city: City) -> None:
    coming(city)
    page = phone(chromium, live_server.url, scripts=False)
    page.goto("/reception/")
    page.click(".slots a >> nth=0")
    fill_in(page)
    assert "已经约上" in page.inner_text("h1")
    code = page.inner_text(".slip__code")
    page.goto("/track/")
    page.fill("[name=code]", code)
    page.click("main form button.btn")
    assert "已约定" in page.inner_text("main")
    page.click("text=取消预约")
    assert "预约已取消" in page.inner_text("main")
    assert Booking.objects.get().stage == "cancelled"
    assert code not in page.url


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_no_violation_on_a_phone(
    chromium: Browser, live_server: Any, city: City, language: str
) -> None:
    day = coming(city)
    booked(day), booked(day), booked(day)
    page = phone(chromium, live_server.url, scripts=True, language=language)
    slot = slots(day)[1].pk
    for path in (
        "/reception/",
        f"/reception/slots/{slots(day)[0].pk}/order/",
        "/reception/appointments/new/",
    ):
        page.goto(path)
        assert_no_violation(page)
    page.goto(f"/reception/slots/{slot}/booking/")
    assert_no_violation(page)
    fill_in(page)
    assert_no_violation(page)
    code = page.inner_text(".slip__code")
    assert re.fullmatch(r"[0-9A-Z-]{13}", code)
    page.goto("/track/")
    page.fill("[name=code]", code)
    page.click("main form button.btn")
    page.wait_for_selector("#main .panel")
    assert_no_violation(page)


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_no_violation_in_the_office(
    chromium: Browser, live_server: Any, city: City, width: int
) -> None:
    day = coming(city)
    booking, _code = booked(day)
    page = open_for(chromium, live_server.url, leader(city), width=width)
    for path in (
        f"/reception/days/?month={day.day:%Y-%m}", f"/reception/days/{day.pk}/", f"/reception/days/{day.pk}/list/",
        "/reception/bookings/", f"/reception/bookings/{booking.pk}/", "/reception/walk-ins/new/",
    ):  # fmt: skip
        page.goto(path)
        assert_no_violation(page)
