from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("name", "名称"),
    Column("due", "期限", ("expire_date",)),
    Column("size", "数量", is_number=True),
]
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def sessions(db: None) -> Any:
    """Twelve rows of a table every project has, two of them due at the same moment."""
    Session.objects.bulk_create(
        Session(
            session_key=f"row-{number:02}",
            session_data="",
            expire_date=START + dt.timedelta(days=min(number, 10)),
        )
        for number in range(12)
    )
    return Session.objects.all()


def keys(listing: Listing) -> list[str]:
    return [row.session_key for row in listing]


class TestListing:
    def test_sorts_and_cuts_as_the_address_asks(self, sessions: Any) -> None:
        listing = Listing.of(sessions, QueryDict("sort=-due&page=2"), COLUMNS, per_page=5)
        assert keys(listing) == ["row-06", "row-05", "row-04", "row-03", "row-02"]
        assert listing.total == 12

    def test_equal_rows_keep_one_order_over_all_pages(self, sessions: Any) -> None:
        pages = [
            keys(Listing.of(sessions, QueryDict(f"sort=-due&page={n}"), COLUMNS, per_page=1)) for n in (1, 2)
        ]
        assert sorted(pages) == [["row-10"], ["row-11"]]

    def test_without_asking_the_views_own_order_holds(self, sessions: Any) -> None:
        assert keys(Listing.of(sessions, QueryDict(""), COLUMNS, sort="due", per_page=2)) == [
            "row-00",
            "row-01",
        ]

    @pytest.mark.parametrize(
        "wrong", ["sort=name", "sort=password", "sort=--due", "sort=-", "page=abc", "page=-3", "page="]
    )
    def test_what_the_address_gets_wrong_is_ignored(self, sessions: Any, wrong: str) -> None:
        listing = Listing.of(sessions, QueryDict(wrong), COLUMNS, sort="due", per_page=3)
        assert len(listing) == 3
        assert listing.sort == "due"

    def test_a_page_too_far_is_the_last_page(self, sessions: Any) -> None:
        assert keys(Listing.of(sessions, QueryDict("page=99"), COLUMNS, sort="due", per_page=5)) == [
            "row-10",
            "row-11",
        ]

    def test_costs_two_queries(self, sessions: Any, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(2):
            listing = Listing.of(sessions, QueryDict("sort=due"), COLUMNS, per_page=5)
            keys(listing)
            list(listing.page_links)
            list(listing.heads)


class TestAddress:
    def test_sorting_keeps_the_filters_and_goes_back_to_the_first_page(self) -> None:
        listing = Listing.of(list(range(100)), QueryDict("light=red&page=3"), COLUMNS)
        assert listing.heads[1].url == "?light=red&sort=due"

    def test_a_second_click_turns_the_order_round(self) -> None:
        head = Listing.of([], QueryDict("sort=due"), COLUMNS).heads[1]
        assert (head.direction, head.url) == ("ascending", "?sort=-due")

    def test_paging_keeps_filters_with_several_values(self) -> None:
        listing = Listing.of(list(range(100)), QueryDict("unit=1&unit=2&sort=-due"), COLUMNS, per_page=10)
        assert listing.next_url == "?unit=1&unit=2&sort=-due&page=2"
        assert listing.previous_url == ""

    def test_pages_in_between_are_left_out(self) -> None:
        links = Listing.of(list(range(1000)), QueryDict("page=10"), COLUMNS, per_page=10).page_links
        assert [link.number for link in links] == [1, None, 8, 9, 10, 11, 12, None, 100]


class TestDataTable:
    SOURCE = (
        "{% filters listing %}<input name=q>{% end_filters %}{% data_table listing caption='事项' %}"
        "{% for row in listing %}<tr><th scope='row'>{{ row }}</th></tr>{% endfor %}{% end_data_table %}"
    )

    def drawn(self, rows: list[object], query: str = "") -> str:
        request = RequestFactory().get("/obligations/?" + query)
        listing = Listing.of(rows, QueryDict(query), COLUMNS, id="things", per_page=2)
        return Template(self.SOURCE).render(Context({"listing": listing, "request": request}))

    def test_works_as_links_and_is_swapped_in_place_where_htmx_runs(self) -> None:
        drawn = self.drawn(["甲", "乙", "丙"])
        assert 'href="?page=2" hx-get="?page=2" hx-target="#things" hx-select="#things"' in drawn
        assert 'action="/obligations/"' in drawn

    def test_the_sorted_column_says_so(self) -> None:
        assert 'aria-sort="descending"' in self.drawn(["甲"], "sort=-due")

    def test_what_a_row_holds_is_escaped(self) -> None:
        assert "<script>" not in self.drawn(["<script>"])

    def test_parameters_are_escaped_in_links(self) -> None:
        assert '"><script>' not in self.drawn(["甲", "乙", "丙"], 'q="><script>')

    def test_nothing_there_and_nothing_found_are_told_apart(self) -> None:
        assert "这里还没有内容" in self.drawn([])
        assert "没有符合条件的内容" in self.drawn([], "q=苹果")
