"""Backing up and restoring: whole, checked, erasures replayed, and never silently back in time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.installation import Installation, small_city
from config.serving import Browser, Web, Worker
from config.small_city import PASSWORD

NAMES = ["office 同志", "school 同志", "security 同志", "unit 同志"]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with small_city(tmp_path / "home") as made:
        yield made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Installation]:
    """A machine on which there is nothing yet."""
    with small_city(tmp_path / "elsewhere", empty=True) as made:
        yield made


def backed_up(installation: Installation, folder: Path) -> tuple[str, str]:
    data, keys = folder / "data", folder / "keys-apart"
    installation.guantong("backup", str(data), "--keys", str(keys))
    return str(data), str(keys)


def records(installation: Installation) -> int:
    return int(installation.execute("SELECT COUNT(*) FROM records_record")[0][0])


class TestRoundTrip:
    def test_on_a_new_machine_everything_is_there_again(
        self, installation: Installation, elsewhere: Installation, tmp_path: Path
    ) -> None:
        installation.call("config.small_city:enter_one", file=True)
        data, keys = backed_up(installation, tmp_path)
        answer = elsewhere.guantong("restore", data, "--keys", keys, "--replace")
        assert (answer["read_only"], answer["erasures"]) == ("", 0)
        assert answer["log"]["clean"]
        assert records(elsewhere) == 1
        assert elsewhere.call("config.small_city:names") == NAMES
        assert elsewhere.call("config.small_city:files_missing") == []
        assert elsewhere.guantong("verify-log")["entries"] == installation.guantong("verify-log")["entries"]

    def test_what_came_after_the_backup_is_gone_and_work_goes_on(
        self, installation: Installation, tmp_path: Path
    ) -> None:
        data, keys = backed_up(installation, tmp_path)
        installation.call("config.small_city:enter_one")
        assert installation.guantong("restore", data, "--keys", keys, "--replace")["read_only"] == ""
        assert records(installation) == 0
        installation.call("config.small_city:enter_one")
        installation.guantong("worker", "--once")
        assert installation.guantong("verify-log")["clean"]

    def test_without_the_keys_personal_fields_stay_shut(
        self, installation: Installation, elsewhere: Installation, tmp_path: Path
    ) -> None:
        data, _keys = backed_up(installation, tmp_path)
        elsewhere.guantong("restore", data, "--replace", code=1)  # nor can the log's seals be checked
        assert elsewhere.call("config.small_city:names") == ["（已删除）"] * len(NAMES)

    def test_a_backup_taken_under_way_is_consistent(
        self, installation: Installation, elsewhere: Installation, tmp_path: Path
    ) -> None:
        writer = subprocess.Popen(
            [sys.executable, "-m", "config.installation", "config.small_city:keep_writing", '{"seconds": 8}'],
            env=installation.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        while writer.poll() is None and not records(installation):
            time.sleep(0.05)
        data, keys = backed_up(installation, tmp_path)
        still_writing = writer.poll() is None
        written = int(writer.communicate()[0])
        assert still_writing
        answer = elsewhere.guantong("restore", data, "--keys", keys, "--replace")
        assert (answer["read_only"], answer["log"]["faults"]) == ("", [])
        assert 0 < records(elsewhere) < written
        assert elsewhere.call("config.small_city:files_missing") == []


class TestRefusals:
    """Nothing is replaced before everything was checked."""

    @pytest.fixture
    def backup(self, installation: Installation, tmp_path: Path) -> tuple[Path, Path]:
        installation.call("config.small_city:enter_one", file=True)
        data, keys = backed_up(installation, tmp_path)
        installation.call("config.small_city:enter_one")
        return Path(data), Path(keys)

    def refused(self, installation: Installation, data: Path, keys: Path) -> str:
        answer = installation.guantong("restore", str(data), "--keys", str(keys), "--replace", code=1)
        assert records(installation) == 2, "what is there was replaced all the same"
        assert installation.call("config.small_city:names") == NAMES
        return str(answer["reasons"][0])

    @staticmethod
    def database_of(folder: Path) -> Path:
        return next(folder.glob("database.*"))

    @pytest.mark.parametrize("which", ["data", "keys"])
    def test_damage_is_named(self, installation: Installation, backup: tuple[Path, Path], which: str) -> None:
        path = self.database_of(backup[0] if which == "data" else backup[1])
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        assert f"{path.name} 已损坏或被改动" in self.refused(installation, *backup)

    def test_a_missing_file_is_named(self, installation: Installation, backup: tuple[Path, Path]) -> None:
        path = next(path for path in (backup[0] / "files").rglob("*") if path.is_file())
        path.unlink()
        assert f"缺少 {path.relative_to(backup[0])}" in self.refused(installation, *backup)

    def test_an_extra_file_is_named(self, installation: Installation, backup: tuple[Path, Path]) -> None:
        (backup[0] / "files" / "extra").write_text("?")
        assert "多出 files/extra" in self.refused(installation, *backup)

    def test_a_backup_that_was_not_finished(
        self, installation: Installation, backup: tuple[Path, Path]
    ) -> None:
        (backup[0] / "manifest.json").unlink()
        assert "没有做完" in self.refused(installation, *backup)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"format": "guantong-backup/9"}, "格式不认识"),
            ({"vendor": "oracle"}, "备份来自 oracle"),
            ({"migrations": ["records.9999_of_tomorrow"]}, "更新的程序版本"),
        ],
    )
    def test_a_backup_of_another_kind(
        self, installation: Installation, backup: tuple[Path, Path], change: dict[str, Any], said: str
    ) -> None:
        path = backup[0] / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | change))
        assert said in self.refused(installation, *backup)

    def test_keys_from_another_kind_of_database(
        self, installation: Installation, backup: tuple[Path, Path]
    ) -> None:
        path = backup[1] / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"vendor": "oracle"}))
        assert "备份来自 oracle" in self.refused(installation, *backup)

    def test_the_two_folders_mixed_up(self, installation: Installation, backup: tuple[Path, Path]) -> None:
        data, keys = backup
        assert "不是密钥的备份" in self.refused(installation, data, data)
        assert "不是数据的备份" in self.refused(installation, keys, keys)

    def test_without_saying_that_data_is_replaced(
        self, installation: Installation, backup: tuple[Path, Path]
    ) -> None:
        answer = installation.guantong("restore", str(backup[0]), code=1)
        assert "--replace" in answer["reasons"][0]
        assert records(installation) == 2

    def test_keys_beside_the_data(self, installation: Installation, tmp_path: Path) -> None:
        folder = tmp_path / "one"
        for keys in (folder, folder / "keys"):
            answer = installation.guantong("backup", str(folder), "--keys", str(keys), code=1)
            assert "分开存放" in answer["reasons"][0]
            assert not (folder / "manifest.json").exists()

    def test_a_folder_with_something_in_it(self, installation: Installation, tmp_path: Path) -> None:
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "note").write_text("mine")
        answer = installation.guantong("backup", str(tmp_path / "full"), code=1)
        assert "不是空文件夹" in answer["reasons"][0]


class TestErasures:
    def test_whoever_was_erased_since_is_erased_again(
        self, installation: Installation, tmp_path: Path
    ) -> None:
        data, keys = backed_up(installation, tmp_path)
        number = installation.call("config.small_city:leave_and_be_erased", name="school")
        answer = installation.guantong("restore", data, "--keys", keys, "--replace")
        assert answer["erasures"] == 1
        assert installation.call("config.small_city:names") == sorted(
            ["（已删除的人员）", *(name for name in NAMES if not name.startswith("school"))]
        )
        left = "SELECT COUNT(*) FROM privacy_personkey WHERE subject_ref = %d"
        assert installation.execute(left % number, on="keys") == [(0,)]

    def test_the_old_keys_alone_revive_nobody(self, installation: Installation, tmp_path: Path) -> None:
        data, keys = backed_up(installation, tmp_path)
        installation.call("config.small_city:leave_and_be_erased", name="school")
        later = str(tmp_path / "later")
        installation.guantong("backup", later)
        installation.guantong("restore", later, "--keys", keys, "--replace")
        count = installation.execute("SELECT COUNT(*) FROM privacy_personkey", on="keys")
        assert count == [(len(NAMES) - 1,)]
        assert data


class TestVerification:
    def test_a_backup_of_tampered_rows_is_restored_with_a_warning_and_exit_1(
        self, installation: Installation, elsewhere: Installation, tmp_path: Path
    ) -> None:
        number = installation.call("config.small_city:enter_one")
        installation.execute(f"UPDATE records_record SET summary = '改过' WHERE id = {number}")
        data, keys = backed_up(installation, tmp_path)
        answer = elsewhere.guantong("restore", data, "--keys", keys, "--replace", code=1)
        assert [(fault["kind"], fault["where"]) for fault in answer["log"]["faults"]] == [
            ("row_edited", f"records.record:{number}")
        ]


class TestBackInTime:
    """A database behind its own published log is noticed, shown read-only, and only goes on with a reason."""

    @pytest.fixture
    def rolled_back(self, installation: Installation, tmp_path: Path) -> Installation:
        data, keys = backed_up(installation, tmp_path)
        installation.call("config.small_city:enter_one")
        installation.guantong("export-log", str(tmp_path / "published"))
        answer = installation.guantong("restore", data, "--keys", keys, "--replace")
        assert "数据库被回退" in answer["read_only"]
        assert answer["log"] is None
        return installation

    @pytest.fixture
    def served(self, rolled_back: Installation) -> Iterator[Callable[[], Browser]]:
        running: list[Web] = []

        def serve() -> Browser:
            web = Web.of(rolled_back)
            running.append(web)
            web.start()
            browser = Browser(web.address)
            assert browser.sign_in("unit", PASSWORD)
            return browser

        yield serve
        for each in running:
            each.kill()

    RECORD = {"kind": "progress", "happened_on": "2026-01-20", "summary": "按节点推进"}

    def test_it_is_served_read_only_with_an_alarm(
        self, rolled_back: Installation, served: Callable[[], Browser]
    ) -> None:
        browser = served()
        page = browser.open("/")
        assert page.status == 200
        assert "系统处于只读状态" in page.text
        assert "数据库被回退" in page.text
        answer = browser.send("/records/new/", self.RECORD)
        assert answer.status == 503
        assert "没有保存" in answer.text
        assert records(rolled_back) == 0
        assert "以只读状态运行" in (rolled_back.home.parent / "serve.log").read_text()

    def test_the_worker_changes_nothing_and_stops_when_asked(self, rolled_back: Installation) -> None:
        before = rolled_back.execute("SELECT COUNT(*) FROM django_tasks_database_dbtaskresult")
        rolled_back.guantong("worker", "--once")
        assert rolled_back.execute("SELECT COUNT(*) FROM django_tasks_database_dbtaskresult") == before
        worker = Worker.of(rolled_back)
        worker.start()
        log = rolled_back.home.parent / "worker.log"
        while "数据库被回退" not in log.read_text():
            assert worker.process is not None
            assert worker.process.poll() is None
            time.sleep(0.05)
        assert worker.stop(within=10) == 0

    def test_the_loss_is_accepted_with_a_reason_that_stands_in_the_log(
        self, rolled_back: Installation, served: Callable[[], Browser]
    ) -> None:
        answer = rolled_back.guantong("accept-loss", "--reason", " ", code=1)
        assert "理由" in answer["reasons"][0]
        aside = Path(rolled_back.guantong("accept-loss", "--reason", "磁盘损坏，两人在场")["aside"])
        assert (aside / "newest-checkpoint.txt").is_file()
        ((payload,),) = rolled_back.execute(
            "SELECT payload FROM audit_auditentry WHERE verb = 'audit.loss_accepted'"
        )
        kept = json.loads(payload)
        assert kept["reason"] == "磁盘损坏，两人在场"
        assert kept["published"] == (aside / "newest-checkpoint.txt").read_text()
        browser = served()
        assert "系统处于只读状态" not in browser.open("/").text
        assert browser.send("/records/new/", self.RECORD).status == 302
        rolled_back.guantong("worker", "--once")
        assert rolled_back.guantong("verify-log")["clean"]

    def test_nothing_is_accepted_where_nothing_was_lost(self, installation: Installation) -> None:
        answer = installation.guantong("accept-loss", "--reason", "试试", code=1)
        assert "没有落后" in answer["reasons"][0]
