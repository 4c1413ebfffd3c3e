"""The one way in: a file is opened in a child process with limits, and comes back as plain rows.

The child has its own bounds on memory, processor time and output, no database and no settings; the wall clock is held
here. Whatever it dies of becomes a sentence.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from guantong.importing.sentences import refusal_of
from guantong.kernel.refusals import Refusal

SECONDS, MEGABYTES, WALL_SECONDS = 40, 640, 90
MARK_SECONDS, MARK_MEGABYTES = 60, 640
LONGEST_LINE = 16 * 1024 * 1024
Remark = tuple[str, int, int, str, str]
"""(sheet, row, column, verdict, sentence), from 1"""
CHILD = "guantong.importing.limited.child"


def _command(seconds: int, megabytes: int, *rest: str) -> list[str]:
    return [sys.executable, "-I", "-m", CHILD, str(seconds), str(megabytes), *rest]


def _environment() -> dict[str, str]:
    """No settings, no secrets: what the child needs to start and to write UTF-8."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"}


def lines_of(content: bytes, *, name: str) -> Iterator[dict[str, Any]]:
    """The file as the child tells it (see `limited.books`). Raises Refusal with what is wrong and what to do."""
    if not content:
        raise refusal_of("empty", {}, name=name)
    with tempfile.TemporaryDirectory(prefix="guantong-read-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        yield from _told(_command(SECONDS, MEGABYTES, "read", str(path), name), name)


def _told(command: list[str], name: str) -> Iterator[dict[str, Any]]:
    child = subprocess.Popen(  # noqa: S603 - this program itself
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=_environment(), cwd="/", start_new_session=True,
    )  # fmt: skip
    too_long = threading.Event()

    def stop() -> None:
        too_long.set()
        child.kill()

    timer = threading.Timer(WALL_SECONDS, stop)
    timer.start()
    ended = False
    try:
        assert child.stdout is not None
        while raw := child.stdout.readline(LONGEST_LINE):
            line = _line(raw)
            if "unreadable" in line:
                raise refusal_of(str(line.pop("unreadable")), line, name=name)
            if line.get("end"):
                ended = True
                break
            yield line
    except ValueError as error:
        raise refusal_of("broken", {}, name=name) from error
    finally:
        timer.cancel()
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()
    if not ended:
        raise _death(child.returncode, too_long.is_set(), name)


def _line(raw: bytes) -> dict[str, Any]:
    line = json.loads(raw)
    if not isinstance(line, dict):
        raise ValueError("the child says objects alone")
    return line


def _death(code: int, too_long: bool, name: str) -> Refusal:
    """A child that did not finish: stopped by the clock or its processor time, else out of memory or crashed."""
    slow = too_long or code == -signal.SIGXCPU
    return refusal_of("too_slow" if slow else "too_much", {}, name=name)


def marked(content: bytes, *, name: str, remarks: Iterable[Remark], merged: Mapping[str, Any]) -> bytes:
    """The workbook with remarks as comments on its cells, made in a child with limits. Raises Refusal.

    ``merged``: the merged ranges of each sheet, so that a remark on a covered cell goes where it is seen.
    """
    with tempfile.TemporaryDirectory(prefix="guantong-mark-") as folder:
        path, marks, out = (Path(folder) / each for each in ("file", "marks", "out.xlsx"))
        path.write_bytes(content)
        with marks.open("w", encoding="utf-8") as lines:
            lines.write(json.dumps({"name": name, "merged": dict(merged)}) + "\n")
            lines.writelines(json.dumps(each) + "\n" for each in remarks)
        command = _command(MARK_SECONDS, MARK_MEGABYTES, "mark", str(path), str(marks), str(out))
        _run(command, name)
        if not out.exists():
            raise refusal_of("too_much", {}, name=name)
        return out.read_bytes()


def _run(command: list[str], name: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - this program itself
            command, stdin=subprocess.DEVNULL, capture_output=True, env=_environment(), cwd="/",
            timeout=WALL_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise refusal_of("too_slow", {}, name=name) from error
    for raw in done.stdout.splitlines():
        line = _line(raw)
        if "unreadable" in line:
            raise refusal_of(str(line.pop("unreadable")), line, name=name)
    if done.returncode:
        raise _death(done.returncode, False, name)
