"""A worker that dies beside the web server is started again; one that was told to stop is not."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.installation import Installation, small_city
from config.serving import Web
from guantong.config import keeping
from guantong.config.keeping import Keeper

DIES = [sys.executable, "-c", "raise SystemExit(3)"]
LIVES = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
]


def until(holds: Callable[[], bool], *, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


class TestKeeper:
    @pytest.fixture
    def kept(self) -> Iterator[Callable[..., Keeper]]:
        made: list[Keeper] = []

        def start(command: list[str], **how: float) -> Keeper:
            made.append(Keeper(command, **how))
            made[-1].start()
            return made[-1]

        yield start
        for each in made:
            each.stop()

    def pauses(self, log: pytest.LogCaptureFixture) -> list[float]:
        found = [
            re.search(r"ended with code 3; starting it again in ([\d.]+) s", line) for line in log.messages
        ]
        return [float(each[1]) for each in found if each]

    def test_what_ends_by_itself_is_started_again_after_a_pause_that_grows(
        self, kept: Callable[..., Keeper], caplog: pytest.LogCaptureFixture
    ) -> None:
        kept(DIES, first_pause=0.01)
        assert until(lambda: len(self.pauses(caplog)) >= 4)
        assert self.pauses(caplog)[:4] == [0.01, 0.02, 0.04, 0.08]
        assert any("runs again as process" in line for line in caplog.messages)

    def test_the_pause_grows_to_a_limit(
        self, kept: Callable[..., Keeper], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "LONGEST_PAUSE", 0.02)
        kept(DIES, first_pause=0.01)
        assert until(lambda: len(self.pauses(caplog)) >= 4)
        assert self.pauses(caplog)[:4] == [0.01, 0.02, 0.02, 0.02]

    def test_after_a_sound_time_the_pause_is_short_again(
        self, kept: Callable[..., Keeper], caplog: pytest.LogCaptureFixture
    ) -> None:
        kept(DIES, first_pause=0.01, steady=0)
        assert until(lambda: len(self.pauses(caplog)) >= 3)
        assert set(self.pauses(caplog)) == {0.01}

    def test_what_is_told_to_stop_is_not_started_again(
        self, kept: Callable[..., Keeper], caplog: pytest.LogCaptureFixture
    ) -> None:
        keeper = kept(LIVES)
        assert keeper._process is not None
        keeper.stop()
        assert not is_alive(keeper._process.pid)
        keeper._watch.join(timeout=10)
        assert not keeper._watch.is_alive()
        assert caplog.messages == []

    def test_stopping_during_a_pause_ends_it_at_once(self, kept: Callable[..., Keeper]) -> None:
        keeper = kept(DIES, first_pause=3600)
        assert keeper._process is not None
        assert until(lambda: keeper._process.poll() is not None)  # type: ignore[union-attr]
        keeper.stop()
        keeper._watch.join(timeout=10)
        assert not keeper._watch.is_alive()

    def test_one_that_does_not_listen_is_killed(
        self, kept: Callable[..., Keeper], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "TO_STOP", 0.2)
        keeper = kept(DEAF)
        time.sleep(0.5)  # until it is deaf
        keeper.stop()
        assert keeper._process is not None
        assert not is_alive(keeper._process.pid)
        assert any("did not stop" in line for line in caplog.messages)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with small_city(tmp_path_factory.mktemp("keeping") / "home") as made:
        yield made


def workers_of(pid: int) -> set[int]:
    """The processes of `guantong worker` that this server started."""
    found = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if parent == pid and b"worker" in command and is_alive(int(folder.name)):
            found.add(int(folder.name))
    return found


def test_serve_with_worker_outlives_its_worker(installation: Installation) -> None:
    web = Web.of(installation, "--with-worker")
    web.start()
    assert web.process is not None
    server = web.process.pid
    try:
        assert until(lambda: len(workers_of(server)) == 1)
        [first] = workers_of(server)
        os.kill(first, signal.SIGKILL)
        assert until(lambda: workers_of(server) - {first} != set())
        [second] = workers_of(server)
        said = (installation.home.parent / "serve.log").read_text()
        assert f"worker process {first} ended with code -9; starting it again in 1 s" in said
        assert f"the worker runs again as process {second}" in said
    finally:
        web.stop(within=40)
    assert until(lambda: not is_alive(second))
