"""Scoring in the worker: a run of a city is no work for a request."""

from __future__ import annotations

import datetime as dt
import logging

from django_tasks import task

from guantong.accounts.acting import Acting
from guantong.accounts.models import Office, Person
from guantong.assessment.operations import run_scores
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle

log = logging.getLogger(__name__)


@task()
def compute_scores(cycle: int, as_of: str, person: int, office: int) -> int | None:
    """Run the scores for the person who asked, acting for the office they acted for then."""
    acting = Acting(
        Person.objects.get(pk=person), Office.objects.select_related("scope", "unit").get(pk=office)
    )
    try:
        run = run_scores(
            cycle=Cycle.objects.select_related("unit", "stored").get(pk=cycle),
            as_of=dt.date.fromisoformat(as_of),
            actor=acting,
            now=clock.now(),
        )
    except Refusal as refusal:
        log.warning("scoring refused: %s", refusal)
        return None
    return run.pk
