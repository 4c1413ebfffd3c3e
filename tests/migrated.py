"""A migrated SQLite database kept from one run of the suite to the next, as long as no migration changes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import django
import pytest
from django.apps import apps
from django.core import management
from django.db import connections


def digest_of_migrations() -> str:
    """Everything the migrated database depends on: every migration of every app, and what they call."""
    told = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version} {sys.version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda each: each.name):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            told.update(path.read_bytes())
    for path in sorted((Path(__file__).parents[1] / "src/guantong/audit").glob("*.py")):
        told.update(path.read_bytes())  # the triggers
    return told.hexdigest()[:20]


@contextmanager
def remembered(folder: Path) -> Iterator[None]:
    """While inside, ``migrate`` on a fresh SQLite database copies an earlier result, or leaves its own for the next."""
    real = management.call_command
    known = digest_of_migrations()

    def call_command(name: Any, *args: Any, **options: Any) -> Any:
        alias = options.get("database", "default")
        connection = connections[alias]
        if name != "migrate" or connection.vendor != "sqlite":
            return real(name, *args, **options)
        kept = folder / f"{known}-{alias}.sqlite3"
        with (folder / f"{alias}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a second process waits for the first one's result
            connection.ensure_connection()
            if kept.exists():
                with closing(sqlite3.connect(kept)) as source:
                    source.backup(connection.connection)
                return None
            result = real(name, *args, **options)
            for old in folder.glob(f"*-{alias}.sqlite3"):
                old.unlink()
            fresh = kept.with_suffix(f".{os.getpid()}")
            with closing(sqlite3.connect(fresh)) as target:
                connection.connection.backup(target)
            fresh.rename(kept)
            return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "call_command", call_command)
        yield
