from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from guantong.grassroots.drawings import tone_of, treemap
from guantong.grassroots.sweeps import (
    common,
    days_in,
    joined,
    seat_days,
    several,
    short_since,
    shortfalls,
    without,
)

spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)
held = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30), st.integers(0, 30)), max_size=8)


def days(found: list[tuple[int, int]]) -> set[int]:
    return {day for start, end in found for day in range(start, end)}


class TestSpans:
    @given(spans, spans)
    def test_joining_cutting_and_meeting_are_those_of_sets_of_days(
        self, one: list[tuple[int, int]], other: list[tuple[int, int]]
    ) -> None:
        left, right = joined(one), joined(other)
        assert days(left) == days(one)
        assert days(without(left, right)) == days(one) - days(other)
        assert days(common(left, right)) == days(one) & days(other)
        assert days_in(left) == len(days(one))
        assert all(before[1] < after[0] for before, after in pairwise(left))

    @given(spans, held, st.integers(1, 3))
    def test_shortfalls_count_each_seat_once_a_day(
        self, asked: list[tuple[int, int]], seats: list[tuple[int, int, int]], needs: int
    ) -> None:
        needed = joined(asked)
        short = shortfalls(needed, seats, needs=needs)
        found = {day: missing for start, end, missing in short for day in range(start, end)}
        expected = {}
        for day in days(needed):
            missing = needs - len({seat for seat, start, end in seats if start <= day < end})
            if missing > 0:
                expected[day] = missing
        assert found == expected
        assert seat_days(short) == sum(expected.values())
        for day in range(31):
            since = short_since(short, day)
            if day not in expected:
                assert since is None
            else:
                assert since is not None
                assert all(each in expected for each in range(since, day + 1))
                assert since - 1 not in expected

    @given(held)
    def test_doubled_hats_are_the_days_with_more_than_one_seat(
        self, seats: list[tuple[int, int, int]]
    ) -> None:
        expected = {
            day for day in range(31) if len({seat for seat, start, end in seats if start <= day < end}) > 1
        }
        assert days(several(seats)) == expected


class TestTreemap:
    @given(st.lists(st.integers(0, 400), max_size=12))
    def test_the_areas_fill_the_drawing_in_proportion(self, sizes: list[int]) -> None:
        rows = [{"label": str(size), "units": size, "met": size, "url": ""} for size in sizes]
        tiles = treemap(rows)
        assert sorted(int(tile.label) for tile in tiles) == sorted(size for size in sizes if size)
        total = sum(sizes)
        for tile in tiles:
            share = float(tile.width) * float(tile.height) / 10_000
            assert abs(share - int(tile.label) / total) < 0.002
            assert float(tile.x) + float(tile.width) <= 100.01
            assert float(tile.y) + float(tile.height) <= 100.01

    def test_only_whole_coverage_is_shown_as_whole(self) -> None:
        assert [tone_of(met, 1000) for met in (1000, 999, 950, 949, 800, 799, 0)] == [
            "full", "near", "near", "some", "some", "few", "few",
        ]  # fmt: skip
