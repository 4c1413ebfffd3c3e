"""The background worker: queued jobs, and once a day the sweep of lights. One process is enough for a city."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType

from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from guantong.accounts.acting import Console
from guantong.api.webhooks.deriving import derive_events
from guantong.api.webhooks.sending import send_due
from guantong.audit import standing
from guantong.audit.sequencing import keep_log
from guantong.audit.tasks import check_log
from guantong.burden.operations.issuing import end_requests
from guantong.cases.asking import ask_about_cases
from guantong.cases.retention import expire_applicants
from guantong.channels.operations.delivering import deliver, plan_deliveries
from guantong.config.retention import purge
from guantong.grassroots.asking import ask_about_demands
from guantong.grassroots.operations.campaigns import end_campaigns
from guantong.grassroots.operations.catalogue import take_built_in_catalogue
from guantong.grassroots.operations.coverage import find_gaps
from guantong.grassroots.operations.demand_cases import take_answers_of_cases
from guantong.importing.retention import forget_old_files
from guantong.kernel import clock
from guantong.leadership.asking import ask_about_meetings
from guantong.leadership.operations.pairing_handover import continue_pairings, end_pairings_of_closed
from guantong.mechanisms.models import Cycle
from guantong.notices.digests import make_digests
from guantong.partners.operations.consents import let_consents_lapse
from guantong.privacy.keys import forget
from guantong.reception.asking import ask_about_reception
from guantong.reception.operations.sweeping import sweep_bookings
from guantong.reporting.tallies import recount_if_changed
from guantong.search.following import follow_log
from guantong.supervision.operations import sweep_lights
from guantong.supervision.operations.following import follow_waist
from guantong.supervision.operations.ladder import propose_escalations
from guantong.supervision.operations.reminders import refresh_notices
from guantong.supervision.operations.reporting import ask_for_progress
from guantong.supervision.operations.rulings import let_windows_lapse
from guantong.web.health.heartbeat import note_round

log = logging.getLogger(__name__)

WORKER = Console("worker")
TICK_SECONDS = 2.0
UPKEEP_SECONDS = 60.0
DAY_SECONDS = 24 * 3600.0


def upkeep() -> None:
    """Lights that change by time, matters, bookings, gaps, notices and digests, then tallies. Harmless to repeat."""
    now = clock.now()
    today = clock.today(now)
    forget()
    keep_log(now=now, today=today)
    let_consents_lapse(on=today, now=now, actor=WORKER)
    end_pairings_of_closed(now=now, actor=WORKER)
    for cycle in Cycle.objects.select_related("unit", "stored"):
        find_gaps(cycle=cycle, on=today, now=now, actor=WORKER)
        continue_pairings(cycle=cycle, now=now, actor=WORKER)
        end_requests(on=today, now=now, actor=WORKER, cycle=cycle)
        sweep_bookings(cycle=cycle, now=now, actor=WORKER)
        changed = sweep_lights(actor=WORKER, on=today, now=now, cycle=cycle)
        follow_waist(cycle=cycle, now=now, actor=WORKER)
        ask_for_progress(cycle=cycle, on=today, now=now, actor=WORKER)
        let_windows_lapse(cycle=cycle, on=today, now=now, actor=WORKER)
        propose_escalations(cycle=cycle, on=today, now=now, actor=WORKER)
        refresh_notices(cycle=cycle, on=today, now=now, actor=WORKER)
        ask_about_cases(cycle=cycle, on=today, now=now, actor=WORKER)
        take_answers_of_cases(cycle=cycle, actor=WORKER, now=now)
        end_campaigns(cycle=cycle, actor=WORKER, now=now)
        ask_about_demands(cycle=cycle, on=today, now=now, actor=WORKER)
        ask_about_meetings(cycle=cycle, on=today, now=now, actor=WORKER)
        ask_about_reception(cycle=cycle, on=today, now=now, actor=WORKER)
        if recount_if_changed(cycle, on=today, now=now) or changed:
            log.info("cycle %s: %s lights changed", cycle.pk, changed)
    make_digests(on=today, hour=timezone.localtime(now).hour, now=now)
    plan_deliveries(on=today, now=now)
    deliver(now=clock.now())
    keep_log(now=now, today=today)  # what this round wrote itself
    derive_events(on=today, now=now)
    send_due(now=clock.now())
    follow_log(now=clock.now())
    note_round(now=clock.now())


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
    now = clock.now()
    gone = purge(now=now)
    for cycle in Cycle.objects.select_related("unit", "stored"):
        take_built_in_catalogue(cycle=cycle, actor=WORKER, now=now)
        expire_applicants(cycle=cycle, on=clock.today(now), now=now, actor=WORKER)
    forget_old_files(now=now, actor=WORKER)
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

    def wait(self, seconds: float) -> None:
        """Sleep, but not on after being asked to stop: ``time.sleep`` goes on after a signal."""
        until = time.monotonic() + seconds
        while not self.asked and time.monotonic() < until:
            time.sleep(min(0.5, seconds))


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
            stop.wait(UPKEEP_SECONDS)
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
        stop.wait(TICK_SECONDS)
