"""Vacancy-days of the whole country: 620,573 villages, a year of holdings, and the sums of every unit above.

A tree of the national size with a liaison officer's seat in every village is made in a fresh database; then a process
of its own reads it and computes, for every village, the days without a holder, and for all 44,704 units above the
sums. ``python benchmarks/coverage.py`` runs on SQLite in a temporary folder,
``python tools/with_postgres.py -- python benchmarks/coverage.py`` on PostgreSQL. The goal is 30 s on two cores.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HOME = os.environ.setdefault("GUANTONG_HOME", tempfile.mkdtemp(prefix="guantong-bench-"))
os.environ.setdefault("GUANTONG_DATABASE_URL", f"sqlite:///{HOME}/bench.sqlite3")
os.environ.setdefault("GUANTONG_LOG_REQUESTS", "false")  # figures only
os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.config.settings"

import django  # noqa: E402

django.setup()

from django.db import connection, models, transaction  # noqa: E402

from guantong.accounts.acting import Console  # noqa: E402
from guantong.accounts.choices import Role  # noqa: E402
from guantong.accounts.models import Holding, Office, Person  # noqa: E402
from guantong.config.commands import migrate  # noqa: E402
from guantong.grassroots.queries.scenes import UNIT_FIELDS, Scene, units_asked  # noqa: E402
from guantong.grassroots.queries.seats import holdings_in  # noqa: E402
from guantong.grassroots.queries.vacancies import lines, sums  # noqa: E402
from guantong.kernel.commands import Report  # noqa: E402
from guantong.mechanisms.models import Cycle  # noqa: E402
from guantong.mechanisms.operations import read_valid_package, start_cycle  # noqa: E402
from guantong.organisation.models import Unit, step_of  # noqa: E402
from guantong.privacy.models import Subject  # noqa: E402

SIZES = (("province", 31), ("city", 342), ("county", 2_978), ("township", 41_352), ("village", 620_573))
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
YEAR = (LAST - FIRST).days + 1
NOW = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
GOAL = 30.0
BATCH = 20_000


def kept(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Bulk-load rows in batches; returns how many."""
    number, batch = 0, []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            number += len(model._default_manager.bulk_create(batch, batch_size=2000))
            batch = []
    return number + len(model._default_manager.bulk_create(batch, batch_size=2000))


def tree() -> Iterator[Unit]:
    """The country, each level spread evenly under the one above. The package knows no level above the city."""
    yield Unit(pk=1, code="CN", name="全国", level="city", path=step_of(1), depth=0)
    above, first = [(1, step_of(1))], 2
    for depth, (level, size) in enumerate(SIZES, start=1):
        made = []
        for number in range(size):
            parent, path = above[number * len(above) // size]
            made.append((first + number, path + step_of(number + 1)))
            yield Unit(
                pk=first + number, code=f"{level}{number:07d}", name=f"{level}{number}", level=level,
                parent_id=parent, path=made[-1][1], depth=depth,
            )  # fmt: skip
        above, first = made, first + size


def spans(chooser: random.Random) -> Iterator[tuple[dt.date, dt.date | None, bool]]:
    """The holdings of one seat: most the whole year, some with a change and days between, a few begun late."""
    draw = chooser.random()
    if draw < 0.02:
        return
    if draw < 0.7:
        yield FIRST - dt.timedelta(days=300), None, False
        return
    leaves = FIRST + dt.timedelta(days=chooser.randrange(20, 300))
    yield FIRST - dt.timedelta(days=300), leaves, False
    if draw < 0.95:
        comes = leaves + dt.timedelta(days=1 + chooser.choice((0, 0, 7, 30, 60)))
        yield comes, None, chooser.random() < 0.2


def roster(chooser: random.Random, expected: dict[str, int]) -> Iterator[Holding]:
    """A year of holdings; the vacancy-days they leave are added up here on the way."""
    first = 1 + sum(size for _level, size in SIZES[:-1]) + 1
    person = 0
    for number in range(SIZES[-1][1]):
        covered = 0
        for starts, ends, acting in spans(chooser):
            person += 1
            covered += max(0, (min(ends or LAST, LAST) - max(starts, FIRST)).days + 1)
            yield Holding(
                person_id=person, office_id=first + number, starts_on=starts, ends_on=ends, acting=acting
            )
        expected["vacancy_days"] += YEAR - covered
        expected["people"] = person


def build() -> dict[str, int]:
    """The database, and what it must come to."""
    migrate(argparse.Namespace(back_to=None), Report(as_json=True))
    first = 1 + sum(size for _level, size in SIZES[:-1]) + 1
    villages = range(first, first + SIZES[-1][1])
    people = sum(len(list(spans(chooser))) for chooser in [random.Random(6)] for _village in villages)  # noqa: S311
    expected = {"vacancy_days": 0, "people": 0}
    with transaction.atomic():
        kept(Unit, tree())
        kept(Office, (Office(pk=pk, unit_id=pk, seat="liaison", title="联络员", role=Role.LIAISON, scope_id=pk) for pk in villages))  # fmt: skip
    with transaction.atomic():
        kept(Subject, (Subject(pk=number, opened_at=NOW) for number in range(1, people + 1)))
        kept(Person, (Person(pk=number, subject_id=number, sign_in_index=f"p{number}", password="!") for number in range(1, people + 1)))  # fmt: skip  # noqa: S106
    with transaction.atomic():
        expected["holdings"] = kept(Holding, roster(random.Random(6), expected))  # noqa: S311
    start_cycle(
        package=read_valid_package("three-threes"), unit=Unit.objects.get(pk=1), year=2026,
        actor=Console("benchmark"), now=NOW,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return expected


def timed(what: Any) -> tuple[float, float, Any]:
    """Seconds by the clock, seconds of this process's own work, and what came of it."""
    begun, worked = time.perf_counter(), time.process_time()
    found = what()
    return time.perf_counter() - begun, time.process_time() - worked, found


def measure() -> dict[str, float]:
    """Read everything once, then compute everything; seconds and peak memory."""
    cycle = Cycle.objects.select_related("unit", "stored").get()
    rule = next(each for each in cycle.package.coverage if each.id == "C02")

    def read() -> int:
        scene = Scene.between(cycle, rule, FIRST, LAST)
        held = holdings_in(scene).values_list("office_id", "office__unit_id", "starts_on", "ends_on", "acting", "office__closed_on", "full_time", "person_id")  # fmt: skip
        return sum(
            1 for _row in units_asked(scene).values_list(*UNIT_FIELDS).iterator(chunk_size=5000)
        ) + sum(1 for _row in held.iterator(chunk_size=5000))

    reading, _work, rows = timed(read)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    by_village: dict[int, int] = {}

    def compute() -> Any:
        def each_line() -> Iterator[Any]:
            for line in lines(cycle, rule, since=FIRST, on=LAST):
                by_village[line.unit] = line.vacancy_days
                yield line

        return sums(each_line(), own=False)

    computing, work, found = timed(compute)
    whole = found.at(cycle.unit.path)
    return {
        "rows": rows, "reading": reading, "computing": computing, "work": work, "before": before,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "villages": len(by_village),
        "above": len(found.by_path), "of_villages": sum(by_village.values()), "vacancy_days": whole.vacancy_days,
        "gaps": whole.gaps, "acting": whole.acting,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--measure", action="store_true", help="what the process of its own does")
    if parser.parse_args().measure:
        print(json.dumps(measure()))
        return 0
    making, _work, expected = timed(build)
    connection.close()
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "--measure"], env={**os.environ}, check=True, capture_output=True, text=True
    )  # fmt: skip
    got = json.loads(done.stdout)
    right = got["of_villages"] == got["vacancy_days"] == expected["vacancy_days"]
    print(
        f"{connection.vendor}: {got['villages']:,} villages, {expected['holdings']:,} holdings, {got['above']:,} units "
        f"above (made in {making:.0f} s)\n"
        f"vacancy-days {got['vacancy_days']:,} ({'as made' if right else 'NOT AS MADE'}), gaps {got['gaps']:,}, acting "
        f"{got['acting']:,} on the last day\n"
        f"computed in {got['computing']:.1f} s (goal {GOAL:.0f}; {got['work']:.1f} s of its own work), {got['computing'] / got['reading']:.2f} × reading the "
        f"{got['rows']:,} rows once ({got['reading']:.1f} s), peak {got['peak']:.0f} MiB"
    )
    return 0 if right and got["computing"] <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
