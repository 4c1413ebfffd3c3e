"""Six workers at once send each digest once; one that dies leaves "unknown", and nobody repeats it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from channels.sending_drill import DIGESTS, faults, without_the_lock
from config.installation import small_city

pytestmark = pytest.mark.django_db  # so that it runs on PostgreSQL's turn too


def drilled(folder: Path, *, rounds: int, modules: str = "") -> list[str]:
    with small_city(folder / "home") as installation:
        found: list[str] = replace(installation, modules=modules).call(
            "channels.sending_drill:race", rounds=rounds
        )
    return found


def test_nobody_gets_anything_twice(tmp_path: Path) -> None:
    assert drilled(tmp_path, rounds=3) == []


def test_without_the_lock_the_drill_notices(tmp_path: Path) -> None:
    assert drilled(tmp_path, rounds=2, modules=without_the_lock(tmp_path / "fault"))


def test_a_worker_that_dies_after_sending_leaves_it_unknown_and_unrepeated(tmp_path: Path) -> None:
    with small_city(tmp_path / "home") as installation:
        told = installation.call("channels.sending_drill:die_after_sending")
    assert told == {"most": 1, "sent": DIGESTS, "lost": "unknown", "why": "interrupted"}


def test_each_thing_it_looks_for() -> None:
    assert faults({"k": 1}, {"sent": 1}, 1, {"done": 6}) == []
    assert "was sent 2 times" in faults({"k": 2}, {"sent": 1}, 1, {"done": 6})[0]
    assert "ended with OperationalError" in faults({"k": 1}, {"sent": 1}, 1, {"OperationalError": 1})[0]
    assert "0 of 1 were sent" in faults({}, {"failed": 1}, 1, {})[0]
