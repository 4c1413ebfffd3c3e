"""Backing up and restoring one installation: database, files, log; and, apart from them, the keys.

A backup folder holds ``manifest.json`` with the SHA-256 of everything in it and the newest signed checkpoint.
Person keys go to a folder of their own, kept elsewhere: without it the personal fields of a backup stay shut,
and an erased person stays erased in every copy.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

import guantong
from guantong.audit.models import CheckpointKind
from guantong.audit.sequencing import checkpoint, newest_note_path, sequence, tree_size
from guantong.config import postgresql
from guantong.kernel.refusals import Refusal

MANIFEST = "manifest.json"
FORMAT = "guantong-backup/1"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST)


def _write_manifest(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
    manifest = facts | {
        "format": FORMAT,
        "files": {str(path.relative_to(folder)): _digest(path) for path in _files(folder)},
    }
    beside = folder / f".{MANIFEST}.new"
    beside.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(folder / MANIFEST)
    return manifest


def read_manifest(folder: Path, *, holds: str = "data") -> dict[str, Any]:
    """The manifest, after every file was held against it. Raises Refusal naming what does not fit.

    ``holds`` is what the folder must be a backup of: ``data`` or ``keys``.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(_("“%(folder)s”不是备份，或备份没有做完：读不到清单。") % {"folder": folder}) from error
    if manifest.get("format") != FORMAT:
        raise Refusal(_("备份的格式不认识：%(format)s。") % {"format": manifest.get("format")})
    if manifest.get("holds") != holds:
        said = _("“%(folder)s”不是密钥的备份。") if holds == "keys" else _("“%(folder)s”不是数据的备份。")
        raise Refusal(said % {"folder": folder})
    found = {str(path.relative_to(folder)): path for path in _files(folder)}
    for name, digest in manifest["files"].items():
        if name not in found:
            raise Refusal(_("备份不完整，缺少 %(name)s，没有恢复。") % {"name": name})
        if _digest(found[name]) != digest:
            raise Refusal(_("备份里的 %(name)s 已损坏或被改动，没有恢复。") % {"name": name})
    if extra := sorted(set(found) - set(manifest["files"])):
        raise Refusal(_("备份里多出 %(name)s，没有恢复。") % {"name": extra[0]})
    return manifest


# --- making ------------------------------------------------------------------------------------------


def back_up(folder: Path, *, keys: Path | None, now: dt.datetime) -> dict[str, Any]:
    """Write a consistent backup to an empty folder; the keys, if asked for, to another."""
    for each in filter(None, (folder, keys)):
        if each.exists() and any(each.iterdir()):
            raise Refusal(_("“%(folder)s”不是空文件夹。") % {"folder": each})
        each.mkdir(parents=True, exist_ok=True)
    if keys is not None and (keys.resolve().is_relative_to(folder.resolve())):
        raise Refusal(_("密钥须与数据分开存放，请给密钥另选一个文件夹。"))
    sequence()
    checkpoint(CheckpointKind.HOURLY, now=now)
    # Taken while the program runs: the database after the log, which it may be ahead of but never behind, and
    # before the files, of which it may know fewer but none that is missing.
    _copy_log(folder / "log")
    _dump(connections["default"], folder)
    if Path(settings.FILES).is_dir():
        shutil.copytree(settings.FILES, folder / "files", ignore=shutil.ignore_patterns("*.part"))
    manifest = _write_manifest(folder, _facts(now))
    if keys is not None:
        _dump(connections["keys"], keys)
        for path in sorted(Path(settings.KEYS_FOLDER).iterdir()):
            if path.is_file() and "sqlite3" not in path.name:
                shutil.copy2(path, keys / path.name)
        facts = {"holds": "keys", "made_at": now.isoformat(), "vendor": connections["keys"].vendor}
        _write_manifest(keys, facts)
        keys.chmod(0o700)
    return manifest


def _copy_log(folder: Path) -> None:
    """The newest note first, then the tiles, which hold what it speaks of and maybe more by then."""
    note = newest_note_path()
    folder.mkdir()
    if note.is_file():
        shutil.copy2(note, folder / note.name)
    if note.parent.is_dir():
        ignore = shutil.ignore_patterns(note.name, ".*.new")
        shutil.copytree(note.parent, folder, ignore=ignore, dirs_exist_ok=True)


def _facts(now: dt.datetime) -> dict[str, Any]:
    connection = connections["default"]
    note = newest_note_path()
    return {
        "holds": "data",
        "made_at": now.isoformat(),
        "program": guantong.__version__,
        "vendor": connection.vendor,
        "migrations": sorted(".".join(each) for each in MigrationRecorder(connection).applied_migrations()),
        "log_size": tree_size(),
        "checkpoint": note.read_text(encoding="utf-8") if note.is_file() else "",
    }


def _dump(connection: BaseDatabaseWrapper, folder: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / "database.sqlite3")) as copy:
            connection.connection.backup(copy)
        return
    postgresql.dump(connection, folder / "database.dump")


# --- restoring ---------------------------------------------------------------------------------------


def restore(folder: Path, *, keys: Path | None) -> dict[str, Any]:
    """Put a backup in the place of what is there. Everything is checked first; nothing is half replaced.

    The published log of this installation stays: where it is ahead of the backup, the program serves
    read-only until the loss is accepted (`accept_loss`).
    """
    manifest = read_manifest(folder)
    connection = connections["default"]
    _refuse_other_vendor(manifest, connection)
    if keys is not None:
        _refuse_other_vendor(read_manifest(keys, holds="keys"), connections["keys"])
    known = {".".join(each) for each in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(manifest["migrations"]) - known):
        raise Refusal(_("备份来自更新的程序版本（%(name)s），请先升级程序。") % {"name": newer[0]})
    keys_folder = Path(settings.KEYS_FOLDER)
    keys_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    erasures = keys_folder / "erasures.jsonl"
    erased = erasures.read_bytes() if erasures.exists() else b""
    _load(connection, folder)
    if (folder / "files").is_dir():
        shutil.copytree(folder / "files", settings.FILES, dirs_exist_ok=True)
    if not newest_note_path().is_file() and (folder / "log").is_dir():
        shutil.copytree(folder / "log", settings.LOG_FOLDER, dirs_exist_ok=True)
    if keys is not None:
        _restore_keys(keys, erased)
    return manifest


def _refuse_other_vendor(manifest: dict[str, Any], connection: BaseDatabaseWrapper) -> None:
    if manifest["vendor"] != connection.vendor:
        raise Refusal(
            _("备份来自 %(theirs)s，这里用的是 %(ours)s，不能直接恢复。")
            % {"theirs": manifest["vendor"], "ours": connection.vendor}
        )


def _restore_keys(keys: Path, erased: bytes) -> None:
    folder = Path(settings.KEYS_FOLDER)
    _load(connections["keys"], keys)
    for path in sorted(keys.iterdir()):
        if path.is_file() and path.name != MANIFEST and not path.name.startswith("database."):
            if path.name == "erasures.jsonl":
                lines = dict.fromkeys([*path.read_bytes().splitlines(), *erased.splitlines()])
                (folder / path.name).write_bytes(b"".join(line + b"\n" for line in lines))
            else:
                shutil.copy2(path, folder / path.name)


def _load(connection: BaseDatabaseWrapper, folder: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / "database.sqlite3")) as copy:
            copy.backup(connection.connection)
        return
    postgresql.load(connection, folder / "database.dump")


def accept_loss(*, now: dt.datetime) -> Path:
    """Set the published log that the database cannot continue aside, and begin publishing anew from the database."""
    folder = Path(settings.LOG_FOLDER)
    aside = folder.with_name(f"{folder.name}-before-{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}")
    folder.rename(aside)
    sequence()
    return aside
