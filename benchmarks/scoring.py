"""What a score run of a city costs: 1,300 scored objects, 79,300 values, 395,000 edges of provenance.

The whole of `run_scores`: the snapshot read from the database, the scores, the rows kept with their digests and the
log row, committed. ``python benchmarks/scoring.py`` runs on SQLite in a temporary folder;
``python tools/with_postgres.py -- python benchmarks/scoring.py`` on PostgreSQL. The goal is 10 s on both.
"""

from __future__ import annotations

import argparse
import cProfile
import datetime as dt
import json
import os
import pstats
import random
import statistics
import tempfile
import time

HOME = tempfile.mkdtemp(prefix="guantong-bench-")
os.environ.setdefault("GUANTONG_HOME", HOME)
os.environ.setdefault("GUANTONG_DATABASE_URL", f"sqlite:///{HOME}/bench.sqlite3")
os.environ.setdefault("GUANTONG_LOG_REQUESTS", "false")  # figures only
os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.config.settings"

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from guantong.accounts.acting import Console  # noqa: E402
from guantong.accounts.models import Office  # noqa: E402
from guantong.assessment.models import Provenance, Run, Score, ScoreLine  # noqa: E402
from guantong.assessment.operations import run_scores  # noqa: E402
from guantong.audit.verification import verify_log  # noqa: E402
from guantong.config.commands import migrate  # noqa: E402
from guantong.kernel.commands import Report  # noqa: E402
from guantong.mechanisms.models import Cycle  # noqa: E402
from guantong.mechanisms.operations import read_valid_package, start_cycle  # noqa: E402
from guantong.mechanisms.package import Package  # noqa: E402
from guantong.obligations.choices import Source, State  # noqa: E402
from guantong.obligations.models import Obligation  # noqa: E402
from guantong.organisation.models import Unit, step_of  # noqa: E402

VILLAGES, VALUES, EACH = 1_300, 61, 5  # objects, values of each, rows behind a value
DAY = dt.date(2026, 9, 15)
NOW = dt.datetime(2026, 9, 15, 9, tzinfo=dt.UTC)
ACTOR = Console("benchmark")
GOAL = 10.0


def package() -> Package:
    """The three-threes with one card of 61 indicators, each over the matters of one pillar."""
    source = json.loads(read_valid_package("three-threes").canonical_json())
    pillars = [pillar["id"] for tier in source["tiers"] for pillar in tier["pillars"]]
    ways = [
        ({"tasks": "closed_on_time"}, {"tasks": "due"}, "proportional"),
        ({"tasks": "closed"}, {"tasks": "due"}, {"bands": [[1, 1], [0.9, 0.8], [0.6, 0.5], [0, 0]]}),
        ({"tasks": "closed_on_time"}, {"tasks": "due"}, {"linear": {"from": 0.5, "to": 1.0}}),
        ({"tasks": "late"}, None, {"deduct": 0.1, "each": 1, "floor": 0}),
    ]
    indicators, items = [], []
    for number in range(VALUES):
        num, den, scoring = ways[number % len(ways)]
        pillar = pillars[number % len(pillars)]
        count = {**num, "pillar": pillar}
        measure = (
            {"count": count} if den is None else {"ratio": {"num": count, "den": {**den, "pillar": pillar}}}
        )
        indicators.append(
            {"id": f"B{number}", "of": "territory", "title": {"zh": f"指标{number}", "en": f"No. {number}"},
             "measure": measure, "scoring": scoring}
        )  # fmt: skip
        items.append({"use": f"B{number}", "weight": 1})
    source["indicators"] = indicators
    grades = [
        {"id": "excellent", "min": 54, "share_max": 0.3},
        {"id": "pass", "min": 36},
        {"id": "fail", "min": 0},
    ]
    source["scorecards"] = [
        {"id": "SC_village", "of": {"kind": "territory", "levels": ["village"]}, "items": items, "scale": VALUES,
         "grades": grades, "tie_break": ["B0"]}
    ]  # fmt: skip
    return Package.from_canonical(json.dumps(source, ensure_ascii=False))


def build() -> Cycle:
    """The city's villages, each with five tasks of each pillar."""
    chooser = random.Random(20260915)  # noqa: S311 - repeatable
    city = Unit.objects.create(code="9901", name="某市", level="city", path=step_of(1))
    villages = Unit.objects.bulk_create(
        (
            Unit(code=f"9901{at:05}", name=f"村{at}", level="village", parent=city, path=city.path + step_of(at), depth=1)
            for at in range(1, VILLAGES + 1)
        ),
        batch_size=1000,
    )  # fmt: skip
    offices = Office.objects.bulk_create(
        (Office(unit=each, seat="liaison", title="联络员", role="township", scope=each) for each in villages),
        batch_size=1000,
    )
    rules = package()
    cycle = start_cycle(package=rules, unit=city, year=2026, actor=ACTOR, now=NOW)
    pillars = [pillar.id for tier in rules.tiers for pillar in tier.pillars]
    Obligation.objects.bulk_create(
        (
            _task(cycle, office, pillar, at * EACH + nth, chooser)
            for office in offices
            for at, pillar in enumerate(pillars)
            for nth in range(EACH)
        ),
        batch_size=2000,
    )
    return cycle


def _task(cycle: Cycle, office: Office, pillar: str, ref: int, chooser: random.Random) -> Obligation:
    due = dt.date(2026, 1, 15) + dt.timedelta(days=chooser.randint(0, 230))
    done = chooser.random() < 0.9
    settled = due + dt.timedelta(days=chooser.randint(-5, 2)) if done else None
    return Obligation(
        cycle=cycle, unit_id=office.unit_id, unit_path=office.unit.path, office=office, pillar=pillar,
        source=Source.TASK, source_ref=ref, rule="bench", title=f"重点任务{ref}", evidence=["statement"],
        starts_on=dt.date(2026, 1, 1), due_on=due, original_due_on=due,
        state=State.FULFILLED if done else State.OPEN, claimed_on=settled, settled_on=settled,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    migrate(argparse.Namespace(back_to=None), Report(as_json=True))
    cycle = build()
    cycle = Cycle.objects.select_related("unit", "stored").get(pk=cycle.pk)
    spent = []
    profile = cProfile.Profile()
    for _ in range(given.runs):
        if given.profile:
            profile.enable()
        start = time.perf_counter()
        run = run_scores(cycle=cycle, as_of=DAY, actor=ACTOR, now=NOW)
        spent.append(time.perf_counter() - start)
        profile.disable()
    made = (Score.objects.filter(run=run), ScoreLine.objects.filter(score__run=run))
    edges = Provenance.objects.filter(line__score__run=run).count()
    print(f"{connection.display_name}: {made[0].count()} objects, {made[1].count()} values, {edges} edges")
    print(f"run   median {statistics.median(spent):6.2f} s  worst {max(spent):6.2f}  goal {GOAL:.0f}")
    if given.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
    assert len(set(Run.objects.values_list("result_digest", flat=True))) == 1, "the same bytes each time"
    faults = [fault for fault in verify_log().faults if fault.where.startswith("assessment.")]
    assert not faults, faults[:3]
    if statistics.median(spent) > GOAL:
        raise SystemExit(f"above {GOAL:.0f} s")


if __name__ == "__main__":
    main()
