"""After an erasure nothing that was ever known of the person stands in any byte the installation keeps."""

from __future__ import annotations

import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.installation import ON_POSTGRESQL, Installation, connect, small_city, with_write_ahead_log
from privacy.scanning import everything, forms_of, found

# In the database in clear until the person is erased: what sign-in needs to recognise, and running sessions.
IN_CLEAR = {
    "password hash",
    "index of the sign-in name",
    "identity provider's number",
    "name of a passkey",
    "e-mail",
    "address",
    "device",
}
SEALED = {
    "sign-in name",
    "first name",
    "corrected name",
    "password",
    "mistyped password",
    "one-time-code key",
}


@dataclass
class Erased:
    """An installation with a planted person, what was found before and right after, and what to look for."""

    installation: Installation
    values: dict[str, str | bytes]
    traces: dict[str, int]
    before: set[str]
    at_once: set[tuple[str, str]]
    folders: list[Path]


def back_up(installation: Installation, where: Path) -> list[Path]:
    folders = [where / name for name in ("bare", "with-keys", "keys-apart", "exported")]
    installation.guantong("backup", str(folders[0]))
    installation.guantong("backup", str(folders[1]), "--keys", str(folders[2]))
    installation.guantong("export-log", str(folders[3]))
    return folders


@contextmanager
def kept_open(installation: Installation) -> Iterator[None]:
    """A reader that holds the file open as a running server does: its write-ahead log then stays."""
    if ON_POSTGRESQL:
        yield
        return
    with closing(sqlite3.connect(installation.database_file)) as reader:
        reader.execute("SELECT COUNT(*) FROM accounts_person").fetchone()
        yield


@pytest.fixture(
    scope="module", params=["server"] if ON_POSTGRESQL else ["rollback journal", "write-ahead log"]
)
def erased(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erased]:
    folder = tmp_path_factory.mktemp("canary")
    with small_city(folder / "home") as installation:
        if request.param == "write-ahead log":
            installation = with_write_ahead_log(installation, folder / "modules")
        planted: dict[str, Any] = installation.call("privacy.planting:plant")
        installation.guantong("worker", "--once")
        values: dict[str, str | bytes] = planted["values"] | {"key": bytes.fromhex(planted["key"])}
        before = {name for name, _place in found(everything(installation), values)}
        with kept_open(installation):
            assert installation.call("privacy.planting:erase_by_link", link=planted["link"]) == 200
            after = found(everything(installation), values)
        installation.guantong("worker", "--once")
        folders = back_up(installation, installation.home.parent)
        yield Erased(installation, values, planted["traces"], before, after, folders)


def test_the_person_left_traces_everywhere(erased: Erased) -> None:
    assert {name for name, count in erased.traces.items() if not count} == set()


def test_before_erasure_what_is_kept_in_clear_is_found_and_what_is_sealed_is_not(erased: Erased) -> None:
    tokens = {"sealed sign-in name", "sealed name", "key"}
    assert erased.before == IN_CLEAR | tokens


def test_at_once_nothing_is_found_while_the_program_goes_on(erased: Erased) -> None:
    assert erased.at_once == set()


def test_after_erasure_nothing_is_found_anywhere(erased: Erased) -> None:
    assert found(everything(erased.installation, *erased.folders), erased.values) == set()


def test_the_erasure_stands_in_the_log_and_the_log_is_sound(erased: Erased) -> None:
    rows = erased.installation.execute("SELECT COUNT(*) FROM audit_auditentry WHERE verb = 'privacy.erased'")
    assert rows == [(1,)]
    assert erased.installation.guantong("verify-log")["clean"]


def test_the_exported_log_verifies_by_itself(erased: Erased) -> None:
    exported = erased.folders[3]
    known = (exported / "key.txt").read_text().strip()
    done = subprocess.run(
        [sys.executable, "-I", str(exported / "verify_log.py"), "log", str(exported), "--key", known],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


class TestSeededFaults:
    """The scan finds what it is there to find."""

    @pytest.mark.parametrize(
        "form", ["bytes", "utf-16-le", "hex", "base64+0", "base64+1", "base64+2", "json"]
    )
    def test_a_value_in_any_form_in_any_file(self, erased: Erased, form: str) -> None:
        name = "corrected name"
        spot = erased.installation.home / "files" / "leak.bin"
        spot.parent.mkdir(exist_ok=True)
        spot.write_bytes(b"\x00 before " + forms_of(str(erased.values[name]))[form] + b" after \x00")
        try:
            hits = found(everything(erased.installation), erased.values)
        finally:
            spot.unlink()
        assert hits == {(name, "home/files/leak.bin")}

    def test_a_value_outside_a_sealed_field(self, erased: Erased) -> None:
        value = erased.values["sign-in name"]
        erased.installation.execute(
            f"UPDATE records_record SET summary = 'reported by {value}' WHERE submission_key = 'planted'"
        )
        try:
            hits = found(everything(erased.installation), erased.values)
        finally:
            erased.installation.execute(
                "UPDATE records_record SET summary = '按节点推进' WHERE submission_key = 'planted'"
            )
        place = "table records_record" if ON_POSTGRESQL else "home/guantong.sqlite3"
        assert hits == {("sign-in name", place)}

    def test_a_key_in_the_keys_database(self, erased: Erased) -> None:
        key = erased.values["key"]
        assert isinstance(key, bytes)
        literal = f"'\\x{key.hex()}'" if ON_POSTGRESQL else f"x'{key.hex()}'"
        insert = f"INSERT INTO privacy_personkey (subject_ref, secret) VALUES (7, {literal})"
        erased.installation.execute(insert, on="keys")
        try:
            hits = found(everything(erased.installation), erased.values)
        finally:
            erased.installation.execute("DELETE FROM privacy_personkey WHERE subject_ref = 7", on="keys")
        place = "table privacy_personkey" if ON_POSTGRESQL else "home/keys/person-keys.sqlite3"
        assert hits == {("key", place)}


def test_no_page_of_the_keys_file_keeps_a_destroyed_key(tmp_path: Path) -> None:
    with small_city(tmp_path / "home") as installation:
        with snapshot_held(installation):
            destroyed = installation.call(
                "privacy.crowds:come_and_go", seed=secrets.randbelow(1000), people=200
            )
        content = keys_file(installation).read_bytes()
        assert len(destroyed) > 50
        assert [key for key in destroyed if bytes.fromhex(key) in content] == []


@contextmanager
def snapshot_held(installation: Installation) -> Iterator[None]:
    """Somebody reads from before to after, so that PostgreSQL may not clean up what they could still see."""
    if not ON_POSTGRESQL:
        yield
        return
    with connect(installation.keys_url) as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT COUNT(*) FROM pg_class")
        yield


def keys_file(installation: Installation) -> Path:
    """Where the keys lie on the disk; skips where the server is another machine or its files are not readable."""
    if not ON_POSTGRESQL:
        return Path(installation.keys_url.removeprefix("sqlite:///"))
    installation.execute("CHECKPOINT", on="keys")
    ((folder, name),) = installation.execute(
        "SELECT current_setting('data_directory'), pg_relation_filepath('privacy_personkey')", on="keys"
    )
    path = Path(folder, name)
    if not os.access(path, os.R_OK):
        pytest.skip("the server's files are out of reach")
    return path
