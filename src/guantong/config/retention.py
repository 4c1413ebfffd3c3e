"""What is not needed any more goes, by the retention class of its model. Done by the worker once a day."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from guantong.accounts.models import SignInAttempt
from guantong.kernel.privacy import KEEP
from guantong.privacy.operations import finish_erasures


def _before(keep: str, now: dt.datetime) -> dt.datetime:
    days = KEEP[keep]
    assert days is not None
    return now - dt.timedelta(days=days)


def purge(*, now: dt.datetime) -> dict[str, int]:
    """Delete what is past its time; returns how many rows of each went."""
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    live = Session.objects.values("session_key")
    return {
        "attempts": SignInAttempt.objects.filter(at__lt=_before(SignInAttempt.privacy.keep, now)).delete()[0],
        "sessions": sessions,
        "session_rows": UserSession.objects.exclude(session_key__in=live).delete()[0],
        "jobs": DBTaskResult.objects.filter(finished_at__lt=_before("session", now)).delete()[0],
        "keys": finish_erasures(),
    }
