"""Whether the installation can serve: one word for each thing, no address, no path, no number that tells more."""

from __future__ import annotations

import datetime as dt
import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from guantong.audit import standing
from guantong.audit.models import Verification
from guantong.web.health.heartbeat import LATE_AFTER, last_round, steps_failed

OK = "ok"
LEAST_FREE = 200 * 1024 * 1024
# A late or failing worker is said, and does not take the web application out of service: pages go on without it.
NEEDED = ("database", "migrations", "disk", "log")


def readiness(*, now: dt.datetime) -> dict[str, str]:
    """A word for each: ``ok`` or what is wrong."""
    words = {"database": _database()}
    if words["database"] == OK:
        words |= {"migrations": _migrations(), "log": _log()}
    else:
        words |= dict.fromkeys(("migrations", "log"), "unknown")
    return words | {"disk": _disk(), "worker": _worker(now)}


def is_ready(words: dict[str, str]) -> bool:
    return all(words[name] == OK for name in NEEDED)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "failing"
    return OK


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return OK if not executor.migration_plan(executor.loader.graph.leaf_nodes()) else "missing"


def _log() -> str:
    try:
        if standing.is_rolled_back():
            return "rolled back"
        last = Verification.objects.order_by("-at").first()
    except DatabaseError:
        return "unknown"
    return "faults" if last and last.faults else OK


def _disk() -> str:
    try:
        return OK if shutil.disk_usage(settings.HOME).free >= LEAST_FREE else "full"
    except OSError:
        return "missing"


def _worker(now: dt.datetime) -> str:
    last = last_round()
    if last is None:
        return "never"
    if now - last > LATE_AFTER:
        return "late"
    return "failing" if steps_failed() else OK
