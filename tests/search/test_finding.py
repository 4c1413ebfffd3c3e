"""One box over everything: two districts never find each other's rows, and nothing of a person is found at all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.audit.sequencing import sequence
from guantong.cases.models import Case
from guantong.records.models import Record
from guantong.search import index
from guantong.search.finding import find
from guantong.search.following import follow_log, reindex
from guantong.search.models import Synonym
from guantong.search.sources import KINDS, kind_named
from search.cast import DISTRICTS, play, record_at


@pytest.fixture
def played(signed: City) -> City:
    play(signed)
    return signed


def head(city: City, code: str) -> Acting:
    return city.acting(code, "first_responsible")


def addresses(acting: Acting, question: str) -> dict[str, set[str]]:
    """What is found, by kind."""
    found = {}
    for kind in KINDS:
        for group in find(question, acting=acting, only=kind).groups:
            if group.kind is kind and group.hits:
                found[kind.name] = {hit.address for hit in group.hits}
    return found


class TestScope:
    def test_two_districts_never_find_each_others_rows(self, played: City) -> None:
        one, other = (addresses(head(played, code), "座谈会") for code in DISTRICTS)
        assert set(one) == set(other) == {"records", "tasks", "matters", "meetings"}
        for name in one:
            assert one[name]
            assert other[name]
            assert not one[name] & other[name]

    def test_whoever_sees_both_finds_both(self, played: City) -> None:
        found = addresses(played.coordinator, "座谈会")
        districts = [addresses(head(played, code), "座谈会") for code in DISTRICTS]
        for name in ("records", "tasks", "matters", "meetings"):
            assert found[name] == districts[0][name] | districts[1][name]
        assert found["cases"] == {reverse("case", args=[case.pk]) for case in Case.objects.all()}

    def test_units_and_duties_stay_in_the_subtree(self, played: City) -> None:
        one, other = (addresses(head(played, code), played.units[code].name) for code in DISTRICTS)
        assert one["units"] == {reverse("found-unit", args=[played.units[DISTRICTS[0]].pk])}
        assert not addresses(head(played, DISTRICTS[0]), "准格尔旗")
        assert one["duties"]
        assert other["duties"]
        assert not one["duties"] & other["duties"]

    def test_counts_say_nothing_of_rows_out_of_sight(self, played: City) -> None:
        (group,) = [
            each
            for each in find("座谈会", acting=head(played, "150602")).groups
            if each.kind.name == "records"
        ]
        assert (group.count, group.more, len(group.hits)) == (1, False, 1)

    def test_an_office_that_took_part_finds_the_record(self, played: City) -> None:
        far = played.office("1506-MU-02", "unit_head")
        record_at(played, "150602", "联合检查企业用工情况", participants=[far])
        reindex(now=at(3, 4))
        assert set(addresses(played.acting("1506-MU-02", "unit_head"), "联合检查")) == {"records"}
        assert not addresses(played.acting("1506-MU-01", "unit_head"), "联合检查")

    def test_the_room_decides_even_where_the_index_says_too_much(self, played: City) -> None:
        """An index whose every row names a district's unit shows it no row more."""
        acting = head(played, "150602")
        before = addresses(acting, "座谈会")
        mine = f"u{played.units['150602'].pk}"
        for kind in KINDS:
            rows = index.known(kind.number)
            index.take_out(kind.number, rows)
            index._backend().put(
                [(kind.number * index.ROOM + ref, sorted(words | {mine})) for ref, words in rows.items()]
            )
        assert addresses(acting, "座谈会") == before

    def test_an_administrator_without_business_finds_nothing(self, played: City) -> None:
        assert find("座谈会", acting=played.acting("1506-LGO", "system_admin")).groups == []
        assert find("座谈会", acting=Acting()).groups == []


class TestPersons:
    def test_what_somebody_said_and_who_they_are_is_not_in_the_index(self, played: City) -> None:
        words = {word for kind in KINDS for each in index.known(kind.number).values() for word in each}
        assert {"a座谈", "a用电"} <= words
        assert not {each for each in words if each[1:] in {"张三", "增容", "被拖", "13800138000"}}
        assert not addresses(played.coordinator, "张三")
        assert not addresses(played.coordinator, "增容")

    def test_only_business_fields_are_read(self) -> None:
        for kind in KINDS:
            for model, names in kind.reads.items():
                assert {model.privacy.class_of(name) for name in names.split()} == {"business"}  # type: ignore[attr-defined]

    def test_kinds_keep_their_numbers(self) -> None:
        assert {kind.name: kind.number for kind in KINDS} == {
            "units": 1, "duties": 2, "tasks": 3, "records": 4, "matters": 5, "cases": 6, "meetings": 7,
        }  # fmt: skip


class TestWords:
    def test_document_numbers_whatever_the_brackets(self, played: City) -> None:
        found = addresses(played.coordinator, "鄂党发〔2026〕12号")
        assert set(found) == {"records"}
        for way in (
            "鄂党发[2026]12号",
            "鄂党发(2026)12号",
            "鄂党发［２０２６］１２号",
            "鄂黨發【2026】12號",
            "[2026]12",
        ):
            assert addresses(played.coordinator, way)["records"] == found["records"]
        assert not addresses(played.coordinator, "鄂党发〔2026〕13号")

    def test_all_words_are_needed_in_any_order(self, played: City) -> None:
        assert set(addresses(played.coordinator, "约访 座谈会")) == {"meetings"}
        assert set(addresses(played.coordinator, "见面 约访")) == {"meetings"}
        assert not addresses(played.coordinator, "约访 没有的词")

    def test_traditional_writing_and_synonyms(self, played: City) -> None:
        assert addresses(played.coordinator, "座談會") == addresses(played.coordinator, "座谈会")
        assert "matters" in addresses(played.coordinator, "督办通报")
        assert not addresses(played.coordinator, "恳谈会")
        Synonym.objects.create(words="座谈会 恳谈会", added_at=at(3, 3))
        assert addresses(played.coordinator, "恳谈会") == addresses(played.coordinator, "座谈会")

    def test_the_title_comes_first_then_the_latest(self, played: City) -> None:
        first = record_at(played, "150602", "苗木成活率检查")
        record_at(played, "150602", "常规检查", place="苗木基地")
        last = record_at(played, "150602", "苗木补栽")
        reindex(now=at(3, 4))
        hits = find("苗木", acting=played.coordinator, only=kind_named("records")).groups[0].hits
        assert [hit.address for hit in hits[:2]] == [
            reverse("record", args=[each.pk]) for each in (last, first)
        ]
        assert len(hits) == 3

    def test_a_row_that_no_longer_says_it_is_not_shown(self, played: City) -> None:
        Record.objects.filter(unit__code="150602").update(summary="改过了")
        assert "records" not in addresses(head(played, "150602"), "座谈会")


class TestPage:
    def test_hits_are_grouped_counted_and_marked(self, played: City, as_: SignIn) -> None:
        page = as_(played.coordinator).get("/search/", {"q": "座谈会"}).content.decode()
        assert "<mark>座谈会</mark>" in page
        assert page.count('class="hit"') == 10
        assert 'href="/search/?q=%E5%BA%A7%E8%B0%88%E4%BC%9A&amp;kind=records"' in page

    def test_what_was_typed_is_escaped(self, played: City, as_: SignIn) -> None:
        record_at(played, "150602", "<b>座谈会</b>&<script>")
        reindex(now=at(3, 4))
        page = as_(played.coordinator).get("/search/", {"q": "座谈会 <script>"}).content.decode()
        assert "&lt;b&gt;<mark>座谈会</mark>&lt;/b&gt;&amp;&lt;<mark>script</mark>&gt;" in page
        assert "<script>" not in page.replace("<script nonce", "")

    def test_one_kind_by_pages_and_no_more_than_a_hundred(self, played: City, as_: SignIn) -> None:
        for number in range(105):
            record_at(played, "150602", f"巡河第{number}次")
        reindex(now=at(3, 4))
        client = as_(played.coordinator)
        page = client.get("/search/", {"q": "巡河", "kind": "records"})
        assert page.context["group"].count == 100
        assert page.context["group"].more
        assert len(page.context["page"]["hits"]) == 20
        last = client.get("/search/", {"q": "巡河", "kind": "records", "page": "5"})
        assert len(last.context["page"]["hits"]) == 20
        assert "100 条" in last.content.decode()

    def test_nothing_marks_alone_and_an_empty_box(self, played: City, as_: SignIn) -> None:
        client = as_(played.coordinator)
        for question, says in (
            ("", "怎么查"),
            ("〔〕、", "没有可以查找的词"),
            ("查无此词", "没有查到“查无此词”"),
        ):
            page = client.get("/search/", {"q": question, "kind": "nonsense", "page": "x"})
            assert page.status_code == 200
            assert says in page.content.decode()

    def test_any_text_can_be_asked(self, played: City, as_: SignIn) -> None:
        client = as_(played.coordinator)
        for question in (
            "'",
            '"',
            "a* OR b",
            "'; --",
            "\\",
            ":*",
            "NEAR(a b)",
            "座" * 500,
            "\x00座谈",
            "😀",
            "%_",
        ):
            assert client.get("/search/", {"q": question}).status_code == 200, question

    def test_a_fixed_number_of_queries(self, played: City, as_: SignIn) -> None:
        client = as_(played.coordinator)
        client.get("/search/", {"q": "座谈会"})
        counts = []
        for _turn in range(2):
            with CaptureQueriesContext(connection) as captured:
                client.get("/search/", {"q": "座谈会"})
            counts.append(len(captured))
            for number in range(4):
                record_at(played, "150622", f"又一次座谈会{number}")
            reindex(now=at(3, 4))
        assert counts[0] == counts[1]
        assert counts[0] <= 40

    def test_a_unit_opens_in_the_cycle_of_today(self, played: City, as_: SignIn) -> None:
        unit = played.units["150602"]
        client = as_(played.coordinator)
        assert client.get(f"/search/units/{unit.pk}/").url == reverse("unit", args=[played.cycle.pk, unit.pk])
        assert as_(head(played, "150622")).get(f"/search/units/{unit.pk}/").status_code == 404

    def test_it_says_from_when_it_is_where_it_is_behind(self, played: City, as_: SignIn) -> None:
        client = as_(played.coordinator)
        assert "查找的内容截至" in client.get("/search/").content.decode()
        sequence()
        follow_log(now=at(3, 5))
        assert "查找的内容截至" not in client.get("/search/").content.decode()
