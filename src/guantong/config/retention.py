"""What is not needed any more goes, by the retention class of its model. Done by the worker once a day."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks_db.models import DBTaskResult

from guantong.accounts.idempotency import purge_keys
from guantong.accounts.models import SignInAttempt
from guantong.api.webhooks.sending import purge_sends
from guantong.channels.retention import purge_deliveries
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
        "counters": _purge_counters(now),
        "jobs": DBTaskResult.objects.filter(finished_at__lt=_before("session", now)).delete()[0],
        "deliveries": purge_deliveries(now=now),
        "webhook_sends": purge_sends(now=now),
        "idempotency_keys": purge_keys(now=now),
        "keys": finish_erasures(),
    }


def _purge_counters(now: dt.datetime) -> int:
    """Rate limits that have run out; their names carry addresses, and the cache itself drops rows only when full."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        ended = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [ended])  # noqa: S608 - a name of our settings
        return int(cursor.rowcount)
