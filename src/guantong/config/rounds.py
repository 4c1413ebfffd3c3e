"""What the worker does in its rounds. Each step stands by itself: one that fails is logged and said, the next goes on."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from guantong.accounts.acting import Console
from guantong.api.webhooks.deriving import derive_events
from guantong.api.webhooks.sending import send_due
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
from guantong.grassroots.operations.demand_rising import raise_from_vacant_seats
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


class Round:
    """The steps of one round, and the names of those that failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def do(self, step: Callable[..., Any], **given: Any) -> Any:
        """What the step gives; None where it failed. Its transaction is its own, so nothing of it stays half done."""
        try:
            return step(**given)
        except Exception:
            log.exception("step failed: %s", step.__name__)
            self.failed.append(step.__name__)
            return None


def upkeep() -> list[str]:
    """Lights that change by time, matters, bookings, gaps, notices and digests, then tallies. Harmless to repeat.

    Returns the names of the steps that failed.
    """
    now = clock.now()
    today = clock.today(now)
    forget()
    done = Round()
    done.do(keep_log, now=now, today=today)
    done.do(let_consents_lapse, on=today, now=now, actor=WORKER)
    done.do(end_pairings_of_closed, now=now, actor=WORKER)
    for cycle in done.do(_cycles) or ():
        _upkeep_of(cycle, done, today=today, now=now)
    done.do(make_digests, on=today, hour=timezone.localtime(now).hour, now=now)
    done.do(plan_deliveries, on=today, now=now)
    done.do(deliver, now=clock.now())
    done.do(keep_log, now=now, today=today)  # what this round wrote itself
    done.do(derive_events, on=today, now=now)
    done.do(send_due, now=clock.now())
    done.do(follow_log, now=clock.now())
    note_round(now=clock.now(), failed=done.failed)
    return done.failed


def _cycles() -> list[Cycle]:
    return list(Cycle.objects.select_related("unit", "stored"))


def _upkeep_of(cycle: Cycle, done: Round, *, today: dt.date, now: dt.datetime) -> None:
    by = {"cycle": cycle, "actor": WORKER, "now": now}
    done.do(find_gaps, on=today, **by)
    done.do(continue_pairings, **by)
    done.do(end_requests, on=today, **by)
    done.do(sweep_bookings, **by)
    changed = done.do(sweep_lights, on=today, **by)
    done.do(follow_waist, **by)
    done.do(ask_for_progress, on=today, **by)
    done.do(let_windows_lapse, on=today, **by)
    done.do(propose_escalations, on=today, **by)
    done.do(refresh_notices, on=today, **by)
    done.do(ask_about_cases, on=today, **by)
    done.do(take_answers_of_cases, **by)
    done.do(end_campaigns, **by)
    done.do(raise_from_vacant_seats, on=today, **by)
    done.do(ask_about_demands, on=today, **by)
    done.do(ask_about_meetings, on=today, **by)
    done.do(ask_about_reception, on=today, **by)
    if done.do(recount_if_changed, cycle=cycle, on=today, now=now) or changed:
        log.info("cycle %s: %s lights changed", cycle.pk, changed)


def daily() -> list[str]:
    """Retention, and a check of the whole log. Returns the names of the steps that failed."""
    now = clock.now()
    done = Round()
    gone = done.do(purge, now=now)
    for cycle in done.do(_cycles) or ():
        done.do(take_built_in_catalogue, cycle=cycle, actor=WORKER, now=now)
        done.do(expire_applicants, cycle=cycle, on=clock.today(now), now=now, actor=WORKER)
    done.do(forget_old_files, now=now, actor=WORKER)
    log.info("retention: %s", gone)
    done.do(check_log.enqueue)
    return done.failed
