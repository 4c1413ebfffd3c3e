"""The command line changes nothing on a database that is behind its published log."""

from __future__ import annotations

import pytest

from conftest import CONSOLE, City, at
from guantong.audit.operations import record
from guantong.audit.sequencing import checkpoint, sequence
from guantong.audit.tiles import TileFolder
from guantong.config.cli import CHANGE_DATA, commands, refuse_while_read_only
from guantong.kernel.refusals import Refusal

READ_ONLY = {
    "accept-loss", "backup", "board", "check-package", "duty-lists", "export-log", "export-run", "matters", "migrate",
    "obligations", "restore", "serve", "settings", "verify-draw", "verify-log", "worker",
}  # fmt: skip


def test_every_command_is_known_to_change_data_or_not() -> None:
    names = {command.name for command in commands()}
    assert names <= CHANGE_DATA | READ_ONLY
    assert names >= CHANGE_DATA
    assert not CHANGE_DATA & READ_ONLY


@pytest.fixture
def rolled_back(city: City) -> None:
    """More rows were published than the database has."""
    record("demo.year_played", target=city.cycle, actor=CONSOLE, at=at(3, 1))
    sequence()
    from django.conf import settings

    TileFolder(settings.LOG_FOLDER).append([b"\1" * 32])
    checkpoint("hourly", now=at(3, 1))


@pytest.mark.parametrize("name", sorted(CHANGE_DATA))
def test_what_changes_data_is_refused_with_the_reason(name: str, rolled_back: None) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_while_read_only(name)
    assert "只读" in refused.value.reasons[0]


def test_what_only_reads_goes_on(rolled_back: None) -> None:
    for name in sorted(READ_ONLY):
        refuse_while_read_only(name)


def test_nothing_is_refused_in_order(city: City) -> None:
    for name in CHANGE_DATA:
        refuse_while_read_only(name)
