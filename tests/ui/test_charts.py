from __future__ import annotations

from math import isclose, pi

from guantong.ui import charts


class TestLine:
    def test_values_are_spread_evenly_and_the_largest_is_on_top(self) -> None:
        line = charts.line([0, 50, 100], low=0, high=100)
        assert line.lines == ["0,100 50,50 100,0"]

    def test_no_data_breaks_the_line_and_is_not_zero(self) -> None:
        line = charts.line([10, None, 30, 40], low=0, high=40)
        assert line.lines == ["0,75", "66.67,25 100,0"]
        assert line.points[1] is None

    def test_the_area_is_closed_along_the_bottom(self) -> None:
        assert charts.line([20, 40], low=0, high=40).areas == ["0,100 0,50 100,0 100,100"]

    def test_a_single_value_stands_at_the_right_where_now_is(self) -> None:
        assert charts.line([5], low=0, high=10).last == charts.Point("100", "50")

    def test_nothing_known_draws_nothing(self) -> None:
        line = charts.sparkline([None, None])
        assert (line.lines, line.areas, line.last) == ([], [], None)


class TestSparkline:
    def test_equal_values_lie_in_the_middle(self) -> None:
        assert charts.sparkline([7, 7, 7]).lines == ["0,50 50,50 100,50"]

    def test_nothing_touches_the_edges(self) -> None:
        heights = [float(point.y) for point in charts.sparkline([3, 900, 41]).points if point]
        assert 0 < min(heights) < max(heights) < 100


class TestScale:
    def test_marks_are_round_and_reach_the_largest_value(self) -> None:
        assert charts.scale([61, 86]) == [0, 25, 50, 75, 100]
        assert charts.scale([3]) == [0, 1, 2, 3]
        assert charts.scale([1511, 1203]) == [0, 500, 1000, 1500, 2000]

    def test_small_and_negative_values(self) -> None:
        assert charts.scale([0.03]) == [0, 0.01, 0.02, 0.03]
        assert charts.scale([-5, 10]) == [-5, 0, 5, 10]

    def test_nothing_or_only_zeros_still_gives_an_axis(self) -> None:
        for values in ([], [0, 0]):
            marks = charts.scale(values)
            assert marks[0] == 0
            assert len(marks) >= 2


class TestLineChart:
    def test_every_label_has_a_row_with_each_series_value(self) -> None:
        chart = charts.line_chart([("全市", [1, 2]), ("东胜区", [None, 4])], ["1月", "2月"])
        assert chart.rows == [("1月", [1, None]), ("2月", [2, 4])]
        assert [series.number for series in chart.series] == [1, 2]

    def test_only_some_labels_are_kept_on_a_narrow_screen_and_the_last_always(self) -> None:
        chart = charts.line_chart([("全市", list(range(12)))], [str(month) for month in range(1, 13)])
        assert [mark.label for mark in chart.x_marks if not mark.is_minor] == [
            "1",
            "3",
            "5",
            "7",
            "9",
            "11",
            "12",
        ]


class TestBars:
    def test_widths_are_shares_of_the_largest(self) -> None:
        assert [
            bar.width for bar in charts.bars([{"label": "甲", "value": 5}, {"label": "乙", "value": 20}])
        ] == ["25", "100"]

    def test_widths_are_shares_of_a_given_full_bar_and_never_longer(self) -> None:
        bars = charts.bars(
            [{"label": "甲", "value": 50}, {"label": "乙", "value": 130}, {"label": "丙", "value": -4}],
            high=100,
        )
        assert [bar.width for bar in bars] == ["50", "100", "0"]

    def test_no_data_is_a_dash_and_zero_is_a_zero(self) -> None:
        bars = charts.bars([{"label": "甲", "value": None}, {"label": "乙", "value": 0}])
        assert [(bar.text, bar.width) for bar in bars] == [("—", "0"), ("0", "0")]


class TestDonut:
    def test_slices_go_once_around(self) -> None:
        slices = charts.donut([{"label": "甲", "value": 1}, {"label": "乙", "value": 3}])
        lengths = [float(piece.dash.split()[0]) for piece in slices]
        assert isclose(sum(lengths), 2 * pi * charts.DONUT_RADIUS, abs_tol=0.02)
        assert isclose(-float(slices[1].offset), lengths[0], abs_tol=0.01)
        assert [piece.percent for piece in slices] == ["25.0", "75.0"]

    def test_nothing_at_all_has_no_shares(self) -> None:
        assert [piece.percent for piece in charts.donut([{"label": "甲", "value": 0}])] == ["0.0"]
