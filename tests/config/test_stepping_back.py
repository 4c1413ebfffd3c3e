"""Back to an older program: by undoing the schema, or by its backup, over tables that only the newer one has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.installation import ON_POSTGRESQL, Installation, small_city

NEWER_ROOMS = ("api", "channels", "search")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with small_city(tmp_path / "home") as made:
        yield made


@pytest.fixture
def backup(installation: Installation, tmp_path: Path) -> Path:
    installation.guantong("backup", str(tmp_path / "data"), "--keys", str(tmp_path / "keys"))
    return tmp_path / "data"


def told(backup: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((backup / "manifest.json").read_text(encoding="utf-8"))
    return known


def change(backup: Path, **facts: object) -> None:
    (backup / "manifest.json").write_text(json.dumps(told(backup) | facts), encoding="utf-8")


def migrations(backup: Path) -> set[str]:
    return set(told(backup)["migrations"])


def count(installation: Installation, table: str) -> int:
    return int(installation.execute(f"SELECT COUNT(*) FROM {table}")[0][0])


@pytest.mark.drill  # three times through all migrations
def test_the_schema_goes_back_to_what_the_backup_knew_and_forward_again(
    installation: Installation, backup: Path
) -> None:
    installation.call("config.small_city:enter_one", file=True)
    known = migrations(backup)
    newer = {each for each in known if each.partition(".")[0] in NEWER_ROOMS}
    newer.add("accounts.0004_keep_idempotency_keys")
    assert known > newer
    for told, said in (
        (known | {"tasks.0099_from_next_year"}, "备份比现在的数据库新"),
        (known - {"accounts.0002_seal_names_and_stand_in"}, "不能撤销"),
    ):
        change(backup, migrations=sorted(told))
        answer = installation.guantong("migrate", "--back-to", str(backup), code=1)
        assert said in answer["reasons"][0]
        assert count(installation, "channels_channel") == 0

    change(backup, migrations=sorted(known - newer))
    assert installation.guantong("migrate", "--back-to", str(backup)) == {"undone": sorted(newer)}
    with pytest.raises(Exception, match="channels_channel"):
        count(installation, "channels_channel")
    assert count(installation, "records_record") == 1

    installation.guantong("migrate")
    assert count(installation, "channels_channel") == 0
    assert installation.guantong("verify-log")["clean"]


def test_a_backup_is_restored_over_tables_it_does_not_know_or_not_at_all(
    installation: Installation, backup: Path
) -> None:
    kind = "bigint" if ON_POSTGRESQL else "integer"
    installation.execute(
        f"CREATE TABLE from_next_year (id {kind} PRIMARY KEY, task_id {kind} REFERENCES tasks_task (id))"
    )
    if ON_POSTGRESQL:  # a dump that breaks off while it is read
        dump = backup / "database.dump"
        whole, digests = dump.read_bytes(), told(backup)["files"]
        dump.write_bytes(whole[: len(whole) // 2])
        change(backup, files=digests | {dump.name: hashlib.sha256(dump.read_bytes()).hexdigest()})
        answer = installation.guantong("restore", str(backup), "--replace", code=1)
        assert "没有成功" in answer["reasons"][0]
        assert count(installation, "from_next_year") == 0
        dump.write_bytes(whole)
        change(backup, files=digests)

    installation.guantong("restore", str(backup), "--keys", str(backup.parent / "keys"), "--replace")
    with pytest.raises(Exception, match="from_next_year"):
        count(installation, "from_next_year")
    assert installation.guantong("verify-log")["clean"]
