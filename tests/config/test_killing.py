"""Killed at any moment, the program loses nothing it acknowledged and keeps nothing by halves."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from config.installation import ON_POSTGRESQL, small_city
from config.killing import Drill, Ledger, Sent, faults

SEED = int(os.environ.get("GUANTONG_DRILL_SEED", "20260105"))
ROUNDS = int(os.environ.get("GUANTONG_DRILL_ROUNDS", "0"))


def drilled(tmp_path_factory: pytest.TempPathFactory, rounds: int, **how: int) -> Drill:
    with small_city(tmp_path_factory.mktemp("drill") / "home") as installation:
        drill = Drill(installation, seed=SEED)
        drill.run(rounds, **how)
        if drill.found:
            for name in ("serve", "worker"):
                log = installation.home.parent / f"{name}.log"
                print(f"--- {name}\n{log.read_text()[-6000:]}")
    print(drill.summary(rounds))
    return drill


@pytest.mark.skipif(ON_POSTGRESQL, reason="the full drill covers it")
def test_three_kills_lose_nothing_and_leave_nothing_in_part(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    drill = drilled(tmp_path_factory, 3)
    assert drill.found == []
    assert all(drill.ledger.done[each] for each in ("records", "sign-ins"))
    assert sum(drill.kills.values()) >= 3


@pytest.mark.drill
@pytest.mark.skipif(not ROUNDS, reason="set GUANTONG_DRILL_ROUNDS")
def test_many_kills(tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]) -> None:
    drill = drilled(tmp_path_factory, ROUNDS, full_check_every=10)
    with capfd.disabled():
        print("\n" + drill.summary(ROUNDS))
    assert drill.found == []
    assert all(drill.ledger.done.values())
    assert set(drill.kills) == {"web", "worker"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """An installation that some seconds of traffic went to, without a fault."""
    with small_city(tmp_path_factory.mktemp("seeded") / "home") as installation:
        drill = Drill(installation, seed=SEED)
        drill.write_for(4)
        drill.check_log()
        assert drill.found == []
        assert drill.ledger.done["records"] > 3
        assert drill.ledger.done["imports"] > 0
        yield drill


class TestSeededFaults:
    """What the drill looks for, it finds."""

    @pytest.fixture
    def told(self, written: Drill) -> Iterator[Drill]:
        yield written
        written.found.clear()

    def first(self, drill: Drill) -> tuple[str, str]:
        return next((key, sent.what) for key, sent in drill.ledger.records.items() if sent.done)

    def test_a_part_that_is_missing(self, told: Drill) -> None:
        key, what = self.first(told)
        told.installation.execute(
            f"DELETE FROM records_participation WHERE record_id = "
            f"(SELECT id FROM records_record WHERE submission_key = '{key}')"
        )
        told.check()
        assert told.found == [f"record “{what}”: wrong office"]

    def test_an_acknowledged_record_that_is_lost(self, told: Drill) -> None:
        key, what = self.first(told)
        record = f"(SELECT id FROM records_record WHERE submission_key = '{key}')"
        for table in ("records_participation", "records_evidence", "obligations_claim"):
            told.installation.execute(f"DELETE FROM {table} WHERE record_id = {record}")
        told.installation.execute(f"DELETE FROM records_record WHERE submission_key = '{key}'")
        told.check()
        assert told.found == [f"record “{what}” was acknowledged and is not there"]
        told.check_log()
        assert any("已在日志之外被删除" in each for each in told.found)
        told.ledger.records.pop(key)

    def test_a_write_that_is_there_twice(self, told: Drill) -> None:
        _key, what = self.first(told)
        columns = "kind, happened_on, place, summary, unit_id, entered_by_id, entered_at"
        told.installation.execute(
            f"INSERT INTO records_record ({columns}) "
            f"SELECT {columns} FROM records_record WHERE summary = '{what}'"
        )
        told.check()
        assert told.found == [f"record “{what}” is there 2 times"]
        told.installation.execute(
            f"DELETE FROM records_record WHERE summary = '{what}' AND submission_key IS NULL"
        )

    def test_an_import_that_is_there_in_part(self, told: Drill) -> None:
        digest = next(digest for digest, sent in told.ledger.imports.items() if sent.done)
        told.installation.execute(
            "DELETE FROM tasks_assignment WHERE id = (SELECT MAX(tasks_assignment.id) FROM tasks_assignment "
            "JOIN tasks_task ON tasks_task.id = task_id JOIN tasks_tasklist ON tasks_tasklist.id = task_list_id "
            f"WHERE digest = '{digest}')"
        )
        told.check()
        assert [each.partition(" is there in part: ")[2].split()[1] for each in told.found] == [
            "assignments", "obligations"
        ]  # fmt: skip


def test_what_was_given_up_may_be_missing_but_not_in_part() -> None:
    ledger = Ledger(records={"a": Sent("甲"), "b": Sent("乙", claims=1)})
    whole = {"key": "b", "what": "乙", "offices": 1, "claims": 1, "evidence": [["台账", True]], "logged": 1}
    there = {"records": [whole], "imports": [], "sign_ins": {}, "names": [], "integrity": []}
    assert faults(ledger, there) == []
    there["records"] = [whole | {"claims": 0}]
    assert faults(ledger, there) == ["record “乙”: wrong claim"]
