"""A step of the worker that fails stops no other, and is said."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from config.installation import small_city
from conftest import City, at
from guantong.config import rounds
from guantong.kernel import clock
from guantong.notices.models import Notice
from guantong.web.health import heartbeat
from guantong.web.health.readiness import is_ready, readiness

NOW = at(4, 10)


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.HOME = tmp_path


@pytest.fixture
def broken(signed: City) -> City:
    """The table of one step is away, as after a damaged disk."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grassroots_gap RENAME TO grassroots_away")
    return signed


def test_the_steps_after_it_are_done(broken: City, caplog: pytest.LogCaptureFixture) -> None:
    assert not Notice.objects.exists()
    with caplog.at_level(logging.ERROR, logger="guantong"):
        failed = rounds.upkeep()
    assert failed == ["find_gaps"]
    assert Notice.objects.exists()
    assert "step failed: find_gaps" in caplog.text


def test_it_is_said_and_pages_are_served_on(broken: City) -> None:
    rounds.upkeep()
    words = readiness(now=NOW)
    assert (words["worker"], is_ready(words)) == ("failing", words["log"] == "ok")
    heartbeat.note_round(now=NOW)
    assert readiness(now=NOW + dt.timedelta(minutes=1))["worker"] == "ok"


def test_the_command_says_which(tmp_path: Path) -> None:
    with small_city(tmp_path / "home") as installation:
        installation.guantong("worker", "--once")
        installation.execute("ALTER TABLE grassroots_gap RENAME TO grassroots_away")
        answer = installation.guantong("worker", "--once", code=1)
        assert "find_gaps" in answer["reasons"][0]
        installation.execute("ALTER TABLE grassroots_away RENAME TO grassroots_gap")
        installation.guantong("worker", "--once")


def test_a_sound_round_says_nothing(city: City) -> None:
    assert rounds.upkeep() == []
    assert heartbeat.steps_failed() == []
