"""The ways in which scores of this kind went wrong elsewhere, each as a test of its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from assessment.plain_runs import data_of, facts, line, mark, package_of, path_of, scores, tasks, total
from assessment.test_score_run import DONE, owe, score_of, worked
from conftest import CONSOLE, City, at
from guantong.accounts.models import Holding, Person
from guantong.assessment.models import Score, ScoreLine
from guantong.assessment.results import kept_result
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.organisation.operations import merge_units

__all__ = ["worked"]
D = Decimal
IN_TIME = {
    "measure": {"ratio": {"num": {"tasks": "closed_on_time"}, "den": {"tasks": "due"}}},
    "scoring": "proportional",
}
PARTS = {
    "id": "P", "measure": {"sum_of_parts": True}, "scoring": "as_given", "human": True,
    "parts": [{"id": "a", "weight": 1}, {"id": "b", "weight": 3}, {"id": "c", "weight": 6}],
}  # fmt: skip


class TestAChildWeightOfExactlyOne:
    def test_it_is_one_point_and_not_the_whole(self) -> None:
        package = package_of([{"id": "A", **IN_TIME}, {"id": "B", **IN_TIME}],
                             items=[{"use": "A", "weight": 1}, {"use": "B", "weight": 99}])  # fmt: skip
        scored = scores(package, data_of(obligations=tasks(1, 1, 1)))["u1"]
        assert [each.points for each in scored.lines] == [D("0.5"), D("49.5")]
        assert total(scored) == D("50.00")

    def test_a_part_of_weight_one_is_one_point_of_its_item(self) -> None:
        package = package_of([PARTS])
        scored = scores(
            package,
            data_of(marks=[mark(1, "P", 1, 1, "a"), mark(1, "P", 0, 3, "b", 2), mark(1, "P", 0, 6, "c", 3)]),
        )
        assert (line(scored["u1"], "P").points, total(scored["u1"])) == (10, D("10.00"))


class TestAnUnusedPart:
    def test_it_leaves_both_sides_and_is_not_averaged_in(self) -> None:
        given = [mark(1, "P", 1, 1, "a"), mark(1, "P", 2, 3, "b", 2)]
        found = line(scores(package_of([PARTS]), data_of(marks=given))["u1"], "P")
        assert (found.reading.measured.num, found.reading.measured.den, found.points) == (3, 4, 75)

    def test_an_indicator_without_data_leaves_both_sides_of_the_card(self) -> None:
        package = package_of(
            [{"id": "A", **IN_TIME}, PARTS], items=[{"use": "A", "weight": 90}, {"use": "P", "weight": 10}]
        )
        assert total(scores(package, data_of(obligations=tasks(1, 4, 1)))["u1"]) == D("80.00")  # 72 of 90


class TestALeagueTableLedByOne:
    DATA = data_of(4, obligations=tasks(1, 1) + tasks(2, 95, 5) + tasks(3, 90, 10) + tasks(4, 20, 80))

    def test_one_of_one_is_not_told_apart_from_95_of_100(self) -> None:
        scored = scores(package_of([{"id": "A", **IN_TIME}]), self.DATA)
        assert [scored[code].rank for code in ("u1", "u2", "u3", "u4")] == [1, 2, 3, 4]
        assert [scored[code].band for code in ("u1", "u2", "u3", "u4")] == [1, 1, 1, 2]
        assert (scored["u1"].low, scored["u1"].high) == (D("20.65"), D("100.00"))

    def test_in_a_group_of_one_nobody_leads(self) -> None:
        scored = scores(package_of([{"id": "A", **IN_TIME}]), data_of(obligations=tasks(1, 1)))["u1"]
        assert (total(scored), scored.rank, scored.band) == (D("100.00"), None, None)
        assert scored.steps[-1].startswith("可比组内有得分的 1 个，少于 3 个")


class TestADenominatorThatChangesBetweenRuns:
    def test_each_run_keeps_its_own_and_the_earlier_stays_as_published(self, worked: City) -> None:
        first = score_of(worked)
        before = kept_result(first.run)
        for ref in (9300, 9301):
            owe(worked, source=Source.TASK, due_on=DONE, claimed_on=None, ref=ref)
        second = score_of(worked)
        pairs = [
            tuple(ScoreLine.objects.filter(score=each, indicator="I01").values_list("numerator", "denominator", "formula")[0])
            for each in (first, second)
        ]  # fmt: skip
        assert pairs == [(18, 20, "40 × 18 ÷ 20 = 36"), (18, 22, "40 × 18 ÷ 22 = 32.727273")]
        assert first.run.data_digest != second.run.data_digest
        assert kept_result(first.run) == before


class TestEightyNineAndAHalf:
    def test_between_90_and_above_and_89_to_60_it_takes_the_lower_grade(self) -> None:
        grades = [{"id": "excellent", "min": 90}, {"id": "good", "min": 60}, {"id": "fail", "min": 0}]
        package = package_of([{"id": "P", "measure": {"rating": {"by": "x", "scale": 100}}, "scoring": "as_given", "human": True}],
                             grades=grades)  # fmt: skip
        data = data_of(2, marks=[mark(1, "P", "89.5", 100), mark(2, "P", "90", 100)])
        assert {code: each.grade for code, each in scores(package, data).items()} == {
            "u1": "good",
            "u2": "excellent",
        }

    def test_it_is_the_rounded_total_that_is_graded(self) -> None:
        package = package_of([{"id": "A", **IN_TIME}])
        scored = scores(package, data_of(obligations=tasks(1, 17999, 2001)))["u1"]  # 89.995
        assert (total(scored), scored.grade) == (D("90.00"), "excellent")


class TestFourPointTwoUnits:
    @pytest.mark.parametrize(("rounding", "wanted"), [("floor", "2"), ("exact", "2.1"), ("ceil", "2.5")])
    def test_at_half_a_point_each(self, rounding: str, wanted: str) -> None:
        rule = {"id": "B", "bonus": True, "measure": {"count": {"recognitions": "confirmed"}},
                "scoring": {"add": 0.5, "each": 5, "per_unit_rounding": rounding}}  # fmt: skip
        package = package_of(
            [{"id": "A", **IN_TIME}, rule], items=[{"use": "A", "weight": 100}, {"use": "B"}]
        )
        data = data_of(obligations=tasks(1, 1, 1), facts=facts(1, "recognitions", any=21))  # 21 ÷ 5 = 4.2
        assert line(scores(package, data)["u1"], "B").points == D(wanted)


class TestSubCapsAndItemCaps:
    def rule(self, **item: Any) -> Any:
        rule = {"id": "B", "bonus": True, "measure": {"count": {"recognitions": "confirmed"}},
                "scoring": {"add": {"points": 2, "each": 1, "sub_cap": 8}}}  # fmt: skip
        return package_of(
            [{"id": "A", **IN_TIME}, rule],
            items=[{"use": "A", "weight": 100}, {"use": "B", **item}],
            bonus_cap=4,
        )

    def test_all_three_bite_one_after_the_other(self) -> None:
        data = data_of(obligations=tasks(1, 1, 1), facts=facts(1, "recognitions", any=9))
        scored = scores(self.rule(cap=5), data)["u1"]
        assert line(scored, "B").formula == "+2 × 9 → 上限 8 = 8 → 本项上限 5"
        assert "加分 5，上限 4" in scored.steps
        assert total(scored) == D("54.00")

    def test_a_penalty_is_capped_in_what_it_takes(self) -> None:
        rule = {
            "id": "B",
            "penalty": True,
            "measure": {"count": {"findings": "confirmed"}},
            "scoring": {"deduct": 2, "each": 1},
        }
        package = package_of(
            [{"id": "A", **IN_TIME}, rule], items=[{"use": "A", "weight": 100}, {"use": "B", "cap": 3}]
        )
        scored = scores(package, data_of(obligations=tasks(1, 1), facts=facts(1, "findings", any=9)))["u1"]
        assert (line(scored, "B").points, total(scored)) == (-3, D("97.00"))


class TestAUnitMergedMidYear:
    def test_what_falls_due_after_counts_for_the_successor_and_what_fell_due_before_for_nobody(
        self, worked: City
    ) -> None:
        gone, into = worked.units["1506-MU-01"], worked.units["1506-MU-02"]
        owe(
            worked, source=Source.TASK, due_on=dt.date(2026, 6, 25), claimed_on=dt.date(2026, 6, 24), ref=9400
        )
        merge_units(
            units=[gone], into=into, on=dt.date(2026, 6, 15), actor=CONSOLE, now=at(6, 15), reason="机构改革"
        )
        score = score_of(worked, "1506-MU-02")
        found = score.lines.get(indicator="I01")
        assert (found.numerator, found.denominator) == (1, 1)
        assert set(found.provenance.values_list("object_ref", flat=True)) == {
            Obligation.objects.get(source_ref=9400).pk
        }
        assert not Score.objects.filter(run=score.run, unit=gone, office=None).exists()

    def test_merged_twice_it_follows(self) -> None:
        merged = [[path_of(8), path_of(9), "2026-03-01"], [path_of(9), path_of(1), "2026-05-01"]]
        rows = (
            tasks(8, 3, due="2026-06-01")
            + tasks(8, 1, due="2026-04-01", first=100)
            + tasks(9, 1, due="2026-04-01")
        )
        found = line(
            scores(package_of([{"id": "A", **IN_TIME}]), data_of(obligations=rows, successions=merged))["u1"],
            "A",
        )
        assert found.reading.measured.den == 3


class TestADutyHolderReplacedMidQuarter:
    def test_the_office_is_scored_and_not_whoever_holds_it(self, worked: City) -> None:
        before = score_of(worked)
        office = worked.office("1506-MU-01", "unit_head")
        Holding.objects.filter(office=office).update(ends_on=dt.date(2026, 5, 14))
        newcomer = Person.objects.create_person(sign_in="new", password=None, display_name="新任")
        Holding.objects.create(person=newcomer, office=office, starts_on=dt.date(2026, 5, 15))
        after = score_of(worked)
        assert (after.total, after.run.result_digest) == (before.total, before.run.result_digest)


class TestARowOfTheScoredUnitItself:
    def test_beside_units_at_a_deeper_level_it_counts_once(self) -> None:
        data = data_of(2, obligations=tasks(1, 3, 1))
        data["units"][1][4] = path_of(1) + "00007"
        found = line(scores(package_of([{"id": "A", **IN_TIME}]), data)["u1"], "A")
        assert (found.reading.measured.num, found.reading.measured.den) == (3, 4)
