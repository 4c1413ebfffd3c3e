from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.assessment.algebra import (
    CardItem,
    GradeBand,
    Measured,
    Placed,
    apply_share_limits,
    grade_of,
    rank,
    score_card,
    score_item,
)

D = Decimal
GRADES = [
    GradeBand("excellent", D(90), D("0.3")),
    GradeBand("good", D(80)),
    GradeBand("pass", D(60)),
    GradeBand("fail", D(0)),
]


def ratio(num: int, den: int) -> Measured:
    return Measured("measured", D(num) / D(den), D(num), D(den))


def count(number: object) -> Measured:
    return Measured("measured", D(str(number)), D(str(number)))


def points(scoring: Any, measured: Measured, weight: int | None = 10, **options: Any) -> Decimal | None:
    return score_item(scoring, measured, weight=None if weight is None else D(weight), **options).points


class TestItems:
    @pytest.mark.parametrize(
        ("scoring", "measured", "weight", "expected"),
        [
            ("proportional", ratio(18, 20), 40, "36"),
            ({"deduct": 3, "each": 1, "floor": 0}, count(2), 20, "14"),
            ({"deduct": 3, "each": 1, "floor": 0}, count(9), 20, "0"),
            ({"deduct": {"points": 1, "each": 1, "sub_cap": 4}}, count(9), 6, "2"),
            ({"add": 1, "each": 1, "cap": 3}, count(5), None, "3"),
            ({"bands": [[1.0, 1.0], [0.95, 0.8], [0.9, 0.53], [0, 0]]}, ratio(19, 20), 15, "12.0"),
            ({"bands": [[1.0, 1.0], [0.95, 0.8], [0.9, 0.53], [0, 0]]}, ratio(89, 100), 15, "0"),
            ({"linear": {"from": 0.9, "to": 1.0}}, ratio(95, 100), 10, "5"),
            ({"linear": {"from": 0.9, "to": 1.0}}, ratio(1, 2), 10, "0"),
            ({"escalate": [[1, 1], [3, 5]]}, count(3), 10, "3"),
            ("as_given", ratio(8, 10), 10, "8"),
        ],
    )
    def test_each_way_of_scoring(
        self, scoring: Any, measured: Measured, weight: int | None, expected: str
    ) -> None:
        assert points(scoring, measured, weight) == D(expected)

    def test_each_place_below_the_first_loses_a_step(self) -> None:
        assert points({"rank": {"step": 0.5}}, count(4), place=4) == D("8.5")

    @pytest.mark.parametrize(("rounding", "expected"), [("floor", "2.0"), ("exact", "2.10"), ("ceil", "2.5")])
    def test_4_2_units_at_half_a_point(self, rounding: str, expected: str) -> None:
        assert points({"add": 0.5, "each": 1, "per_unit_rounding": rounding}, count("4.2"), None) == D(
            expected
        )

    @pytest.mark.parametrize(("missing", "expected"), [("exclude", None), ("zero", D(0)), ("full", D(10))])
    def test_what_missing_data_gives(self, missing: str, expected: Decimal | None) -> None:
        assert points("proportional", Measured("no_data"), missing=missing) == expected

    @pytest.mark.parametrize("status", ["not_applicable", "excused"])
    def test_not_applicable_and_excused_never_count(self, status: str) -> None:
        assert points("proportional", Measured(status), missing="zero") is None

    def test_an_unknown_way_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="magic"):
            points("magic", ratio(1, 2))


def card(*parts: tuple[int, Decimal | None], **options: Any) -> Any:
    items = [
        CardItem(str(number), D(weight), score_item("proportional", Measured("no_data") if got is None else Measured(
            "measured", got / D(weight), got, D(weight)), weight=D(weight)))
        for number, (weight, got) in enumerate(parts)
    ]  # fmt: skip
    return score_card(items, scale=D(100), grades=GRADES, **options)


class TestCards:
    def test_88_of_90_applicable_is_97_78(self) -> None:
        assert card((90, D(88)), (10, None)).total == D("97.78")

    def test_nothing_to_score_is_no_score_and_not_0(self) -> None:
        assert card((60, None), (40, None)).total is None

    def test_bonus_comes_after_rescaling_and_is_clamped_with_its_cap(self) -> None:
        bonus = CardItem(
            "b", None, score_item({"add": 1, "each": 1, "cap": 3}, count(9), weight=None), bonus=True
        )
        full = CardItem("a", D(100), score_item("proportional", ratio(1, 1), weight=D(100)))
        assert score_card([full, bonus], scale=D(100)).total == D("103.00")
        assert score_card([full, bonus], scale=D(100), bonus_cap=D(2)).total == D("102.00")

    def test_penalties_never_lead_below_0(self) -> None:
        penalty = CardItem(
            "p", None, score_item({"deduct": 50, "each": 1}, count(3), weight=None), penalty=True
        )
        half = CardItem("a", D(100), score_item("proportional", ratio(1, 2), weight=D(100)))
        assert score_card([half, penalty], scale=D(100)).total == D("0.00")

    def test_one_rounding_at_the_end(self) -> None:
        assert card((33, D(11)), (33, D(11)), (34, D(34) / 3)).total == D("33.33")

    def test_89_5_lies_between_two_grades_and_takes_the_lower(self) -> None:
        assert grade_of(D("89.5"), GRADES) == "good"
        assert grade_of(D("90.00"), GRADES) == "excellent"

    def test_a_confirmed_veto_lowers_the_grade_and_never_lifts_it(self) -> None:
        assert card((100, D(95)), confirmed_vetoes=["fail"]).grade == "fail"
        assert card((100, D(50)), confirmed_vetoes=["pass"]).grade == "fail"

    @given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 50)), min_size=1, max_size=8))
    def test_rescaled_totals_stay_within_the_scale(self, parts: list[tuple[int, int]]) -> None:
        total = card(*[(weight, D(min(got, weight))) for weight, got in parts]).total
        assert D(0) <= total <= D(100)


class TestPlaces:
    def test_ties_share_a_place(self) -> None:
        placed = [Placed(key, D(total), None) for key, total in (("a", 90), ("b", 80), ("c", 80), ("d", 70))]
        assert rank(placed) == {"a": 1, "b": 2, "c": 2, "d": 4}

    def test_a_tie_break_orders_equal_totals(self) -> None:
        placed = [Placed("a", D(80), None, (D(1),)), Placed("b", D(80), None, (D(2),))]
        assert rank(placed) == {"b": 1, "a": 2}

    def test_a_quota_lowers_the_lowest_placed_to_the_next_grade(self) -> None:
        placed = [Placed(number, D(99 - number), "excellent") for number in range(10)]
        found = apply_share_limits(placed, GRADES)
        assert [number for number, grade in found.items() if grade == "excellent"] == [0, 1, 2]
        assert set(found.values()) == {"excellent", "good"}

    def test_those_tied_on_the_border_drop_together(self) -> None:
        placed = [Placed(number, D(95), "excellent") for number in range(4)]
        assert set(apply_share_limits(placed, GRADES).values()) == {"good"}
