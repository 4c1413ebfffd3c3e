from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone, translation

from guantong.ui import samples

Draw = Callable[..., str]


class TestBlocks:
    @pytest.mark.parametrize(
        "source",
        [
            "{% page_header name lead=name up_label=name up_url='/' %}{{ name }}{% end_page_header %}",
            "{% panel name lead=name %}{{ name }}{% end_panel %}",
            "{% disclosure name %}{{ name }}{% end_disclosure %}",
            "{% drawer name title=name %}{{ name }}{% end_drawer %}",
            "{% callout name %}{{ name }}{% end_callout %}",
            "{% empty_state name name %}{{ name }}{% end_empty_state %}",
            "{% stat name name unit=name detail=name url=name %}",
            "{% state_tag name %}{% light 'red' name %}{% action name name %}",
            "{% refusal reasons %}{% facts rows %}{% steps items %}{% tabs items %}{% chips items %}{% file_list items %}",
            "{% task_card item %}{% check_list name items legend=name help=name error=name %}{% search_box name value=name %}",
            "{% bar_chart items title=name %}{% donut items title=name total=name %}",
            "{% line_chart series labels title=name %}{% sparkline values name %}",
        ],
    )
    def test_text_given_to_a_component_is_never_markup(self, draw: Draw, source: str) -> None:
        evil = '"><img src=x onerror=alert(1)>'
        item = dict.fromkeys(
            ("label", "title", "url", "what", "who", "reason", "name", "detail", "due", "unit"), evil
        )
        item |= {"value": 1, "light": ""}  # type: ignore[dict-item]
        context: dict[str, Any] = {
            "name": evil,
            "reasons": [evil, evil],
            "rows": [(evil, evil, evil)],
            "items": [item],
            "item": item,
            "series": [(evil, [1, 2])],
            "labels": [evil, evil],
            "values": [1, 2],
        }
        drawn = draw(source, **context)
        assert "<img" not in drawn
        assert "&lt;img" in drawn

    def test_the_body_keeps_its_markup(self, draw: Draw) -> None:
        assert "<b>好</b>" in draw("{% panel '题' %}<b>好</b>{% end_panel %}")

    def test_a_header_without_actions_has_no_empty_place_for_them(self, draw: Draw) -> None:
        assert "actions" not in draw("{% page_header '题' %}\n  {% end_page_header %}")


class TestBoardCell:
    CELL = {
        "name": "贯通职责",
        "url": "/board/duties/",
        "figure": "86.4",
        "unit": "%",
        "lights": {"red": 2},
        "trend": [1, 2],
    }

    def test_name_figure_lights_and_trend(self, draw: Draw) -> None:
        drawn = draw("{% board_cell cell %}", cell=self.CELL)
        assert 'href="/board/duties/"' in drawn
        assert "86.4<small>%</small>" in drawn
        assert "逾期 <b>2</b>" in drawn
        assert "<polyline" in drawn

    def test_no_figure_is_no_data_and_zero_is_zero(self, draw: Draw) -> None:
        assert "暂无数据" in draw("{% board_cell cell %}", cell=self.CELL | {"figure": None})
        zero = draw("{% board_cell cell %}", cell=self.CELL | {"figure": 0})
        assert "暂无数据" not in zero
        assert ">0<small>" in zero

    def test_one_value_is_no_trend(self, draw: Draw) -> None:
        assert "<polyline" not in draw("{% board_cell cell %}", cell=self.CELL | {"trend": [1]})


class TestProgressBand:
    def test_today_and_what_a_phase_waits_for(self, draw: Draw) -> None:
        drawn = draw("{% progress_band band '一年的进度' %}", band=samples.year())
        assert "今天 2026-06-18" in drawn
        assert "等 3 个单位提交半年反馈" in drawn
        assert drawn.count('aria-current="step"') == 1


class TestRefusal:
    def test_one_reason_is_a_sentence_and_several_are_a_list(self, draw: Draw) -> None:
        assert "<li>" not in draw("{% refusal '已经签收。' %}")
        assert draw("{% refusal reasons %}", reasons=["甲。", "乙。"]).count("<li>") == 2

    def test_can_be_included_as_well(self, draw: Draw) -> None:
        assert 'role="alert"' in draw(
            '{% include "ui/refusal.html" with reasons=reasons %}', reasons=["甲。"]
        )


class TestMoment:
    def test_days_and_instants_in_figures_in_the_readers_zone(self, draw: Draw) -> None:
        at = dt.datetime(2026, 3, 31, 1, 30, tzinfo=dt.UTC)
        with timezone.override("Asia/Shanghai"):
            assert (
                draw("{{ at|moment }} {{ on|moment }}", at=at, on=at.date()) == "2026-03-31 09:30 2026-03-31"
            )

    def test_text_passes_and_nothing_stays_nothing(self, draw: Draw) -> None:
        assert draw("{{ a|moment }}|{{ b|moment }}", a="6月底前", b=None) == "6月底前|"


class TestCharts:
    def test_each_chart_comes_with_its_figures_in_a_table(self, draw: Draw) -> None:
        drawn = draw(
            "{% line_chart series labels title='走势' %}", series=samples.series(), labels=samples.MONTHS
        )
        assert drawn.count("<tr>") == 1 + len(samples.MONTHS)
        assert "暂无数据" in drawn
        assert "<table" in draw("{% donut rows title='分布' total=1 %}", rows=samples.slices())

    def test_numbers_in_drawings_do_not_follow_the_language(self, draw: Draw) -> None:
        with translation.override("de"):
            drawn = draw(
                "{% sparkline values %}{% light_bar counts %}",
                values=[1, 2, 4],
                counts={"red": 1, "green": 2},
            )
        assert 'width="33.33%"' in drawn
