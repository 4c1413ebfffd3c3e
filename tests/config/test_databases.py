"""How an SQLite file is opened, and where opening it is refused before it is touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from guantong.config.databases import (
    NETWORK_FILESYSTEMS,
    OLDEST,
    WAL_RESET_FIXED,
    database_from_url,
    filesystem_of,
    sqlite_options,
    why_unsafe,
)
from guantong.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
FIXED, UNFIXED = (3, 51, 3), (3, 40, 1)


def says(patch: pytest.MonkeyPatch, version: tuple[int, int, int]) -> None:
    """Let the library say that it is of another version."""
    patch.setattr(sqlite3, "sqlite_version_info", version)


def opened(path: Path, *, erasing: bool = False) -> BaseDatabaseWrapper:
    """A connection of Django's as the settings make it, on a real file."""
    known = database_from_url(f"sqlite:///{path}", erasing=erasing)
    settings = {**connections["default"].settings_dict, **known, "CONN_HEALTH_CHECKS": False}
    made = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias="other")
    made.inc_thread_sharing()
    return made


def pragma(connection: BaseDatabaseWrapper, name: str) -> object:
    connection.ensure_connection()
    return connection.connection.execute(f"PRAGMA {name}").fetchone()[0]


class TestPragmas:
    @pytest.mark.parametrize(
        ("name", "value"),
        [("foreign_keys", 1), ("synchronous", 2), ("mmap_size", 0), ("secure_delete", 1), ("temp_store", 2)],
    )
    @pytest.mark.parametrize("erasing", [False, True])
    def test_on_a_file(self, tmp_path: Path, name: str, value: int, erasing: bool) -> None:
        with closing(opened(tmp_path / "a.sqlite3", erasing=erasing)) as connection:
            assert pragma(connection, name) == value

    def test_transactions_begin_with_the_write_lock(self, tmp_path: Path) -> None:
        with closing(opened(tmp_path / "a.sqlite3")) as connection:
            connection.ensure_connection()
            connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            with (
                closing(sqlite3.connect(tmp_path / "a.sqlite3", timeout=0)) as other,
                pytest.raises(sqlite3.OperationalError, match="locked"),
            ):
                other.execute("BEGIN IMMEDIATE")
            connection.rollback()

    def test_the_rollback_journal_where_the_library_has_no_fix(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        says(monkeypatch, UNFIXED)
        with closing(opened(tmp_path / "a.sqlite3")) as connection:
            assert pragma(connection, "journal_mode") == "truncate"

    @pytest.mark.parametrize("fixed", WAL_RESET_FIXED)
    def test_the_write_ahead_log_where_it_has(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixed: tuple[int, int, int]
    ) -> None:
        says(monkeypatch, fixed)
        with closing(opened(tmp_path / "a.sqlite3")) as connection:
            assert pragma(connection, "journal_mode") == "wal"

    def test_never_for_person_keys(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        says(monkeypatch, FIXED)
        with closing(opened(tmp_path / "keys.sqlite3", erasing=True)) as connection:
            assert pragma(connection, "journal_mode") == "truncate"

    @pytest.mark.parametrize("lost", ["PRAGMA synchronous=FULL;", "PRAGMA journal_mode=TRUNCATE;"])
    def test_a_pragma_that_did_not_take_stops_the_program(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
    ) -> None:
        says(monkeypatch, UNFIXED)
        with closing(opened(tmp_path / "a.sqlite3")) as connection:
            options = connection.settings_dict["OPTIONS"]
            assert lost in options["init_command"] + ";"
            changed = options["init_command"].replace(
                lost, "PRAGMA synchronous=OFF;" if "sync" in lost else ""
            )
            connection.settings_dict["OPTIONS"] = {**options, "init_command": changed}
            with pytest.raises(Refusal, match="没有按要求打开"):
                connection.ensure_connection()


class TestLeftOverLog:
    """A program with the fix was killed and left its write-ahead log; one without must not touch it."""

    @pytest.fixture
    def left(self, tmp_path: Path) -> Path:
        path = tmp_path / "a.sqlite3"
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("PRAGMA journal_mode=WAL")
            writer.execute("CREATE TABLE t (a)")
            writer.execute("INSERT INTO t VALUES (7)")
            writer.commit()
            kept = {each: Path(f"{path}{each}").read_bytes() for each in ("", "-wal")}
        for each, content in kept.items():
            Path(f"{path}{each}").write_bytes(content)
        return path

    def test_is_refused_with_a_sentence_and_left_as_it_is(
        self, left: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        says(monkeypatch, UNFIXED)
        before = {path: path.read_bytes() for path in left.parent.iterdir()}
        with closing(opened(left)) as connection, pytest.raises(Refusal, match="留有 WAL 日志") as refused:
            connection.ensure_connection()
        assert str(left) in str(refused.value)
        assert {path: path.read_bytes() for path in left.parent.iterdir()} == before

    def test_is_taken_up_by_a_library_with_the_fix(self, left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        says(monkeypatch, FIXED)
        with closing(opened(left)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT a FROM t")
            assert cursor.fetchall() == [(7,)]

    def test_the_program_says_it_and_ends_with_1(self, left: Path) -> None:
        from config.installation import Installation

        if sqlite3.sqlite_version_info[:3] >= FIXED:
            pytest.skip("this library has the fix")
        home = left.parent
        (home / "keys").mkdir()
        made = Installation(home, f"sqlite:///{left}", f"sqlite:///{home / 'keys' / 'k.sqlite3'}")
        assert "留有 WAL 日志" in made.guantong("verify-log", code=1)["reasons"][0]


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
server:/export /srv/data nfs4 rw 0 0
/dev/sdb1 /srv/data/local xfs rw 0 0
//office/share /mnt/office cifs rw 0 0
systemd-1 /home/auto autofs rw 0 0
server:/home /home/auto nfs4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/guantong/a.sqlite3", "ext4"),
        ("/srv/data/a.sqlite3", "nfs4"),
        ("/srv/data/local/a.sqlite3", "xfs"),
        ("/srv/database/a.sqlite3", "ext4"),
        ("/mnt/office/a.sqlite3", "cifs"),
        ("/home/auto/a.sqlite3", "nfs4"),
    ],
)
def test_the_file_system_is_the_one_mounted_nearest_and_last(path: str, kind: str) -> None:
    assert filesystem_of(Path(path), MOUNTS) == kind


def test_where_mounts_are_not_known_nothing_is_claimed() -> None:
    assert filesystem_of(Path("/a"), "") == ""


USABLE = {"version": UNFIXED, "filesystem": "ext4", "threadsafe": 3, "has_wal": False}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"filesystem": ""}, ""),
        ({"filesystem": "overlay"}, ""),
        ({"threadsafe": 1}, ""),
        ({"version": FIXED, "has_wal": True}, ""),
        ({"version": OLDEST}, ""),
        ({"version": (3, 36, 0)}, "过旧"),
        ({"threadsafe": 0}, "线程安全"),
        ({"has_wal": True}, "留有 WAL 日志"),
        ({"has_wal": True, "version": (3, 51, 2)}, "SQLite 3.51.2"),
        *(({"filesystem": kind}, f"网络文件系统（{kind}）") for kind in sorted(NETWORK_FILESYSTEMS)),
    ],
)
def test_why_unsafe(change: dict[str, object], said: str) -> None:
    why = why_unsafe(Path("/data/a.sqlite3"), **{**USABLE, **change})  # type: ignore[arg-type]
    assert said in why
    assert bool(why) is bool(said)


def test_a_network_file_system_is_refused_before_a_file_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")
    read = Path.read_text
    monkeypatch.setattr(
        Path,
        "read_text",
        lambda self, *a, **k: read(mounts if str(self) == "/proc/mounts" else self, *a, **k),
    )
    path = tmp_path / "a.sqlite3"
    with closing(opened(path)) as connection, pytest.raises(Refusal, match="网络文件系统"):
        connection.ensure_connection()
    assert not path.exists()


def test_postgresql_connections_are_kept_and_checked() -> None:
    known = database_from_url("postgres://a:b@127.0.0.1:5432/c")
    assert (known["CONN_MAX_AGE"], known["CONN_HEALTH_CHECKS"]) == (60, True)
    assert "init_command" not in known.get("OPTIONS", {})


def test_options_of_an_address_are_kept() -> None:
    known = database_from_url("sqlite:////tmp/a.sqlite3?timeout=5")
    assert known["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert sqlite_options()["timeout"] == 20
