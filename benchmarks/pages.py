"""Pages at city size against a bare page of the same middleware and database, in one run: ``make bench``.

The bare page lists 50 rows. Each figure is the median of interleaved requests in one process; the ratio to the bare
page is what counts, since single times say more about the machine than about the pages.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

HOME = tempfile.mkdtemp(prefix="guantong-bench-")
os.environ.setdefault("GUANTONG_HOME", HOME)
os.environ.setdefault("GUANTONG_DATABASE_URL", f"sqlite:///{HOME}/bench.sqlite3")
os.environ.setdefault("GUANTONG_LOG_REQUESTS", "false")  # figures only
os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.config.settings"
os.environ["GUANTONG_ALLOWED_HOSTS"] = "testserver"

import django  # noqa: E402

django.setup()

from city import DAY, build  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import clear_url_caches, path, set_urlconf  # noqa: E402

from guantong.accounts.models import Person  # noqa: E402
from guantong.accounts.policies import signed_in  # noqa: E402
from guantong.config import urls  # noqa: E402
from guantong.config.commands import migrate  # noqa: E402
from guantong.kernel.commands import Report  # noqa: E402
from guantong.obligations.models import Obligation  # noqa: E402

BARE = "<html><body><table>{% for each in rows %}<tr><td>{{ each.title }}</td><td>{{ each.due_on }}</td></tr>{% endfor %}</table></body></html>"


@signed_in
def bare(request: Any) -> HttpResponse:
    """50 rows through the whole middleware, nothing else."""
    rows = Obligation.objects.order_by("pk")[:50]
    return HttpResponse(engines["django"].from_string(BARE).render({"rows": rows}, request))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    migrate(argparse.Namespace(back_to=None), Report(as_json=True))
    begun = time.perf_counter()
    cycle, city = build()
    if connection.vendor == "sqlite":
        connection.cursor().execute("ANALYZE")
    print(f"{connection.display_name}: city built in {time.perf_counter() - begun:.0f} s, as of {DAY}")
    urls.urlpatterns.append(path("bare/", bare))
    clear_url_caches()
    set_urlconf(None)
    office, unit = Client(), Client()
    office.force_login(Person.objects.get_by_natural_key("bench"))
    unit.force_login(Person.objects.get_by_natural_key("bench-unit"))
    one = Obligation.objects.filter(cycle=cycle).order_by("pk")[500]
    county = city.children.filter(level="county").order_by("path")[0]
    mine = Obligation.objects.filter(unit__code="9901-MU-00", state="open").order_by("due_on")[0]
    numbers = iter(range(10_000))

    def submit() -> Any:
        return unit.post(
            "/records/new/",
            {
                "kind": "progress",
                "happened_on": "2026-09-10",
                "summary": "按节点推进",
                "submission_key": f"b{next(numbers)}",
            },
        )

    targets: dict[str, Callable[[], Any]] = {
        "bare page, 50 rows": lambda: office.get("/bare/"),
        "board (home)": lambda: office.get("/"),
        "unit page": lambda: office.get(f"/cycles/{cycle.pk}/units/{county.pk}/"),
        "obligation list, 50 filtered rows": lambda: office.get(
            f"/obligations/?cycle={cycle.pk}&unit={county.pk}&light=red"
        ),
        "obligation page": lambda: office.get(f"/obligations/{one.pk}/"),
        "record submission": submit,
        "record form with proposals": lambda: unit.get(f"/records/new/?for={mine.pk}"),
        "inbox": lambda: unit.get("/"),
        "element page": lambda: office.get(f"/board/{cycle.pk}/{city.pk}/link_task/"),
    }
    times: dict[str, list[float]] = {name: [] for name in targets}
    with override_settings(STORAGES={"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
                                     "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}):  # fmt: skip
        for turn in range(rounds + 2):
            for name, call in targets.items():
                start = time.perf_counter()
                answer = call()
                spent = time.perf_counter() - start
                if answer.status_code not in (200, 302):
                    raise SystemExit(f"{name}: {answer.status_code}")
                if turn >= 2:
                    times[name].append(spent * 1000)
        floor = statistics.median(times["bare page, 50 rows"])
        print(f"{'page':36}{'median ms':>10}{'min':>8}{'max':>8}{'ratio':>8}{'queries':>9}")
        for name, call in targets.items():
            reset_queries()
            with CaptureQueriesContext(connection) as captured:
                call()
            found = times[name]
            median = statistics.median(found)
            print(
                f"{name:36}{median:10.1f}{min(found):8.1f}{max(found):8.1f}{median / floor:8.2f}{len(captured):9}"
            )


if __name__ == "__main__":
    main()
