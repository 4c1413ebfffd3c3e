"""Twelve book one room at the same moment: no two bookings overlap, whoever was told so has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.installation import small_city
from grassroots.room_drill import BOOKED, TAKEN, faults, without_the_lock

pytestmark = pytest.mark.django_db  # so that it runs on PostgreSQL's turn too


def drilled(folder: Path, *, rounds: int, modules: str = "") -> list[str]:
    with small_city(folder / "home") as installation:
        found: list[str] = replace(installation, modules=modules).call(
            "grassroots.room_drill:race", rounds=rounds
        )
    return found


def test_no_two_overlap(tmp_path: Path) -> None:
    assert drilled(tmp_path, rounds=3) == []


def test_without_the_lock_the_drill_notices(tmp_path: Path) -> None:
    assert drilled(tmp_path, rounds=3, modules=without_the_lock(tmp_path / "fault"))


class TestWhatTheDrillLooksFor:
    GOOD = ({BOOKED: 2, TAKEN: 10}, [["09:00", "11:00"], ["11:00", "13:00"]])

    def test_nothing_where_nothing_is_wrong(self) -> None:
        assert faults(*self.GOOD, []) == []

    def test_each_fault(self) -> None:
        answers, spans = self.GOOD
        assert "overlap" in faults(answers, [["09:00", "11:00"], ["10:00", "12:00"]], [])[0]
        assert "are booked" in faults({BOOKED: 3}, spans, [])[0]
        assert "500" in faults({**answers, "500": 1}, spans, [])[0]
        assert faults(answers, spans, ["某行"]) == ["the log: 某行"]
