"""Several workers plan and send the same digests at the same moment, each in a thread of its own; one is killed."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from pathlib import Path
from typing import Any

WORKERS, DIGESTS = 6, 12

WITHOUT_THE_LOCK = '''
"""A seeded fault: a delivery is not held while it is claimed."""
import time

from django.db.models.query import QuerySet

from guantong.config import databases

held, options, first = QuerySet.select_for_update, databases.sqlite_options, QuerySet.first


def not_held(rows, *args, **kwargs):
    return rows._chain() if rows.model.__name__ == "Delivery" else held(rows, *args, **kwargs)


def slow_first(rows):
    found = first(rows)
    if rows.model.__name__ == "Delivery":
        time.sleep(0.05)
    return found


def deferred(**kwargs):
    return options(**kwargs) | {"transaction_mode": "DEFERRED"}


QuerySet.select_for_update, QuerySet.first = not_held, slow_first
databases.sqlite_options = deferred
'''


def without_the_lock(folder: Path) -> str:
    """A folder of Python that comes before the program's own and takes the lock away."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WITHOUT_THE_LOCK)
    return str(folder)


def faults(
    keys: dict[str, int], outcomes: dict[str, int], expected: int, answers: dict[str, int]
) -> list[str]:
    """In sentences, whatever is not as it must be. ``keys``: idempotency key → how often the other side got it."""
    found = [f"{key[:8]} was sent {n} times" for key, n in keys.items() if n > 1]
    found += [f"{n} workers ended with {each}" for each, n in answers.items() if each != "done"]
    if not found and (len(keys), outcomes) != (expected, {"sent": expected}):
        found.append(f"{len(keys)} of {expected} were sent: {outcomes}")
    return found


# --- called in a process of the installation ----------------------------------------------------------


def race(rounds: int) -> list[str]:
    """Rounds of all workers at once on fresh digests; what went wrong."""
    from django.conf import settings
    from django.db.models import Count

    from channels.servers import robot_here
    from guantong.channels.models import Delivery

    settings.INNER_HOSTS = ["127.0.0.1"]
    found: list[str] = []
    with robot_here() as robot:
        channel = _channel(robot.address)
        for number in range(rounds):
            on = _digests(channel, number)
            before = len(robot.got)
            answers = _crowd(on)
            keys = Counter(each.headers["Idempotency-Key"] for each in robot.got[before:])
            rows = Delivery.objects.filter(digest__day=on).values_list("outcome").annotate(n=Count("pk"))
            found += [f"round {number}: {each}" for each in faults(keys, dict(rows), DIGESTS, dict(answers))]
    return found


def _moment(on: dt.date) -> dt.datetime:
    from django.utils import timezone

    return dt.datetime.combine(on, dt.time(10), tzinfo=timezone.get_default_timezone())


def _channel(address: str) -> Any:
    from guantong.channels.models import Channel
    from guantong.kernel import clock

    return Channel.objects.create(
        kind="webhook", name="drill", server=address, link_base="https://gt.example.org", is_on=True,
        set_up_at=clock.now(),
    )  # fmt: skip


def _digests(channel: Any, number: int) -> dt.date:
    """So many persons with a digest of one day, one open notice each."""
    from guantong.accounts.models import Holding, Office, Person
    from guantong.channels.models import OutsideChoice
    from guantong.kernel import clock
    from guantong.notices.models import Digest
    from guantong.notices.operations import ask

    on = clock.today() + dt.timedelta(days=number)
    now = _moment(on)
    for place in range(DIGESTS):
        office = Office.objects.order_by("pk")[place]
        person = Person.objects.create_person(sign_in=f"d{number}-{place}", password=None, display_name="d")
        Holding.objects.create(person=person, office=office, starts_on=on)
        notice = ask(
            office=office, kind="due", about="tasks.task", about_ref=number, title="t", missing="", minutes=1,
            url=f"/tasks/{number}/", on=on,
        )  # fmt: skip
        choice = OutsideChoice.objects.create(person=person, subject=person.subject, changed_at=now)
        choice.channels.add(channel)
        Digest.objects.create(person=person, day=on, made_at=now).notices.add(notice)
    return on


def _crowd(on: dt.date) -> Counter[str]:
    together, answers = threading.Barrier(WORKERS), Counter[str]()
    crowd = [
        threading.Thread(target=_work, args=(on, together, answers), daemon=True) for _each in range(WORKERS)
    ]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    return answers


def _work(on: dt.date, together: threading.Barrier, answers: Counter[str]) -> None:
    from django.db import connection

    from guantong.channels.operations.delivering import deliver, plan_deliveries

    now = _moment(on)
    try:
        together.wait(timeout=60)
        plan_deliveries(on=on, now=now)
        deliver(now=now, read_clock=lambda: now)
        answers["done"] += 1
    except Exception as error:
        answers[type(error).__name__] += 1
    finally:
        connection.close()


def die_after_sending() -> dict[str, Any]:
    """A worker that ends between sending and marking, and the one that comes after it."""
    from django.conf import settings

    from channels.servers import robot_here
    from guantong.channels.models import Delivery
    from guantong.channels.operations import delivering

    settings.INNER_HOSTS = ["127.0.0.1"]
    with robot_here() as robot:
        on = _digests(_channel(robot.address), 0)
        now = _moment(on)
        delivering.plan_deliveries(on=on, now=now)
        claimed = delivering.claim_next(now=now)
        assert claimed is not None
        delivering._try(claimed, now=now)  # it went out; the outcome is never written
        for minutes in (1, 10, 60):
            later = now + dt.timedelta(minutes=minutes)
            delivering.deliver(now=later, read_clock=lambda later=later: later)  # type: ignore[misc]
        keys = Counter(each.headers["Idempotency-Key"] for each in robot.got)
        lost = Delivery.objects.get(pk=claimed.pk)
        return {"most": max(keys.values()), "sent": len(keys), "lost": lost.outcome, "why": lost.reason}
