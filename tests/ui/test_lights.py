from __future__ import annotations

from collections.abc import Callable

import pytest

from guantong.ui.lights import LABELS, light_counts

Draw = Callable[..., str]


class TestLightCounts:
    def test_the_worst_comes_first_and_the_segments_fill_the_bar(self) -> None:
        segments = light_counts({"green": 6, "red": 1, "yellow": 3})
        assert [(segment.light, segment.x, segment.width) for segment in segments] == [
            ("red", "0.00", "10.00"),
            ("yellow", "10.00", "30.00"),
            ("green", "40.00", "60.00"),
        ]

    def test_a_light_without_count_has_no_segment(self) -> None:
        assert [segment.light for segment in light_counts({"red": 0, "grey": 2})] == ["grey"]
        assert light_counts({}) == []

    def test_a_light_that_does_not_exist_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            light_counts({"orange": 1})


class TestLight:
    def test_every_light_has_its_own_word_and_its_own_shape(self, draw: Draw) -> None:
        shapes = draw('{% include "ui/sprite.html" %}')
        for light, word in LABELS.items():
            drawn = draw("{% light value %}", value=light)
            assert f">{word}<" in drawn
            assert f'href="#light-{light}"' in drawn
            assert f'id="light-{light}"' in shapes
        assert len({str(word) for word in LABELS.values()}) == len(LABELS)

    def test_other_words_are_escaped(self, draw: Draw) -> None:
        assert "&lt;b&gt;" in draw("{% light 'red' words %}", words="<b>")

    def test_no_light_is_the_light_none(self, draw: Draw) -> None:
        assert "light--none" in draw("{% light value %}", value="")

    def test_a_bar_tells_its_counts_in_words_with_links(self, draw: Draw) -> None:
        drawn = draw(
            "{% light_bar counts urls=urls %}", counts={"red": 3, "green": 9}, urls={"red": "/r/?light=red"}
        )
        assert "逾期 <b>3</b>" in drawn
        assert 'href="/r/?light=red"' in drawn
        assert "style=" not in drawn

    def test_a_bar_of_nothing_says_so(self, draw: Draw) -> None:
        assert "还没有事项" in draw("{% light_bar counts %}", counts={})
