"""Run a command with a throw-away PostgreSQL: ``python tools/with_postgres.py -- COMMAND …``.

Uses ``GUANTONG_TEST_DATABASE_URL`` where it is set. Otherwise starts a cluster on a unix socket in a temporary
folder – as the user ``postgres`` when run by root, since PostgreSQL refuses to run as root – and removes it
afterwards. Ends with 77 and one line on stderr where no server binary is found.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, the newest version first."""
    for folder in sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True
    ):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("postgres")
    if found and shutil.which("initdb"):
        return Path(found).resolve().parent
    return None


def as_postgres(command: list[str]) -> list[str]:
    """The command as an unprivileged user when root runs this."""
    if os.geteuid() != 0:
        return command
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return [
            "setpriv",
            f"--reuid={name}",
            f"--regid={pwd.getpwnam(name).pw_gid}",
            "--clear-groups",
            *command,
        ]
    return command


def start(folder: Path, where: Path) -> str:
    """A running cluster in ``where``; returns its address."""
    data = where / "data"
    if os.geteuid() == 0:
        shutil.chown(where, "postgres")
    initdb = [
        str(folder / "initdb"),
        "-D",
        str(data),
        "-U",
        "guantong",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(
        as_postgres([*initdb, "--locale=C.UTF-8"]), check=True, stdout=subprocess.DEVNULL, cwd=where
    )
    options = (
        f"-c listen_addresses='' -c unix_socket_directories={where} -c fsync=off -c full_page_writes=off"
    )
    subprocess.run(
        as_postgres(
            [str(folder / "pg_ctl"), "-D", str(data), "-w", "-l", str(where / "log"), "-o", options, "start"]
        ),
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=where,
    )
    return f"postgres://guantong@{str(where).replace('/', '%2F')}/postgres"


def main(arguments: list[str]) -> int:
    command = arguments[arguments.index("--") + 1 :] if "--" in arguments else arguments
    given = os.environ.get("GUANTONG_TEST_DATABASE_URL")
    if given:
        return subprocess.run(command, env={**os.environ, "GUANTONG_DATABASE_URL": given}).returncode
    folder = binaries()
    if folder is None:
        print("PostgreSQL skipped: no server binary and no GUANTONG_TEST_DATABASE_URL.", file=sys.stderr)
        return SKIPPED
    where = Path(tempfile.mkdtemp(prefix="guantong-pg-"))
    where.chmod(0o755)
    try:
        address = start(folder, where)
        return subprocess.run(command, env={**os.environ, "GUANTONG_DATABASE_URL": address}).returncode
    finally:
        stop = [str(folder / "pg_ctl"), "-D", str(where / "data"), "-m", "immediate", "stop"]
        subprocess.run(as_postgres(stop), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=where)
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
