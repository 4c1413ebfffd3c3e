from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

NAV = [
    {"label": f"第{number}项", "url": f"/{number}/", "icon": "home", "current": number == 1}
    for number in range(1, 8)
]


def page(**shell: Any) -> str:
    return render_to_string("ui/base.html", {"shell": shell} if shell else {})


class TestBase:
    def test_stands_without_anything_as_sign_in_and_error_pages_need(self) -> None:
        drawn = page()
        assert '<main id="main"' in drawn
        assert 'href="#main"' in drawn
        assert "<nav" not in drawn

    def test_marks_the_current_page_in_both_navigations(self) -> None:
        assert page(nav=NAV).count('href="/1/" aria-current="page"') == 2

    @pytest.mark.parametrize(("items", "direct", "more"), [(3, 3, 0), (5, 5, 0), (7, 4, 3)])
    def test_a_phone_shows_five_places_or_four_and_the_rest_under_more(
        self, items: int, direct: int, more: int
    ) -> None:
        bar = page(nav=NAV[:items]).split('<nav class="tabbar"')[1].split("</nav>")[0]
        assert (bar.count('<a class="tabbar__link"'), bar.count('<a class="menu__item"')) == (direct, more)

    def test_the_chosen_theme_comes_from_the_server_so_that_nothing_flashes(self) -> None:
        assert '<html lang="zh-hans" data-theme="dark">' in page(theme="dark")
        assert "data-theme=" not in page(theme='x" onload="').split("<head>")[0]

    def test_the_theme_cookie_counts_where_the_shell_says_nothing(self) -> None:
        request = RequestFactory().get("/")
        request.COOKIES["theme"] = "light"
        assert 'data-theme="light"' in render_to_string("ui/base.html", {"request": request})

    def test_the_other_offices_can_be_chosen(self) -> None:
        office = {"pk": 7, "title": "达拉特旗委办公室主任", "unit": "达拉特旗"}
        drawn = page(
            person="演示用户 03",
            acting={"title": "主任", "unit": "市"},
            offices=[office],
            switch_url="/acting/",
        )
        assert 'action="/acting/"' in drawn
        assert '<button class="menu__item" type="submit" name="office" value="7">' in drawn

    def test_demonstration_is_said(self) -> None:
        assert "演示数据" in page(demo=True)
        assert "演示数据" not in page(demo=False)

    def test_htmx_neither_evaluates_nor_keeps_pages_and_shows_refusals(self) -> None:
        drawn = page()
        assert '"allowEval":false' in drawn
        assert '"includeIndicatorStyles":false' in drawn
        assert '"historyCacheSize":0' in drawn
        assert '{"code":"422","swap":true}' in drawn
