from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.assessment.scoring import ItemScore, Measured, score_item
from guantong.kernel.refusals import Refusal


def number(text: object) -> Decimal:
    return Decimal(str(text))


def value(of: object) -> Measured:
    return Measured("measured", value=number(of))


def ratio(num: int, den: int) -> Measured:
    return Measured("measured", value=number(num) / number(den), num=number(num), den=number(den))


def scored(scoring: Any, measured: Measured, weight: object = None, **options: Any) -> ItemScore:
    return score_item(scoring, measured, weight=None if weight is None else number(weight), **options)


def points(scoring: Any, of: object, weight: object = None) -> Decimal | None:
    return scored(scoring, value(of), weight).points


class TestProportional:
    def test_the_formula_has_the_numbers_put_in(self) -> None:
        assert scored("proportional", ratio(18, 20), 40) == ItemScore(Decimal(36), "40 × 18 ÷ 20 = 36")

    def test_a_weight_of_exactly_1_is_one_point_not_the_whole(self) -> None:
        assert scored("proportional", ratio(1, 2), 1).points == Decimal("0.5")
        assert scored("as_given", ratio(8, 10), 1).points == Decimal("0.8")
        assert scored({"bands": [[1, 1], [0, 0]]}, value(1), 1).points == 1

    def test_nothing_is_rounded(self) -> None:
        third = scored("proportional", ratio(1, 3), 20).points
        assert third is not None
        assert abs(Fraction(third) - Fraction(20, 3)) < Fraction(1, 10**45)

    def test_more_than_all_is_capped_at_the_weight(self) -> None:
        assert scored("proportional", ratio(11, 10), 40) == ItemScore(
            Decimal(40), "40 × 11 ÷ 10 = 44 → 上限 40"
        )

    @given(st.integers(0, 500), st.integers(1, 500), st.decimals(0, 100, places=2))
    def test_it_is_the_share_of_the_weight(self, num: int, den: int, weight: Decimal) -> None:
        found = scored("proportional", ratio(num, den), weight).points
        assert found is not None
        wanted = min(Fraction(weight) * num / den, Fraction(weight))
        assert abs(Fraction(found) - wanted) < Fraction(1, 10**40)


class TestDeduct:
    def test_two_late_reports_at_three_points(self) -> None:
        assert scored({"deduct": 3, "each": 1, "floor": 0}, value(2), 20) == ItemScore(
            Decimal(14), "20 − 3 × 2 = 14"
        )

    def test_it_stops_at_the_floor(self) -> None:
        assert scored({"deduct": 3, "each": 1, "floor": 0}, value(9), 20) == ItemScore(
            Decimal(0), "20 − 3 × 9 = −7 → 扣完为止 0"
        )
        assert points({"deduct": 3, "floor": 5}, 9, 20) == 5

    def test_zero_is_the_floor_where_none_is_written(self) -> None:
        assert points({"deduct": 3}, 9, 20) == 0

    def test_a_sub_cap_bites_before_the_floor(self) -> None:
        rule = {"deduct": 3, "each": 1, "sub_cap": 6, "floor": 0}
        assert scored(rule, value(9), 20) == ItemScore(Decimal(14), "20 − 3 × 9 → 上限 6 = 14")
        assert scored(rule, value(9), 5) == ItemScore(Decimal(0), "5 − 3 × 9 → 上限 6 = −1 → 扣完为止 0")

    def test_points_may_be_written_inside(self) -> None:
        rule = {"deduct": {"points": 3, "each": 2, "sub_cap": 9, "floor": 1}}
        assert points(rule, 4, 20) == 14
        assert points(rule, 40, 20) == 11
        assert points(rule, 40, 8) == 1

    def test_without_a_weight_it_is_a_penalty(self) -> None:
        assert scored({"deduct": 2, "each": 1}, value(3)) == ItemScore(Decimal(-6), "−2 × 3 = −6")

    def test_each_says_how_many_make_one_deduction(self) -> None:
        assert scored({"deduct": 1, "each": 5}, value(12), 10) == ItemScore(
            Decimal("7.6"), "10 − 1 × (12 ÷ 5) = 7.6"
        )


class TestPerUnitRounding:
    """4.2 units at 0.5 a unit: a begun unit counts not at all, in part, or whole."""

    @pytest.mark.parametrize(
        ("rounding", "wanted", "formula"),
        [
            ("floor", "2.0", "+0.5 × ⌊4.2⌋ = 2"),
            ("exact", "2.1", "+0.5 × 4.2 = 2.1"),
            ("ceil", "2.5", "+0.5 × ⌈4.2⌉ = 2.5"),
        ],
    )
    def test_each_rounding_of_a_begun_unit(self, rounding: str, wanted: str, formula: str) -> None:
        found = scored({"add": 0.5, "each": 1, "per_unit_rounding": rounding}, value("4.2"))
        assert found == ItemScore(Decimal(wanted), formula)

    def test_exact_is_the_default(self) -> None:
        assert points({"deduct": 0.5}, "4.2", 10) == Decimal("7.9")

    def test_units_are_counted_after_dividing_by_each(self) -> None:
        rule = {"add": {"points": 1, "each": 0.3, "per_unit_rounding": "floor"}}
        assert scored(rule, value("0.9")).points == 3  # binary floats would say 2
        assert scored(rule, value("1.0")) == ItemScore(Decimal(3), "+1 × ⌊1 ÷ 0.3⌋ = 3")

    def test_an_unknown_rounding_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="nearest"):
            points({"add": 1, "per_unit_rounding": "nearest"}, 1)


class TestAdd:
    def test_it_stops_at_its_cap(self) -> None:
        rule = {"add": 1, "each": 1, "cap": 3}
        assert scored(rule, value(2)) == ItemScore(Decimal(2), "+1 × 2 = 2")
        assert scored(rule, value(5)) == ItemScore(Decimal(3), "+1 × 5 → 上限 3 = 3")

    def test_the_lower_of_sub_cap_and_cap_bites(self) -> None:
        assert points({"add": 1, "sub_cap": 4, "cap": 3}, 9) == 3
        assert points({"add": 1, "sub_cap": 2, "cap": 3}, 9) == 2
        assert points({"add": 1, "sub_cap": 4, "cap": 3}, "3.5") == 3

    def test_sub_cap_and_item_cap_both_bite(self) -> None:
        rule = {"add": {"points": 2, "sub_cap": 8}}
        assert scored(rule, value(9), 5) == ItemScore(Decimal(5), "+2 × 9 → 上限 8 = 8 → 上限 5")
        assert points(rule, 3, 5) == 5
        assert points(rule, 2, 5) == 4


class TestBands:
    RULE = {"bands": [[1.0, 1.0], [0.95, 0.8], [0.9, 0.53], [0, 0]]}

    @pytest.mark.parametrize(
        ("of", "wanted"),
        [("1", 10), ("0.9999", 8), ("0.95", 8), ("0.9499", "5.3"), ("0.9", "5.3"), ("0.89", 0), ("0", 0)],
    )
    def test_a_band_holds_its_lower_end_and_not_its_upper(self, of: str, wanted: object) -> None:
        assert points(self.RULE, of, 10) == number(wanted)

    def test_the_order_they_are_written_in_does_not_matter(self) -> None:
        assert points({"bands": [[0, 0], [0.9, 0.5], [1, 1]]}, 1, 10) == 10

    def test_below_every_band_is_nothing(self) -> None:
        assert scored({"bands": [[5, 1]]}, value(4), 10) == ItemScore(Decimal(0), "4：0")

    def test_the_formula_names_the_band(self) -> None:
        assert scored(self.RULE, value("0.96"), 10).formula == "0.96 ≥ 0.95：10 × 0.8 = 8"


class TestLinear:
    RULE = {"linear": {"from": 0.8, "to": 1.0}}

    @pytest.mark.parametrize(
        ("of", "wanted"), [("0.5", 0), ("0.8", 0), ("0.85", 5), ("0.9", 10), ("1", 20), ("1.2", 20)]
    )
    def test_a_straight_line_between_nothing_and_all(self, of: str, wanted: int) -> None:
        assert points(self.RULE, of, 20) == wanted

    def test_it_may_fall(self) -> None:
        falling = {"linear": {"from": 10, "to": 0}}
        assert [points(falling, each, 20) for each in (12, 10, 5, 0)] == [0, 0, 10, 20]

    def test_the_formula_has_the_numbers_put_in(self) -> None:
        assert scored(self.RULE, value("0.85"), 20).formula == "20 × (0.85 − 0.8) ÷ (1 − 0.8) = 5"
        assert scored(self.RULE, value("0.5"), 20).formula == "0.5：20 × 0 = 0"

    def test_two_equal_ends_are_an_error(self) -> None:
        with pytest.raises(ValueError, match="two ends"):
            points({"linear": {"from": 1, "to": 1}}, 1, 20)


class TestRank:
    RULE = {"rank": {"step": 2}}

    def test_each_place_lower_loses_a_step_down_to_nothing(self) -> None:
        found = [scored(self.RULE, value("0.7"), 5, place=place).points for place in (1, 2, 3, 4)]
        assert found == [5, 3, 1, 0]
        assert scored(self.RULE, value("0.7"), 5, place=2).formula == "5 − 2 × (2 − 1) = 3"

    def test_without_a_place_it_is_refused_not_guessed_from_the_value(self) -> None:
        with pytest.raises(Refusal, match="名次"):
            scored(self.RULE, ratio(9, 10), 5)


class TestAsGiven:
    def test_a_mark_is_brought_from_its_scale_to_the_weight(self) -> None:
        assert scored("as_given", ratio(8, 10), 20) == ItemScore(Decimal(16), "20 × 8 ÷ 10 = 16")

    def test_without_a_weight_the_mark_itself_counts(self) -> None:
        assert scored("as_given", ratio(2, 3)) == ItemScore(Decimal(2), "2")


class TestEscalate:
    RULE = {"escalate": [[1, 1], [3, 5]]}

    @pytest.mark.parametrize(("count", "left"), [(0, 20), (1, 19), (2, 18), (3, 13), (4, 8), (6, 0), (99, 0)])
    def test_the_nth_costs_the_highest_step_it_reaches(self, count: int, left: int) -> None:
        assert points(self.RULE, count, 20) == left

    def test_the_formula_counts_each_step(self) -> None:
        assert scored(self.RULE, value(4), 20).formula == "20 − (1 × 2 + 5 × 2) = 8"
        assert scored(self.RULE, value(4)) == ItemScore(Decimal(-12), "−(1 × 2 + 5 × 2) = −12")
        assert scored(self.RULE, value(0), 20).formula == "20 − (0) = 20"

    @given(
        st.integers(0, 60),
        st.dictionaries(st.integers(1, 30), st.integers(0, 9), min_size=1, max_size=5),
    )
    def test_it_adds_up_occurrence_by_occurrence(self, count: int, ladder: dict[int, int]) -> None:
        total = 0
        for nth in range(1, count + 1):
            reached = [step for step in ladder if step <= nth]
            total += ladder[max(reached)] if reached else 0
        assert points({"escalate": [[nth, cost] for nth, cost in ladder.items()]}, count) == -total


class TestMissing:
    NO_DATA, NOT_APPLICABLE, EXCUSED = (
        Measured("no_data"),
        Measured("not_applicable"),
        Measured("excused"),
    )

    @pytest.mark.parametrize(
        ("missing", "wanted"), [("exclude", None), ("zero", Decimal(0)), ("full", Decimal(20))]
    )
    def test_no_data_gives_what_the_package_says(self, missing: str, wanted: Decimal | None) -> None:
        assert scored("proportional", self.NO_DATA, 20, missing=missing).points == wanted

    @pytest.mark.parametrize("missing", ["exclude", "zero", "full"])
    def test_not_applicable_and_excused_are_never_scored(self, missing: str) -> None:
        assert scored("proportional", self.NOT_APPLICABLE, 20, missing=missing).points is None
        assert scored("proportional", self.EXCUSED, 20, missing=missing).points is None

    def test_a_measured_zero_is_a_zero(self) -> None:
        assert scored("proportional", ratio(0, 7), 20).points == 0

    def test_rank_of_one_without_data_needs_no_place(self) -> None:
        assert scored({"rank": {"step": 2}}, self.NO_DATA, 20).points is None


class TestEveryScoring:
    RULES = st.sampled_from(
        [
            "proportional",
            "as_given",
            {"deduct": 3, "each": 2, "sub_cap": 50, "floor": 2},
            {"add": 0.5, "each": 0.3, "per_unit_rounding": "ceil"},
            {"bands": [[10, 1], [5, 0.5], [0, 0]]},
            {"linear": {"from": 2, "to": 9}},
            {"escalate": [[1, 1], [4, 7]]},
            {"rank": {"step": 1.5}},
        ]
    )

    @given(RULES, st.decimals(0, 200, places=3), st.integers(0, 100), st.integers(1, 40))
    def test_points_lie_between_0_and_the_weight(
        self, rule: Any, of: Decimal, weight: int, place: int
    ) -> None:
        found = scored(rule, value(of), weight, place=place)
        assert found.points is not None
        assert 0 <= found.points <= weight
        assert found.formula

    @pytest.mark.parametrize("scoring", ["proportionate", {"deducts": 1}, {}, None])
    def test_an_unknown_one_is_an_error(self, scoring: Any) -> None:
        with pytest.raises(ValueError, match="unknown scoring"):
            scored(scoring, value(1), 1)
