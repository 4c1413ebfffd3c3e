"""Sixty-four people book a slot of five at the same moment: five have it, the others wait, nothing breaks."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from config.installation import small_city
from reception.booking_drill import BOOKED, CAPACITY, CROWD, WAITS, Drill, faults, without_the_lock

ROUNDS = int(os.environ.get("GUANTONG_DRILL_ROUNDS", "0"))
pytestmark = (
    pytest.mark.django_db
)  # so that it runs on PostgreSQL's turn too; the installation has a database of its own


def drilled(folder: Path, rounds: int, *, modules: str = "") -> Drill:
    with small_city(folder / "home") as installation:
        drill = Drill(replace(installation, modules=modules))
        drill.run(rounds)
    return drill


def test_five_have_it_and_the_others_wait(tmp_path: Path) -> None:
    drill = drilled(tmp_path, 1)
    assert drill.found == []
    assert drill.answers == {BOOKED: CAPACITY, WAITS: CROWD - CAPACITY}


def test_without_the_lock_the_drill_notices(tmp_path: Path) -> None:
    drill = drilled(tmp_path, 1, modules=without_the_lock(tmp_path / "fault"))
    assert drill.found
    assert not any(
        "the places taken are" in each and "6" in each for each in drill.found
    )  # the database holds


@pytest.mark.drill
@pytest.mark.skipif(not ROUNDS, reason="set GUANTONG_DRILL_ROUNDS")
def test_many_rounds(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    drill = drilled(tmp_path, ROUNDS)
    with capfd.disabled():
        print(f"\n{ROUNDS} rounds of {CROWD} on {CAPACITY}: {dict(drill.answers)}")
    assert drill.found == []
    assert drill.answers == {BOOKED: CAPACITY * ROUNDS, WAITS: (CROWD - CAPACITY) * ROUNDS}


class TestWhatTheDrillLooksFor:
    """Each thing it must find, it finds."""

    TOLD = Counter({BOOKED: 5, WAITS: 59})
    THERE = {"seats": [1, 2, 3, 4, 5], "stages": {"booked": 5, "waiting": 59}, "cases": 64, "faults": []}

    def test_nothing_where_nothing_is_wrong(self) -> None:
        assert faults(self.TOLD, self.THERE) == []

    @pytest.mark.parametrize(
        ("told", "there", "sentence"),
        [
            ({BOOKED: 5, WAITS: 58, "500 出错": 1}, {}, "1 were answered: 500 出错"),
            ({BOOKED: 6, WAITS: 58}, {}, "6 were told that they are booked"),
            ({}, {"seats": [1, 2, 3, 4, 5, 5]}, "the places taken are [1, 2, 3, 4, 5, 5]"),
            ({}, {"stages": {"booked": 5, "waiting": 58}}, "{'booked': 5, 'waiting': 58} are there"),
            ({}, {"cases": 63}, "63 cases are there"),
            ({}, {"faults": ["某行"]}, "the log: 某行"),
        ],
    )
    def test_each_fault(self, told: dict[str, int], there: dict[str, object], sentence: str) -> None:
        assert sentence in faults(Counter(told or self.TOLD), self.THERE | there)
