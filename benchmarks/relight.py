"""The daily relight at city size: rows whose light changes between two days, rows written, and the time it takes.

111,710 obligations (`city.py`), lit as of a day; then the year goes on day by day. Each day is recounted from scratch
first – that is what changes – and then swept as the worker does it; what the sweep writes is counted at the cursor.
"quiet" is the sweep again on the same day, when nothing changes: the worker does that every minute. Times stand against
a bare page of 50 rows through the whole middleware, in the same run, since single times say more about the machine.
``python benchmarks/relight.py``; on PostgreSQL ``python tools/with_postgres.py -- python benchmarks/relight.py``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

HOME = tempfile.mkdtemp(prefix="guantong-bench-")
os.environ.setdefault("GUANTONG_HOME", HOME)
os.environ.setdefault("GUANTONG_DATABASE_URL", f"sqlite:///{HOME}/bench.sqlite3")
os.environ.setdefault("GUANTONG_LOG_REQUESTS", "false")  # figures only
os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.config.settings"
os.environ["GUANTONG_ALLOWED_HOSTS"] = "testserver"

import django  # noqa: E402

django.setup()

from city import ACTOR, DAY, build  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import clear_url_caches, path, set_urlconf  # noqa: E402
from django.utils import timezone  # noqa: E402

from guantong.accounts.models import Person  # noqa: E402
from guantong.accounts.policies import signed_in  # noqa: E402
from guantong.calendars.queries import calendar_for  # noqa: E402
from guantong.config import urls  # noqa: E402
from guantong.config.commands import migrate  # noqa: E402
from guantong.kernel.commands import Report  # noqa: E402
from guantong.kernel.workdays import WorkdayCalendar  # noqa: E402
from guantong.mechanisms.models import Cycle  # noqa: E402
from guantong.obligations.lighting import relit  # noqa: E402
from guantong.obligations.models import Obligation  # noqa: E402
from guantong.supervision.operations import sweep_lights  # noqa: E402

BARE = "<html><body><table>{% for each in rows %}<tr><td>{{ each.title }}</td></tr>{% endfor %}</table></body></html>"
TABLE = Obligation._meta.db_table
WRITES = ("INSERT", "UPDATE", "DELETE")


@signed_in
def bare(request: Any) -> HttpResponse:
    """50 rows through the whole middleware, nothing else."""
    rows = Obligation.objects.order_by("pk")[:50]
    return HttpResponse(engines["django"].from_string(BARE).render({"rows": rows}, request))


def light_all(cycle: Cycle, on: dt.date, calendar: WorkdayCalendar) -> None:
    """Every row as the day has it, as if it had been swept all year."""
    rows = [each for each in Obligation.objects.filter(cycle=cycle) if relit(each, on=on, calendar=calendar)]
    Obligation.objects.bulk_update(rows, ["light", "relight_on"], batch_size=500)


def changing(cycle: Cycle, on: dt.date, calendar: WorkdayCalendar) -> set[int]:
    """The rows whose light is another one on this day, computed for each row there is."""
    found = set()
    for each in Obligation.objects.filter(cycle=cycle).iterator(5000):
        before = each.light
        relit(each, on=on, calendar=calendar)
        if each.light != before:
            found.add(each.pk)
    return found


@contextmanager
def counted() -> Iterator[dict[str, int]]:
    """How many rows of the obligations and of other tables are written meanwhile, as the database counts them."""
    rows = {"obligations": 0, "others": 0}

    def count(
        execute: Callable[..., Any], statement: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        done = execute(statement, params, many, context)
        if statement.lstrip().upper().startswith(WRITES):
            table = "obligations" if TABLE in statement.split("WHERE")[0] else "others"
            rows[table] += max(context["cursor"].rowcount, 0)
        return done

    with connection.execute_wrapper(count):
        yield rows


def timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=10)
    days = parser.parse_args().days
    migrate(argparse.Namespace(back_to=None), Report(as_json=True))
    cycle, _city = build()
    cycle = Cycle.objects.select_related("unit", "stored").get(pk=cycle.pk)
    calendar = calendar_for(cycle.year, cycle.unit_id)
    light_all(cycle, DAY, calendar)
    connection.cursor().execute("ANALYZE")
    urls.urlpatterns.append(path("bare/", bare))
    clear_url_caches()
    set_urlconf(None)
    client = Client()
    client.force_login(Person.objects.get_by_natural_key("bench"))
    total = Obligation.objects.filter(cycle=cycle).count()
    print(f"{connection.display_name}: {total} obligations, lit as of {DAY}")
    print(
        f"{'day':12}{'light changes':>14}{'rows written':>13}{'sweep ms':>10}{'quiet rows':>11}{'quiet ms':>10}"
    )
    sweeps, quiet, floor = [], [], []
    storages = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
                "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # fmt: skip
    with override_settings(STORAGES=storages):
        client.get("/bare/")
        for number in range(1, days + 1):
            on = DAY + dt.timedelta(days=number)
            now = timezone.make_aware(dt.datetime.combine(on, dt.time(1)))
            wanted = changing(cycle, on, calendar)

            def sweep(on: dt.date = on, now: dt.datetime = now) -> int:
                return sweep_lights(actor=ACTOR, on=on, now=now, cycle=cycle)

            with counted() as first:
                sweeps.append(timed(sweep))
            with counted() as again:
                quiet.append(timed(sweep))
            floor += [timed(lambda: client.get("/bare/")) for _turn in range(5)]
            print(
                f"{on!s:12}{len(wanted):14}{first['obligations']:13}{sweeps[-1]:10.1f}{again['obligations']:11}{quiet[-1]:10.1f}"
            )
            assert first["obligations"] == len(wanted), "as many rows written as lights change"
            assert sum(again.values()) == 0, "nothing written where nothing changes"
            assert not changing(cycle, on, calendar), "every light is the day's"
    page = statistics.median(floor)
    for name, found in (("sweep of a day", sweeps), ("quiet sweep", quiet)):
        median = statistics.median(found)
        print(f"{name:16} median {median:8.1f} ms  worst {max(found):8.1f}  {median / page:6.2f} bare pages")
    print(f"{'bare page':16} median {page:8.1f} ms")


if __name__ == "__main__":
    main()
