"""One place that says how a database is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from environs import Env

from guantong.kernel.refusals import Refusal

# The write-ahead log lost data on reset before these releases; older libraries use the rollback journal.
WAL_RESET_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether the linked SQLite has the WAL-reset fix, in its branch or later."""
    newest = WAL_RESET_FIXED[0]
    if version >= newest:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in WAL_RESET_FIXED[1:])


def sqlite_options(*, erasing: bool = False) -> dict[str, Any]:
    """Durable and serial: ``BEGIN IMMEDIATE``, full sync, foreign keys, never mmap, what is deleted overwritten.

    ``erasing``, for the database of person keys: never a write-ahead log, which would keep a destroyed key.
    """
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info[:3]) and not erasing else "TRUNCATE"
    return {
        "factory": CheckedConnection,
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=0; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
            "PRAGMA secure_delete=ON;"
        ),
    }


# SQLite's locks do not hold on these.
NETWORK_FILESYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs"}
OLDEST = (3, 37, 0)


def filesystem_of(path: Path, mounts: str | None = None) -> str:
    """The type of the file system a path lies on, as ``/proc/mounts`` has it; empty where that is not known."""
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    best = ("", "")
    for line in mounts.splitlines():
        _device, point, kind, *_rest = line.split(" ")
        if path.is_relative_to(point) and len(point) >= len(best[0]):  # a later mount covers an earlier one
            best = (point, kind)
    return best[1]


def why_unsafe(
    path: Path, *, version: tuple[int, int, int], filesystem: str, threadsafe: int, has_wal: bool
) -> str:
    """In a sentence, why SQLite must not be used like this; empty where it may."""
    if version < OLDEST:
        return _("SQLite %(version)s 过旧，至少需要 3.37。") % {"version": ".".join(map(str, version))}
    if threadsafe == 0:
        return _("这个 SQLite 编译时关闭了线程安全，多线程会损坏数据，不能使用。")
    if filesystem in NETWORK_FILESYSTEMS:
        return _(
            "数据库 %(path)s 在网络文件系统（%(kind)s）上，SQLite 的锁在那里不可靠，请放到本地磁盘或改用 PostgreSQL。"
        ) % {
            "path": path,
            "kind": filesystem,
        }
    if has_wal and not wal_is_safe(version):
        return _(
            "数据库 %(path)s 留有 WAL 日志，而 SQLite %(version)s 有 WAL 重置缺陷，可能丢失数据；请用原来的程序正常关闭一次，或升级 SQLite。"
        ) % {
            "path": path,
            "version": ".".join(map(str, version)),
        }
    return ""


def is_in_memory(name: str) -> bool:
    return ":memory:" in name or "mode=memory" in name


class CheckedConnection(sqlite3.Connection):
    """Refuses before the file is touched: opening alone would already fold a left-over WAL into it."""

    def __init__(self, database: Any, *args: Any, **kwargs: Any) -> None:
        if not is_in_memory(str(database)):
            path = Path(database)
            why = why_unsafe(
                path,
                version=sqlite3.sqlite_version_info[:3],
                filesystem=filesystem_of(path.resolve()),
                threadsafe=sqlite3.threadsafety,
                has_wal=Path(f"{path}-wal").exists(),
            )
            if why:
                raise Refusal(why)
        super().__init__(database, *args, **kwargs)


def assert_durable(sender: object, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Refuse a SQLite connection on which the pragmas did not take."""
    if connection.vendor != "sqlite":
        return
    raw = connection.connection
    asked = {
        pragma: raw.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in ("foreign_keys", "synchronous")
    }
    journal = raw.execute("PRAGMA journal_mode").fetchone()[0]
    expected = {"memory"} if is_in_memory(str(connection.settings_dict["NAME"])) else {"wal", "truncate"}
    if asked != {"foreign_keys": 1, "synchronous": 2} or journal not in expected:
        raise Refusal(
            _("SQLite 没有按要求打开（%(found)s），没有继续，以免丢失数据。")
            % {"found": f"{asked} journal_mode={journal}"}
        )


def database_from_url(url: str, *, erasing: bool = False) -> dict[str, Any]:
    """Django's database settings for a ``sqlite:///…`` or ``postgres://…`` address."""
    settings: dict[str, Any] = dict(Env().dj_db_url("GUANTONG_NO_SUCH_VARIABLE", default=url))
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {**settings.get("OPTIONS", {}), **sqlite_options(erasing=erasing)}
    else:
        settings["CONN_MAX_AGE"] = settings.get("CONN_MAX_AGE") or 60
        settings["CONN_HEALTH_CHECKS"] = True
    return settings
