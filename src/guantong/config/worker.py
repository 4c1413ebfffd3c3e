"""The background worker: queued jobs, and once a day the sweep of lights. One process is enough for a city."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from guantong.audit import standing
from guantong.config.rounds import daily, upkeep

log = logging.getLogger(__name__)

TICK_SECONDS = 2.0
UPKEEP_SECONDS = 60.0
DAY_SECONDS = 24 * 3600.0


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


class Stop:
    """Set by SIGTERM and SIGINT; the worker ends after the job in hand."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def wait(self, seconds: float) -> None:
        """Sleep, but not on after being asked to stop: ``time.sleep`` goes on after a signal."""
        until = time.monotonic() + seconds
        while not self.asked and time.monotonic() < until:
            time.sleep(min(0.5, seconds))


def run_worker(*, once: bool = False) -> list[str]:
    """Do upkeep and jobs, for ever or once; returns the names of the steps that failed in the one round."""
    stop = Stop()
    failed: list[str] = []
    next_upkeep = 0.0
    next_day = 0.0
    while not stop.asked:
        close_old_connections()
        why = standing.is_rolled_back()
        if why:
            log.error("%s", why)
            if once:
                return failed
            stop.wait(UPKEEP_SECONDS)
            continue
        if time.monotonic() >= next_day:
            failed += daily()
            next_day = time.monotonic() + DAY_SECONDS
        if time.monotonic() >= next_upkeep:
            failed += upkeep()
            next_upkeep = time.monotonic() + UPKEEP_SECONDS
        drain()
        if once:
            return failed
        failed.clear()
        stop.wait(TICK_SECONDS)
    return failed
