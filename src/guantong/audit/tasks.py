"""Checking the log in the background."""

from __future__ import annotations

from django_tasks import task

from guantong.audit.verification import keep_verdict, verify_log
from guantong.kernel import clock


@task()
def check_log() -> bool:
    """Verify the whole log and keep the verdict; true where nothing was wrong."""
    verdict = verify_log()
    keep_verdict(verdict, now=clock.now())
    return verdict.clean
