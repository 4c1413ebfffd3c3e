"""The background worker: queued jobs, and once a day the sweep of lights. One process is enough for a city."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from guantong.accounts.acting import Console
from guantong.audit import standing
from guantong.audit.sequencing import keep_log
from guantong.audit.tasks import check_log
from guantong.config.retention import purge
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle
from guantong.privacy.keys import forget
from guantong.reporting.tallies import recount_if_changed
from guantong.supervision.operations import sweep_lights

log = logging.getLogger(__name__)

TICK_SECONDS = 2.0
UPKEEP_SECONDS = 60.0
DAY_SECONDS = 24 * 3600.0


def upkeep() -> None:
    """Lights that change by time, then tallies of what changed. Harmless to repeat."""
    now = clock.now()
    today = clock.today(now)
    forget()
    keep_log(now=now, today=today)
    for cycle in Cycle.objects.select_related("unit", "stored"):
        changed = sweep_lights(actor=Console("worker"), on=today, now=now, cycle=cycle)
        if recount_if_changed(cycle, on=today, now=now) or changed:
            log.info("cycle %s: %s lights changed", cycle.pk, changed)


def drain() -> None:
    """Run the jobs that are waiting, then return."""
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="guantong-worker",
    ).run()


def daily() -> None:
    """Retention, and a check of the whole log."""
    gone = purge(now=clock.now())
    log.info("retention: %s", gone)
    check_log.enqueue()


class Stop:
    """Set by SIGTERM and SIGINT; the worker ends after the job in hand."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def run_worker(*, once: bool = False) -> None:
    """Do upkeep and jobs, for ever or once."""
    stop = Stop()
    next_upkeep = 0.0
    next_day = 0.0
    while not stop.asked:
        close_old_connections()
        why = standing.is_rolled_back()
        if why:
            log.error("%s", why)
            if once:
                return
            time.sleep(UPKEEP_SECONDS)
            continue
        if time.monotonic() >= next_day:
            daily()
            next_day = time.monotonic() + DAY_SECONDS
        if time.monotonic() >= next_upkeep:
            upkeep()
            next_upkeep = time.monotonic() + UPKEEP_SECONDS
        drain()
        if once:
            return
        time.sleep(TICK_SECONDS)
