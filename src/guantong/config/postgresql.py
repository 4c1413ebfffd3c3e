"""The client programs of PostgreSQL, on a connection's database; the password never stands on a program's line."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal

# A newer version may have tables that hold on to those of the backup: all go, within the one transaction.
EMPTIED = b"""SET client_min_messages = warning;
DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', each.tablename);
  END LOOP;
END $$;
"""


def dump(connection: BaseDatabaseWrapper, file: Path) -> None:
    _must_have("pg_dump")
    command = ["pg_dump", "--format=custom", f"--file={file}"]
    with tempfile.TemporaryFile() as said:
        _succeeded("pg_dump", _started(command, connection, said=said), said)


def load(connection: BaseDatabaseWrapper, file: Path) -> None:
    """The dump in the place of everything that is there: all of it, or, where anything goes wrong, nothing."""
    _must_have("pg_restore", "psql")
    connection.close()
    reading = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--file=-", str(file)]
    writing = ["psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1"]
    with tempfile.TemporaryFile() as read_said, tempfile.TemporaryFile() as wrote_said:
        reader = _started(reading, connection, said=read_said, takes=subprocess.PIPE)
        writer = _started(writing, connection, said=wrote_said, gives=subprocess.PIPE)
        assert reader.stdout is not None
        assert writer.stdin is not None
        try:
            writer.stdin.write(b"BEGIN;" + EMPTIED)
            shutil.copyfileobj(reader.stdout, writer.stdin)
            if reader.wait() == 0:  # else nothing is committed
                writer.stdin.write(b"\nCOMMIT;\n")
            writer.stdin.close()
        except BrokenPipeError:  # psql met an error and left; what it said is read below
            pass
        finally:
            reader.stdout.close()
        _succeeded("psql", writer, wrote_said)
        _succeeded("pg_restore", reader, read_said)


def _started(
    command: list[str], connection: BaseDatabaseWrapper, *, said: IO[bytes], takes: int | None = None,
    gives: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:  # fmt: skip
    known = connection.settings_dict
    environment = os.environ | {
        "PGDATABASE": str(known["NAME"]),
        "PGHOST": str(known["HOST"] or ""),
        "PGPORT": str(known["PORT"] or ""),
        "PGUSER": str(known["USER"] or ""),
        "PGPASSWORD": str(known["PASSWORD"] or ""),
    }
    environment = {name: value for name, value in environment.items() if value or not name.startswith("PG")}
    return subprocess.Popen(command, env=environment, stdin=gives, stdout=takes, stderr=said)  # noqa: S603 - no shell


def _must_have(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            raise Refusal(_("没有找到 %(program)s，请安装 PostgreSQL 客户端。") % {"program": program})


def _succeeded(program: str, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    if process.wait() == 0:
        return
    said.seek(0)
    why = said.read().decode("utf-8", "replace").strip()[:500]
    raise Refusal(_("%(program)s 没有成功：%(why)s") % {"program": program, "why": why})
