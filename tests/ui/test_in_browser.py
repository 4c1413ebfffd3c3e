"""The style guide in a real browser: what only layout, script and assistive rules show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(chromium: Any, live_server: Any) -> Iterator[Any]:
    contexts = []

    def open_page(width: int = 1440, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{live_server.url}/styleguide/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def overflow(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


class TestStyleguide:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [360, 1440])
    def test_axe_finds_nothing(self, open_page: Any, width: int, scheme: str) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        page = open_page(width, color_scheme=scheme)
        found = axe.run(page).response["violations"]
        assert [(problem["id"], problem["nodes"][0]["target"]) for problem in found] == []

    @pytest.mark.parametrize("width", [320, 360, 600, 768, 1024, 1200, 1440])
    def test_nothing_runs_over_the_side(self, open_page: Any, width: int) -> None:
        assert overflow(open_page(width)) <= 0

    @pytest.mark.parametrize("width", [360, 1440])
    def test_text_at_200_percent_runs_over_nothing(self, open_page: Any, width: int) -> None:
        page = open_page(width)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(page) <= 0

    def test_what_is_pressed_on_a_phone_is_44_pixels_high(self, open_page: Any) -> None:
        small = open_page(360).evaluate(
            """[...document.querySelectorAll(`.btn, .chip, .tool, .tabs__link, .segments__link, .pager__link, .input,
              .field input:not([type=checkbox]), .field select, .choice, summary`)].filter(e => e.offsetParent)
              .map(e => [e.className, e.getBoundingClientRect().height]).filter(([, height]) => height < 43.9)"""
        )
        assert small == []


class TestScripts:
    def test_the_theme_goes_round_and_is_remembered_by_the_server(self, open_page: Any) -> None:
        page = open_page()
        seen = []
        for _ in range(3):
            page.locator("[data-theme-toggle]").click()
            seen.append(page.evaluate("document.documentElement.getAttribute('data-theme')"))
        assert seen == ["light", "dark", None]
        page.locator("[data-theme-toggle]").click()
        assert 'data-theme="light"' in page.request.get(page.url).text()

    def test_paging_swaps_the_list_and_changes_the_address(self, open_page: Any) -> None:
        page = open_page()
        page.locator("#sample-list-page-2").click()
        page.wait_for_url("**/?page=2")
        page.wait_for_function(
            "document.querySelector('#sample-list .pager__link[aria-current]').textContent.includes('2')"
        )
        assert page.locator(".listing").count() == 1
        assert page.locator("#announce").text_content() == "共 137 条"

    def test_choosing_a_filter_applies_it_and_back_takes_it_off(self, open_page: Any) -> None:
        page = open_page()
        page.locator(".filters select").select_option("yellow")
        page.wait_for_url("**/?*light=yellow*")
        page.wait_for_function("document.querySelectorAll('#sample-list .light--yellow').length === 8")
        page.go_back()
        page.wait_for_function("document.querySelectorAll('#sample-list .light--red').length > 0")

    def test_on_a_phone_the_filters_are_folded_until_something_is_chosen(self, open_page: Any) -> None:
        page = open_page()
        page.set_viewport_size({"width": 360, "height": 800})
        chosen = page.locator(".filters select").first
        assert not chosen.is_visible()
        page.locator(".filters__label").click()
        assert chosen.is_visible()
        chosen.select_option("yellow")
        page.wait_for_url("**/?*light=yellow*")
        page.reload()
        assert page.locator(".filters select").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.set_viewport_size({"width": 1440, "height": 900})
        assert not page.locator(".filters__label").is_visible()

    def test_everything_typed_survives_a_reload(self, open_page: Any) -> None:
        page = open_page()
        page.locator("form[data-keep] [name=what]").fill("解决了两件事")
        page.locator("form[data-keep] [name=fulfils]").nth(1).check()
        page.reload()
        assert page.locator("form[data-keep] [name=what]").input_value() == "解决了两件事"
        assert page.locator("form[data-keep] [name=fulfils]").nth(1).is_checked()

    def test_a_serious_step_is_asked_about_and_can_be_called_off(self, open_page: Any) -> None:
        page = open_page()
        before = page.url
        button = page.locator("form[data-confirm] button")
        button.click()
        page.locator("#confirm [value=no]").click()
        assert page.url == before
        button.click()
        page.locator("#confirm [value=yes]").click()
        page.wait_for_url("**/styleguide/?")

    def test_escape_closes_a_drawer_and_gives_the_focus_back(self, open_page: Any) -> None:
        page = open_page()
        page.locator("details.drawer > summary").click()
        page.keyboard.press("Escape")
        assert page.locator("details.drawer[open]").count() == 0
        assert page.evaluate("document.activeElement.matches('details.drawer > summary')")

    def test_a_broken_network_is_said_in_words(self, open_page: Any) -> None:
        page = open_page()
        page.context.set_offline(True)
        page.locator("#sample-list-page-2").click()
        page.wait_for_selector(".toast--error")
        assert "网络不通" in page.locator(".toast--error").text_content()


class TestWithoutScripts:
    def test_paging_and_menus_still_work(self, open_page: Any) -> None:
        page = open_page(360, java_script_enabled=False)
        page.locator("#sample-list-page-2").click()
        assert page.url.endswith("?page=2")
        page.locator("details.drawer > summary").click()
        assert page.locator(".drawer__body").is_visible()
