"""Installations of their own for tests: a temporary home, real database files, the program in its own processes."""

from __future__ import annotations

import atexit
import functools
import importlib
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from guantong.config.databases import database_from_url
from migrated import digest_of_migrations

ROOT = Path(__file__).parents[2]
MIGRATED = ROOT / ".pytest_cache" / "d" / "migrated"
SERVER = os.environ.get("GUANTONG_DATABASE_URL", "")
ON_POSTGRESQL = SERVER.startswith("postgres")


@dataclass
class Installation:
    """One installation: where it lives and how its program is called."""

    home: Path
    database_url: str
    keys_url: str
    modules: str = ""  # a folder of Python modules that come first

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GUANTONG_")}
        return kept | {
            "GUANTONG_HOME": str(self.home),
            "GUANTONG_DATABASE_URL": self.database_url,
            "GUANTONG_SECOND_FACTOR": "nobody",
            "GUANTONG_KEYS_URL": self.keys_url,
            "DJANGO_SETTINGS_MODULE": "guantong.config.settings",
            "PYTHONPATH": os.pathsep.join(
                filter(None, [self.modules, str(ROOT / "src"), str(ROOT / "tests")])
            ),
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "guantong.config.cli", *arguments]

    def guantong(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run a subcommand with ``--json``; its exit code must be the one given."""
        done = subprocess.run(
            self.command(*arguments, "--json"), env=self.environment, capture_output=True, text=True
        )
        said = f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == code, said
        assert done.stdout, said  # a refusal has its JSON object too; a traceback has not
        return json.loads(done.stdout)

    def call(self, target: str, **arguments: Any) -> Any:
        """Run ``module:function`` of the tests in a process of this installation; arguments and answer as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "config.installation", target, json.dumps(arguments)],
            env=self.environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{target}: {done.stdout}\n{done.stderr}"
        return json.loads(done.stdout.splitlines()[-1])

    def execute(self, statement: str, *, on: str = "main") -> list[tuple[Any, ...]]:
        """One SQL statement behind the program's back."""
        url = self.database_url if on == "main" else self.keys_url
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
                connection.execute("PRAGMA secure_delete=ON")
                rows = connection.execute(statement).fetchall()
                connection.commit()
                return rows
        with connect(url) as server:
            found = server.execute(statement)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

    @property
    def database_file(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///"))


def with_write_ahead_log(installation: Installation, folder: Path) -> Installation:
    """The same, under an SQLite library that says it has the fix, so that the program turns the log on."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sqlite3\nsqlite3.sqlite_version_info = (3, 51, 3)\n")
    return replace(installation, modules=str(folder))


def connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    known = database_from_url(url)
    asked = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: str(known[key]) for name, key in asked.items() if known.get(key)}
    return psycopg.connect(autocommit=True, **given)  # type: ignore[arg-type]


def _database(name: str, *, like: str = "template0") -> str:
    """A fresh PostgreSQL database; returns its address."""
    with connect(SERVER) as server:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(made.format(sql.Identifier(name), sql.Identifier(like)))
    return f"{SERVER.rpartition('/')[0]}/{name}"


def _drop(*names: str) -> None:
    with connect(SERVER) as server:
        for name in names:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _named(number: str) -> tuple[str, str]:
    return f"guantong_{number}", f"guantong_{number}_keys"


def _new(home: Path, number: str, *, like: tuple[str, str] = ("template0", "template0")) -> Installation:
    if not ON_POSTGRESQL:
        keys = home / "keys" / "person-keys.sqlite3"
        return Installation(home, f"sqlite:///{home / 'guantong.sqlite3'}", f"sqlite:///{keys}")
    main, keys_name = _named(number)
    return Installation(home, _database(main, like=like[0]), _database(keys_name, like=like[1]))


def _take_over_migrated(made: Installation) -> None:
    """Begin with what the suite has migrated already, where it has (see `migrated`): half a minute less."""
    if ON_POSTGRESQL:
        return
    known = digest_of_migrations()
    for alias, url in (("default", made.database_url), ("keys", made.keys_url)):
        kept, file = MIGRATED / f"{known}-{alias}.sqlite3", Path(url.removeprefix("sqlite:///"))
        if kept.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(kept, file)


@functools.cache
def _template() -> tuple[Installation, str]:
    """The small city, prepared once in each test process and copied from then on."""
    number = secrets.token_hex(4)
    home = Path(tempfile.mkdtemp(prefix="guantong-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    if ON_POSTGRESQL:
        atexit.register(_drop, *_named(number))
    made = _new(home, number)
    _take_over_migrated(made)
    made.guantong("migrate")
    made.call("config.small_city:prepare")
    return made, number


@contextmanager
def small_city(home: Path, *, empty: bool = False) -> Iterator[Installation]:
    """An installation with the small city on the database of this run; without rows or schema if ``empty``."""
    number = secrets.token_hex(4)
    if empty:
        home.mkdir(parents=True, exist_ok=True)
        made = _new(home, number)
    else:
        template, pattern = _template()
        shutil.copytree(template.home, home, dirs_exist_ok=True)
        made = _new(home, number, like=_named(pattern))
    try:
        yield made
    finally:
        if ON_POSTGRESQL:
            _drop(*_named(number))


def _main(target: str, arguments: str) -> None:
    import django

    django.setup()
    module, _colon, name = target.partition(":")
    answer = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    print(json.dumps(answer, ensure_ascii=False, default=str))


if __name__ == "__main__":
    _main(*sys.argv[1:])
