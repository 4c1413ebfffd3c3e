"""What the pages say of a score beside others: group, interval, band and rank – or why there is none."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from assessment.plain_runs import package_of
from assessment.round_cast import OTHER, UNIT, assessor, published
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.approvals import decide_approval
from guantong.assessment import operations
from guantong.assessment.models import Run, Score
from guantong.assessment.operations import run_scores
from guantong.assessment.queries import scores_visible_to
from guantong.assessment.standing import in_words, standings_of
from guantong.mechanisms.operations import start_cycle
from guantong.mechanisms.package import Package
from guantong.obligations.choices import Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import open_obligations

D = Decimal
MEANING = "区间首尾相接的算同一档"
RATIO = {
    "id": "A",
    "measure": {"ratio": {"num": {"tasks": "closed_on_time"}, "den": {"tasks": "due"}}},
    "scoring": "proportional",
}
RATED = {
    "id": "P",
    "measure": {"rating": {"by": "group_office", "scale": 10}},
    "scoring": "as_given",
    "human": True,
}
GROUPS = [{"id": "key", "name": "重点单位", "units": [UNIT]}]


ITEMS = [{"use": "A", "weight": 40}, {"use": "P", "weight": 60}]


def year(
    city: City, *, name: str = "t", rated: dict[str, Any] = RATED, items: Any = None, **card: Any
) -> City:
    """A year on a card with a ratio and a mark, beside that of the three-threes."""
    made = package_of([RATIO, rated], items=items or ITEMS, **card)
    source = {**made.source, "id": name, "levels": [{"id": "city", "name": "市", "map": "city"}]}
    package = Package.from_canonical(
        Package(identifier=name, version=1, name=made.name, source=source).canonical_json()
    )
    cycle = start_cycle(package=package, unit=city.units["1506"], year=2026, actor=CONSOLE, now=at(1, 5))
    return City(cycle=cycle, units=city.units)


def owe(city: City, code: str, in_time: int, late: int = 0, *, excused: bool = False) -> None:
    office, day = city.office(code, "unit_head"), dt.date(2026, 6, 1)
    made = [
        Obligation(
            cycle=city.cycle, unit=office.unit, unit_path=office.unit.path, office=office, pillar="p",
            source=Source.TASK, source_ref=number, rule=f"{code}-{number}", title=f"任务{number}", evidence=["statement"],
            starts_on=dt.date(2026, 1, 1), due_on=day,
            state=State.EXCUSED if excused else State.FULFILLED if number < in_time else State.OPEN,
            claimed_on=day if number < in_time else None, settled_on=day if number < in_time else None,
        )
        for number in range(in_time + late)
    ]  # fmt: skip
    open_obligations(made, today=dt.date(2026, 1, 1), cycle=city.cycle)


def mark(city: City, code: str, value: int) -> None:
    operations.give_mark(
        cycle=city.cycle, unit=city.units[code], indicator="P", value=D(value), reason="现场核查",
        actor=CONSOLE, now=at(7, 1),
    )  # fmt: skip


def run_of(city: City) -> Run:
    return run_scores(cycle=city.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))


def score_of(run: Run, code: str) -> Score:
    return scores_visible_to(CONSOLE).get(run=run, unit__code=code, office=None)


def page_of(as_: SignIn, city: City, score: Score | None = None) -> str:
    url = reverse("score", args=[score.pk]) if score else reverse("scores")
    return re.sub(r"\s+", " ", as_(assessor(city)).get(url).content.decode())


@pytest.fixture
def placed(city: City) -> City:
    """Two units, two are enough: 18 of 20 and a mark of 8 against 5 of 10 and a mark of 8."""
    found = year(city, min_n=2)
    owe(found, UNIT, 18, 2)
    owe(found, OTHER, 5, 5)
    for code in (UNIT, OTHER):
        mark(found, code, 8)
    return found


class TestAScoreWithAPlace:
    def test_it_stands_with_its_interval_its_band_and_how_many_it_is_compared_with(
        self, placed: City, as_: SignIn
    ) -> None:
        score = score_of(run_of(placed), UNIT)
        assert (score.total, score.low, score.high, score.rank, score.band) == (
            D("84.00"), D("75.96"), D("86.89"), 1, 1,
        )  # fmt: skip
        page = page_of(as_, placed, score)
        for said in ("区间 75.96–86.89", "有得分的 2 个当中", "1 档", MEANING):
            assert said in page

    def test_the_table_has_a_column_for_each(self, placed: City, as_: SignIn) -> None:
        run_of(placed)
        page = page_of(as_, placed)
        for head in ("位次", "得分", "区间", "分档", "等次"):
            assert f'data-label="{head}"' in page
        assert "75.96–86.89" in page
        assert MEANING in page
        assert "对象太少" not in page

    def test_a_total_of_facts_alone_has_no_width(self, city: City, as_: SignIn) -> None:
        found = year(city, min_n=1)
        mark(found, UNIT, 8)
        score = score_of(run_of(found), UNIT)
        assert score.low == score.high == score.total
        assert "没有浮动区间" in page_of(as_, found, score)
        assert "不浮动" in page_of(as_, found)


class TestTooFew:
    def test_below_the_minimum_no_rank_is_shown_and_the_page_says_why(self, city: City, as_: SignIn) -> None:
        found = year(city)  # three by default
        for code in (UNIT, OTHER):
            mark(found, code, 8)
        score = score_of(run_of(found), UNIT)
        why = "有得分的只有 2 个，不足 3 个，不排位次、不分档。"
        [standing] = standings_of([score])
        assert (standing.why, standing.number) == (why, 2)
        assert why in page_of(as_, found, score)
        page = page_of(as_, found)
        assert why in page
        assert not re.search(r'data-label="位次">\s*\d', page)

    def test_each_group_counts_for_itself(self, city: City, as_: SignIn) -> None:
        found = year(city, groups=GROUPS, min_n=1)
        for code, value in ((UNIT, 5), (OTHER, 9)):
            mark(found, code, value)
        run = run_of(found)
        assert [score_of(run, code).rank for code in (UNIT, OTHER)] == [1, 1]
        assert "可比组“重点单位”，有得分的 1 个" in page_of(as_, found, score_of(run, UNIT))
        page = page_of(as_, found)
        assert 'data-label="可比组">重点单位' in page
        assert 'data-label="可比组">其他' in page
        client = as_(assessor(found))
        for group, seen, unseen in (("key", UNIT, OTHER), ("rest", OTHER, UNIT)):
            only = client.get(reverse("scores"), {"group": group}).content.decode()
            assert reverse("score", args=[score_of(run, seen).pk]) in only
            assert reverse("score", args=[score_of(run, unseen).pk]) not in only

    def test_a_group_that_is_too_small_is_named(self, city: City, as_: SignIn) -> None:
        found = year(city, groups=GROUPS, min_n=2)
        mark(found, UNIT, 5)
        run_of(found)
        assert "可比组“重点单位”有得分的只有 1 个，不足 2 个" in page_of(as_, found)

    def test_a_unit_sees_the_number_and_nothing_of_the_others(self, signed: City, as_: SignIn) -> None:
        published(signed)
        page = as_(signed.head).get(reverse("scores")).content.decode()
        assert "有得分的只有 2 个，不足 3 个" in page
        assert "市发展和改革委员会" in page
        assert "市教育体育局" not in page


class TestFourThings:
    def test_no_data_not_applicable_excused_and_0_look_different(self, city: City, as_: SignIn) -> None:
        found = year(city, min_n=1)
        owe(found, UNIT, 0, 2)
        mark(found, UNIT, 0)
        owe(found, OTHER, 1, excused=True)
        run = run_of(found)
        zero, other = (page_of(as_, found, score_of(run, code)) for code in (UNIT, OTHER))
        assert '<td class="num" data-label="得分"><strong>0</strong></td>' in zero
        assert '<span class="state state--info">已免除</span>' in other
        assert '<span class="state state--warn">暂无数据</span>' in other
        Obligation.objects.filter(cycle=found.cycle, unit__code=OTHER).delete()
        fresh = page_of(as_, found, score_of(run_of(found), OTHER))
        assert '<span class="state">不适用</span>' in fresh
        for page in (zero, other, fresh):
            assert "有记录，按规则算出来就是 0 分" in page

    @pytest.mark.parametrize(
        ("excused", "said"),
        [
            (True, '<span class="state state--info">已免除</span>'),
            (False, '<span class="state">不适用</span>'),
        ],
    )
    def test_where_there_is_no_total_the_table_says_which(
        self, city: City, as_: SignIn, excused: bool, said: str
    ) -> None:
        found = year(city, items=[{"use": "A", "weight": 100}], min_n=1)
        if excused:
            owe(found, OTHER, 1, excused=True)
        owe(found, UNIT, 0, 1)
        run = run_of(found)
        page = page_of(as_, found)
        assert f'data-label="得分"><span>{said}' in page
        assert 'data-label="得分"><strong>0.00' in page
        [standing] = standings_of([score_of(run, OTHER)])
        assert standing.why == "没有得分，不排位次。"

    def test_a_rule_that_gives_points_without_data_is_shown_with_both(self, city: City, as_: SignIn) -> None:
        found = year(city, rated={**RATED, "missing": "zero"}, items=[{"use": "P", "weight": 100}], min_n=1)
        page = page_of(as_, found, score_of(run_of(found), UNIT))
        assert '<span class="state state--warn">暂无数据</span>' in page
        assert "暂无数据，按规则计 0 分" in page
        assert '<td class="num" data-label="得分"><strong>0</strong></td>' in page


class TestOrderAndCost:
    def test_those_without_a_rank_come_last_on_both_databases(self, placed: City, as_: SignIn) -> None:
        Obligation.objects.filter(cycle=placed.cycle, unit__code=UNIT).delete()
        Score.objects.filter(run=run_of(placed), unit__code=UNIT).update(rank=None, total=None)
        page = page_of(as_, placed)
        assert page.index("市教育体育局") < page.index("市发展和改革委员会")

    def test_a_card_of_facts_has_no_rank_and_says_so(self, signed: City, as_: SignIn) -> None:
        run_of(signed)
        page = as_(assessor(signed)).get(reverse("scores"), {"card": "SC_leader"}).content.decode()
        assert "只列事实，不排名" in page
        assert 'data-label="位次"' not in page

    def test_the_number_of_queries_does_not_grow_with_the_table(
        self, placed: City, as_: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        score = score_of(run_of(placed), UNIT)
        client = as_(assessor(placed))
        with django_assert_max_num_queries(24):
            client.get(reverse("scores"))
        with django_assert_max_num_queries(28):
            client.get(reverse("score", args=[score.pk]))

    def test_wrong_verb_and_outsider(self, signed: City, as_: SignIn) -> None:
        published(signed)
        score = Score.objects.get(run__publication__isnull=False, unit__code=OTHER, office=None)
        url = reverse("score", args=[score.pk])
        assert as_(signed.head).get(url).status_code == 404
        assert as_(assessor(signed)).post(url).status_code == 405
        assert as_(assessor(signed)).post(reverse("scores")).status_code == 405

    def test_the_run_is_read_by_the_package_it_was_computed_by(self, placed: City, as_: SignIn) -> None:
        run = run_of(placed)
        newer = year(placed, name="t2", min_n=3, groups=GROUPS).cycle
        placed.cycle.stored, newer.year = newer.stored, 2025
        newer.save()
        placed.cycle.save()
        page = page_of(as_, placed, score_of(run, UNIT))
        assert "有得分的 2 个当中" in page


def test_a_step_names_grades_in_words() -> None:
    assert in_words("等次比例限制：excellent → good") == "等次比例限制：优秀 → 良好"


def test_history_says_how_each_result_stood(signed: City, as_: SignIn) -> None:
    published(signed)
    page = as_(signed.head).get(reverse("unit-results", args=[signed.units[UNIT].pk])).content.decode()
    assert "有得分的只有 2 个，不足 3 个，不排位次、不分档。" in page
    assert MEANING in page


def test_a_result_published_outside_a_round_is_shown_with_its_standing(placed: City, as_: SignIn) -> None:
    asked = operations.ask_publication(
        run=run_of(placed), reason="年中", actor=assessor(placed), now=at(7, 2)
    )
    decide_approval(approval=asked, granted=True, decision="", actor=placed.coordinator, now=at(7, 3))
    page = as_(placed.head).get(reverse("scores")).content.decode()
    assert "75.96–86.89" in page
    assert "市教育体育局" not in page
