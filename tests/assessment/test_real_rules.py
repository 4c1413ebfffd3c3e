"""The rules of `data/assessment_rules_dev.xlsx`, each sheet as a package, with examples computed by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from assessment.plain_runs import data_of, facts, line, mark, real, scores, tasks, total

D = Decimal
SHEETS = {
    "咸阳河长制": "xianyang_river",
    "区督查考核": "district_supervision",
    "佳木斯督办（县区）": "jiamusi_supervision",
    "规则口径": "other_ways",
}


def test_every_sheet_of_the_workbook_is_a_package() -> None:
    book = openpyxl.load_workbook(
        Path(__file__).parent / "data" / "assessment_rules_dev.xlsx", read_only=True
    )
    assert set(book.sheetnames) == set(SHEETS)
    book.close()


@pytest.mark.parametrize("name", SHEETS.values())
def test_each_passes_every_lint(name: str) -> None:
    assert real(name).scorecards


class TestXianyang:
    def test_forty_points_for_the_seven_rows_that_can_be_seen(self) -> None:
        found = facts(
            1, "findings", basics_missing=3, river_without_chief=1, chief_outdated=2, board_irregular=1, board_untidy=1,
            board_number_dead=5, works_behind=1, works_defect=3, river_plan_missing=1,
        )  # fmt: skip
        scored = scores(
            real("xianyang_river"),
            data_of(facts=found, marks=[mark(1, "R6", 7, 8), mark(1, "R7", 6, 6, ref=2)]),
        )["u1"]
        points = {each.indicator.id: each.points for each in scored.lines}
        # 5 − 3×0.5, 2 − 3×0.5, 3 − 7×0.5 → 0, 6 − 1, 10 − 2 − 3, 7 and 6 as marked
        assert points == {"R1": D("3.5"), "R2": D("0.5"), "R3": 0, "R4": 5, "R5": 5, "R6": 7, "R7": 6}
        assert total(scored) == D("27.00")

    def test_plans_and_yearly_plans_have_each_their_limit_and_the_item_its_own(self) -> None:
        found = facts(1, "findings", river_plan_missing=9, year_plan_missing=1)
        four = line(scores(real("xianyang_river"), data_of(facts=found))["u1"], "R4")
        assert (four.points, four.formula) == (1, "6 − (1 × 9 → 上限 4) − (1 × 1) = 1")
        found = facts(1, "findings", river_plan_missing=9, year_plan_missing=9)
        both = line(scores(real("xianyang_river"), data_of(facts=found))["u1"], "R4")
        assert (both.points, both.formula) == (0, "6 − (1 × 9 → 上限 4) − (1 × 9 → 上限 4) = −2 → 扣完为止 0")


class TestDistrictSupervision:
    def test_deductions_a_range_and_the_leaders_twenty(self) -> None:
        found = facts(1, "findings", half_report_missing=1, meeting_missed=2, listed_report_empty=1)
        given = [mark(1, "W2", 18, 20), mark(1, "W3", 7, 10, ref=2)]
        scored = scores(real("district_supervision"), data_of(card="SC_work", facts=found, marks=given))["u1"]
        # 80 − 10 − 2×5 − 5 = 55, + 18 − 7
        assert total(scored) == D("66.00")

    def test_units_with_listed_matters_only_lose_double(self) -> None:
        found = facts(1, "findings", listed_report_missing=1, listed_report_empty=2)
        scored = scores(real("district_supervision"), data_of(card="SC_listed", facts=found))["u1"]
        assert total(scored) == D("60.00")  # 100 − 20 − 2×10


class TestJiamusi:
    RULES = "jiamusi_supervision"

    def test_base_plus_each_in_time_minus_each_late(self) -> None:
        rows = tasks(1, 3, 1, pillar="superior") + tasks(1, 2, 2, pillar="decision", first=50)
        rows += tasks(1, 1, pillar="instruction", first=100) + tasks(1, 1, pillar="proposal", first=150)
        found = [*facts(1, "findings", criticised=1), [9, 1, "recognitions", "praised"]]
        scored = scores(real(self.RULES), data_of(obligations=rows, facts=found))["u1"]
        # 10−1 + 20−2 + 10 + 10 = 47; + 3+2+1+1 in time + 1 praised − 2 criticised
        assert total(scored) == D("53.00")

    def test_a_unit_with_nothing_to_do_is_not_rated(self) -> None:
        scored = scores(real(self.RULES), data_of())["u1"]
        assert (total(scored), scored.grade, scored.rank) == (None, None, None)

    def test_bad_influence_leaves_good_at_best_once_confirmed(self) -> None:
        rows = tasks(1, 2, pillar="superior") + tasks(1, 2, pillar="decision", first=50)
        data = data_of(obligations=rows)
        assert scores(real(self.RULES), data)["u1"].grade == "excellent"
        data["vetoes"] = [[1, 1, "SC", "V1", "工作失误造成不良影响"]]
        vetoed = scores(real(self.RULES), data)["u1"]
        assert vetoed.grade == "good"
        assert "一票否决 V1 已确认：工作失误造成不良影响" in vetoed.steps


class TestOtherWays:
    def test_chaling_bonus_stops_at_3_and_deductions_do_not(self) -> None:
        found = facts(1, "findings", any=8) + [[90 + at, 1, "recognitions", "any"] for at in range(5)]
        data = data_of(card="SC_chaling", facts=found, marks=[mark(1, "C1", 92, 100)])
        assert total(scores(real("other_ways"), data)["u1"]) == D("87.00")  # 92 + 3 − 8

    def test_wenzhou_each_place_loses_half_a_point(self) -> None:
        found = [
            fact
            for unit, n in ((1, 9), (2, 4), (3, 4), (4, 0))
            for fact in facts(unit, "recognitions", news_taken_up=n)
        ]
        scored = scores(real("other_ways"), data_of(4, card="SC_news", facts=found))
        assert {code: total(each) for code, each in scored.items()} == {
            "u1": D("10.00"), "u2": D("9.50"), "u3": D("9.50"), "u4": D("8.50"),
        }  # fmt: skip

    def test_wenzhou_zones_have_their_sum_over_the_standard(self) -> None:
        data = data_of(card="SC_zone", facts=facts(1, "recognitions", news_taken_up=20))
        assert total(scores(real("other_ways"), data)["u1"]) == D("4.00")  # 10 × 20 ÷ 50

    def test_a_county_adds_without_a_limit(self) -> None:
        found = facts(1, "findings", any=3)
        kinds = ["praised_by_county"] * 2 + ["praised_by_city"] + ["county_paper"] * 4 + ["province_paper"]
        found += [[90 + at, 1, "recognitions", kind] for at, kind in enumerate(kinds)]
        data = data_of(card="SC_county", facts=found)
        assert total(scores(real("other_ways"), data)["u1"]) == D("121.00")  # 97 + 6 + 5 + 8 + 5
