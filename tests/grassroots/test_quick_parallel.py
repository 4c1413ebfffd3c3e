"""A record that is sent twelve times at once is stored once, on both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from config.installation import small_city
from grassroots.quick_drill import AGAIN, SENDINGS, STORED, Drill, faults, without_the_key

ROUNDS = 3
pytestmark = pytest.mark.django_db  # so that it runs on PostgreSQL's turn too


def drilled(folder: Path, *, modules: str = "") -> Drill:
    with small_city(folder / "home") as installation:
        drill = Drill(replace(installation, modules=modules))
        drill.run(ROUNDS)
    return drill


def test_it_is_stored_once_and_everybody_is_told_the_same(tmp_path: Path) -> None:
    drill = drilled(tmp_path)
    assert drill.found == []
    assert drill.answers == {STORED: ROUNDS, AGAIN: ROUNDS * (SENDINGS - 1)}


def test_without_the_key_the_drill_notices(tmp_path: Path) -> None:
    drill = drilled(tmp_path, modules=without_the_key(tmp_path / "fault"))
    assert any(f"{SENDINGS} records are there" in each for each in drill.found)


@pytest.mark.parametrize(
    ("told", "led_to", "there", "sentence"),
    [
        ({STORED: 1, "500": 1}, {"/r/1/"}, {}, "1 were answered: 500"),
        ({STORED: 2}, {"/r/1/"}, {}, "2 were told that they stored it"),
        ({STORED: 1}, {"/r/1/", "/r/2/"}, {}, "the answers lead to ['/r/1/', '/r/2/']"),
        ({STORED: 1}, {"/r/1/"}, {"records": 2}, "2 records are there"),
        ({STORED: 1}, {"/r/1/"}, {"faults": ["某行"]}, "the log: 某行"),
    ],
)
def test_each_thing_it_looks_for(
    told: dict[str, int], led_to: set[str], there: dict[str, object], sentence: str
) -> None:
    assert sentence in faults(Counter(told), led_to, {"records": 1, "faults": []} | there)
