"""Honest ranks: groups, minimum numbers, intervals, bands, and four things that are not each other."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.plain_runs import data_of, facts, line, mark, package_of, scores, tasks, total
from guantong.assessment.intervals import bands, wilson
from guantong.mechanisms.package import Package

D = Decimal
RATIO = {
    "id": "A",
    "measure": {"ratio": {"num": {"tasks": "closed_on_time"}, "den": {"tasks": "due"}}},
    "scoring": "proportional",
}
RATED = {"id": "P", "measure": {"rating": {"by": "x", "scale": 100}}, "scoring": "as_given", "human": True}
GROUPS = [
    {"id": "key", "name": "重点单位", "units": ["u6"]},
    {"id": "plain", "name": "一般单位", "subkinds": ["plain"]},
]


def rated(*values: object, **card: Any) -> tuple[Package, dict[str, Any]]:
    marks = [
        mark(unit, "P", value, 100, ref=unit) for unit, value in enumerate(values, 1) if value is not None
    ]
    return package_of([RATED], **card), data_of(len(values), marks=marks)


class TestGroups:
    def test_a_code_goes_before_a_subkind_and_the_rest_are_together(self) -> None:
        package, data = rated(90, 80, 70, 60, 50, 40, groups=GROUPS, min_n=1)
        for unit, subkind in ((1, "plain"), (2, "plain"), (6, "plain"), (3, "other")):
            data["units"][unit - 1][3] = subkind
        found = {code: (each.group, each.rank) for code, each in scores(package, data).items()}
        assert found == {
            "u1": ("plain", 1), "u2": ("plain", 2), "u3": ("", 1), "u4": ("", 2), "u5": ("", 3), "u6": ("key", 1),
        }  # fmt: skip

    def test_without_groups_everybody_is_compared(self) -> None:
        found = scores(*rated(90, 80, 70))
        assert {(each.group, each.rank) for each in found.values()} == {("", 1), ("", 2), ("", 3)}

    def test_quotas_and_places_are_those_of_the_group(self) -> None:
        grades = [{"id": "excellent", "min": 80, "share_max": 0.34}, {"id": "pass", "min": 0}]
        package, data = rated(99, 98, 97, 90, 89, 88, groups=GROUPS, grades=grades)
        for unit in (4, 5, 6):
            data["units"][unit - 1][3] = "plain"
        data["units"][5][1] = "u7"
        found = scores(package, data)
        assert [code for code, each in found.items() if each.grade == "excellent"] == ["u1", "u4"]
        assert "等次比例限制：excellent → pass" in found["u2"].steps

    def test_rank_scoring_counts_places_within_the_group(self) -> None:
        rule = {
            "id": "B",
            "measure": {"count": {"recognitions": "confirmed"}},
            "scoring": {"rank": {"step": 10}},
        }
        package = package_of([rule], groups=GROUPS)
        data = data_of(3, subkinds={1: "plain", 2: "plain"},
                       facts=facts(1, "recognitions", a=5) + facts(2, "recognitions", a=3) + facts(3, "recognitions", a=1))  # fmt: skip
        assert {code: total(each) for code, each in scores(package, data).items()} == {
            "u1": 100,
            "u2": 90,
            "u3": 100,
        }


class TestMinimumNumber:
    @pytest.mark.parametrize(("least", "placed"), [(None, True), (3, True), (4, False)])
    def test_below_it_there_is_no_place_no_band_and_no_quota(self, least: int | None, placed: bool) -> None:
        card = {"grades": [{"id": "excellent", "min": 60, "share_max": 0.34}, {"id": "pass", "min": 0}]}
        found = scores(*rated(95, 90, 85, **card, **({} if least is None else {"min_n": least})))
        assert [each.rank for each in found.values()] == ([1, 2, 3] if placed else [None] * 3)
        assert [each.band for each in found.values()] == ([1, 2, 3] if placed else [None] * 3)
        assert [each.grade for each in found.values()] == (
            ["excellent", "pass", "pass"] if placed else ["excellent"] * 3
        )

    def test_those_without_a_total_do_not_make_up_the_number(self) -> None:
        found = scores(*rated(95, 90, None))
        assert [each.rank for each in found.values()] == [None, None, None]
        assert total(found["u3"]) is None


class TestIntervals:
    @pytest.mark.parametrize(
        ("hits", "of", "low", "high"),
        [(18, 20, "0.6990", "0.9721"), (0, 10, "0.0000", "0.2775"), (1, 1, "0.2065", "1.0000")],
    )
    def test_wilson(self, hits: int, of: int, low: str, high: str) -> None:
        assert [format(end, ".4f") for end in wilson(D(hits), D(of))] == [low, high]

    def test_one_ratio_scaled_by_its_weight(self) -> None:
        package = package_of([RATIO, RATED], items=[{"use": "A", "weight": 40}, {"use": "P", "weight": 60}])
        scored = scores(package, data_of(obligations=tasks(1, 18, 2), marks=[mark(1, "P", 50, 100)]))["u1"]
        assert (scored.low, total(scored), scored.high) == (
            D("57.96"),
            D("66.00"),
            D("68.89"),
        )  # 30 + 40 × ends
        assert "比率项按威尔逊 95% 区间合成：57.96—68.89" in scored.steps

    def test_two_ratios_add_in_squares(self) -> None:
        package = package_of(
            [RATIO, {**RATIO, "id": "B"}], items=[{"use": "A", "weight": 50}, {"use": "B", "weight": 50}]
        )
        one = scores(package_of([RATIO]), data_of(obligations=tasks(1, 18, 2)))["u1"]
        two = scores(package, data_of(obligations=tasks(1, 18, 2)))["u1"]
        assert one.low is not None
        assert two.low is not None
        assert abs((90 - one.low) / (90 - two.low) - D(2).sqrt()) < D("0.01")

    def test_what_is_counted_or_marked_has_no_width(self) -> None:
        found = scores(*rated(95))["u1"]
        assert (found.low, found.high) == (D("95.00"), D("95.00"))
        assert not any("威尔逊" in step for step in found.steps)

    def test_points_set_by_people_have_no_width(self) -> None:
        data = data_of(obligations=tasks(1, 18, 2), adjustments=[[1, 1, "SC", "A", "95", "核实", "appeal"]])
        scored = scores(package_of([RATIO]), data)["u1"]
        assert (scored.low, total(scored), scored.high) == (D("95.00"),) * 3

    @given(st.integers(0, 60), st.integers(1, 60))
    def test_it_holds_the_total_and_stays_within_the_card(self, hits: int, more: int) -> None:
        scored = scores(package_of([RATIO]), data_of(obligations=tasks(1, hits, more)))["u1"]
        assert 0 <= scored.low <= total(scored) <= scored.high <= 100  # type: ignore[operator]


class TestBands:
    def test_neighbours_that_overlap_share_one(self) -> None:
        ends = [("a", 80, 100), ("b", 70, 85), ("c", 60, 70), ("d", 40, 59), ("e", 40, 41)]
        assert bands([(key, D(low), D(high)) for key, low, high in ends]) == {
            "a": 1,
            "b": 1,
            "c": 1,
            "d": 2,
            "e": 2,
        }

    def test_one_known_badly_does_not_join_everybody(self) -> None:
        ends = [("a", 20, 100), ("b", 85, 95), ("c", 20, 30)]
        assert bands([(key, D(low), D(high)) for key, low, high in ends]) == {"a": 1, "b": 1, "c": 2}

    @given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 20), st.integers(0, 20)), max_size=12))
    def test_only_neighbours_apart_begin_one(self, drawn: list[tuple[int, int, int]]) -> None:
        ordered = sorted(drawn, reverse=True)
        ends = [(at, D(mid - below), D(mid + above)) for at, (mid, below, above) in enumerate(ordered)]
        found = bands(ends)
        for (a, low, _high), (b, _low, high) in pairwise(ends):
            assert found[b] - found[a] == (high < low)


class TestFourThings:
    def test_no_data_not_applicable_excused_and_0_are_four_things(self) -> None:
        package = package_of([RATIO])
        rows = tasks(1, 0, 2) + tasks(2, 0, 1, due="2027-03-01") + tasks(3, 0, 1)
        rows[-1][6] = "excused"
        found = scores(package, data_of(4, obligations=rows))
        assert {code: (line(each, "A").status, line(each, "A").points, total(each)) for code, each in found.items()} == {
            "u1": ("measured", 0, D("0.00")),
            "u2": ("no_data", None, None),
            "u3": ("excused", None, None),
            "u4": ("not_applicable", None, None),
        }  # fmt: skip

    def test_only_no_data_takes_what_the_package_says_of_missing(self) -> None:
        package = package_of([{**RATIO, "missing": "full"}])
        rows = tasks(2, 0, 1, due="2027-03-01") + tasks(3, 0, 1)
        rows[-1][6] = "excused"
        found = scores(package, data_of(4, obligations=rows))
        assert {code: total(each) for code, each in found.items()} == {
            "u1": None,
            "u2": 100,
            "u3": None,
            "u4": None,
        }
