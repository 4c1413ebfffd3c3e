from __future__ import annotations

import datetime as dt

import pytest

from guantong.ui.bands import Band, Phase, band

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
PHASES = [
    Phase("年初明责", dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
    Phase("年中督责", dt.date(2026, 4, 1), dt.date(2026, 9, 30)),
    Phase("年底评责", dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
]


def year(today: dt.date, phases: list[Phase] = PHASES) -> Band:
    return band(begins_on=YEAR[0], ends_on=YEAR[1], today=today, phases=phases)


class TestBand:
    def test_phases_that_follow_each_other_fill_the_band(self) -> None:
        segments = year(dt.date(2026, 6, 18)).segments
        assert [segment.x for segment in segments] == ["0.00", "24.66", "74.79"]
        assert sum(float(segment.width) for segment in segments) == pytest.approx(100, abs=0.02)

    def test_states_follow_the_day_when_the_owner_keeps_none(self) -> None:
        assert [segment.state for segment in year(dt.date(2026, 9, 30)).segments] == [
            "done",
            "current",
            "ahead",
        ]
        assert [segment.state for segment in year(dt.date(2026, 10, 1)).segments] == [
            "done",
            "done",
            "current",
        ]

    def test_the_owners_state_wins_over_the_day(self) -> None:
        late = [Phase("年初明责", dt.date(2026, 1, 1), dt.date(2026, 3, 31), state="current")]
        assert year(dt.date(2026, 5, 1), late).segments[0].state == "current"

    def test_a_phase_is_cut_at_the_ends_of_the_band(self) -> None:
        long = [Phase("跨年", dt.date(2025, 11, 1), dt.date(2027, 2, 1))]
        assert (year(YEAR[0], long).segments[0].x, year(YEAR[0], long).segments[0].width) == (
            "0.00",
            "100.00",
        )

    def test_there_is_a_tick_for_each_month_and_a_label_for_each_quarter_on_phones(self) -> None:
        ticks = year(dt.date(2026, 6, 18)).ticks
        assert [tick.month for tick in ticks] == list(range(1, 13))
        assert [tick.month for tick in ticks if not tick.is_minor] == [1, 4, 7, 10]

    def test_today_outside_the_band_is_not_marked(self) -> None:
        assert not year(dt.date(2027, 1, 1)).holds_today
        assert year(dt.date(2026, 12, 31)).holds_today

    def test_a_band_of_one_day_and_one_across_the_new_year(self) -> None:
        one = band(begins_on=YEAR[0], ends_on=YEAR[0], today=YEAR[0], phases=[])
        assert (one.today_x, [tick.month for tick in one.ticks]) == ("0.00", [1])
        across = band(begins_on=dt.date(2026, 11, 15), ends_on=dt.date(2027, 2, 14), today=YEAR[1], phases=[])
        assert [tick.month for tick in across.ticks] == [12, 1, 2]

    def test_a_band_that_ends_before_it_begins_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="before it begins"):
            band(begins_on=YEAR[1], ends_on=YEAR[0], today=YEAR[0], phases=[])
