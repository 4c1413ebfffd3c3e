"""What the log costs on the reference write, a record submitted over the whole middleware: ``make bench-audit``.

Two ways of the same request in turn, A B A B …: with the log row of each operation (canonical payload, salted
leaf, predecessor, seal, digests of the rows touched), and with `audit.record` left out. The figure is the median
of the pairwise ratios; the goal is an overhead below 10 %.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from types import SimpleNamespace
from typing import Any
from unittest import mock

HOME = tempfile.mkdtemp(prefix="guantong-bench-")
os.environ.setdefault("GUANTONG_HOME", HOME)
os.environ.setdefault("GUANTONG_DATABASE_URL", f"sqlite:///{HOME}/bench.sqlite3")
os.environ.setdefault("GUANTONG_LOG_REQUESTS", "false")  # figures only
os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.config.settings"
os.environ["GUANTONG_ALLOWED_HOSTS"] = "testserver"

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from guantong.accounts.models import Person  # noqa: E402
from guantong.audit import operations as audit  # noqa: E402
from guantong.audit.models import AuditEntry  # noqa: E402
from guantong.config.commands import migrate  # noqa: E402
from guantong.config.demo.city import load_demo  # noqa: E402
from guantong.kernel.commands import Report  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=300)
    pairs = parser.parse_args().pairs
    migrate(argparse.Namespace(back_to=None), Report(as_json=True))
    load_demo(year=2026, seed=20260105, report=Report(as_json=True))
    client = Client()
    person = Person.objects.by_sign_in("unit")
    assert person is not None
    client.force_login(person)
    numbers = iter(range(1_000_000))

    def submit() -> float:
        start = time.perf_counter()
        answer: Any = client.post(
            "/records/new/",
            {
                "kind": "progress",
                "happened_on": "2026-03-10",
                "summary": "按节点推进",
                "submission_key": f"b{next(numbers)}",
            },
        )
        spent = time.perf_counter() - start
        if answer.status_code != 302:
            raise SystemExit(f"{answer.status_code}: {answer.content.decode()[:2000]}")
        return spent * 1000

    def without_log() -> float:
        with mock.patch.object(audit, "record", return_value=SimpleNamespace(pk=0)):
            return submit()

    rows = AuditEntry.objects.count()
    found = []
    for turn in range(pairs + 10):
        # the order within a pair alternates, so that neither side is always the second
        pair = (submit(), without_log()) if turn % 2 else tuple(reversed((without_log(), submit())))
        if turn >= 10:
            found.append(pair)
    assert AuditEntry.objects.count() == rows + pairs + 10, (
        "one row for each logged write, none for the others"
    )
    logged, bare = zip(*found, strict=True)
    ratios = sorted(a / b for a, b in found)
    print(f"{connection.display_name}, {pairs} pairs")
    print(f"with log    median {statistics.median(logged):6.2f} ms  min {min(logged):6.2f}")
    print(f"without     median {statistics.median(bare):6.2f} ms  min {min(bare):6.2f}")
    print(
        f"ratio       median {statistics.median(ratios):6.3f}     "
        f"quartiles {ratios[len(ratios) // 4]:.3f} to {ratios[3 * len(ratios) // 4]:.3f}"
    )


if __name__ == "__main__":
    main()
