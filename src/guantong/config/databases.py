"""One place that says how a database is opened."""

from __future__ import annotations

import sqlite3
from typing import Any

from environs import Env

# The write-ahead log lost data on reset before these releases; older libraries use the rollback journal.
WAL_RESET_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether the linked SQLite has the WAL-reset fix, in its branch or later."""
    newest = WAL_RESET_FIXED[0]
    if version >= newest:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in WAL_RESET_FIXED[1:])


def sqlite_options() -> dict[str, Any]:
    """Durable and serial: ``BEGIN IMMEDIATE``, full sync, foreign keys, never mmap."""
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info[:3]) else "TRUNCATE"
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=0; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
        ),
    }


def database_from_url(url: str) -> dict[str, Any]:
    """Django's database settings for a ``sqlite:///…`` or ``postgres://…`` address."""
    settings: dict[str, Any] = dict(Env().dj_db_url("GUANTONG_NO_SUCH_VARIABLE", default=url))
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {**settings.get("OPTIONS", {}), **sqlite_options()}
    else:
        settings.setdefault("CONN_MAX_AGE", 60)
        settings["CONN_HEALTH_CHECKS"] = True
    return settings
