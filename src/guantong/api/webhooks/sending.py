"""Sending what is due. A try is claimed and committed before it goes out; what is not taken is tried again later.

Where an answer was lost nobody knows whether it arrived: that is written down, and the next try carries the same number.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from requests import RequestException

from guantong.api.choices import SendOutcome
from guantong.api.models import Event, Send
from guantong.api.webhooks.messages import letter_of
from guantong.channels.choices import Reason
from guantong.channels.limits import LOST_AFTER
from guantong.channels.senders.transport import Requests
from guantong.channels.senders.watching import Watch
from guantong.kernel import clock
from guantong.kernel.privacy import KEEP
from guantong.privacy.secrets import open_secret

log = logging.getLogger(__name__)
PAUSES = tuple(dt.timedelta(minutes=each) for each in (1, 5, 15, 60, 180, 720, 1440))
UNCLEAR = {Reason.NO_ANSWER, Reason.BROKEN_OFF, Reason.INTERRUPTED}
EACH_ROUND, ROUND_SECONDS = 100, 20.0


def send_due(*, now: dt.datetime, read_clock: Callable[[], dt.datetime] = clock.now) -> int:
    """Send one after the other for some of the worker's minute; returns how many were taken in hand."""
    Send.objects.filter(outcome=SendOutcome.SENDING, claimed_at__lt=now - LOST_AFTER).update(
        outcome=SendOutcome.WAITING, reason=Reason.INTERRUPTED
    )
    for count in range(EACH_ROUND):
        send = _claim_next(now)
        if send is None:
            return count
        _settle(send, _try(send, now), now)
        if (read_clock() - now).total_seconds() > ROUND_SECONDS:
            return count + 1
    return EACH_ROUND


@transaction.atomic
def _claim_next(now: dt.datetime) -> Send | None:
    due = Send.objects.filter(outcome=SendOutcome.WAITING, next_at__lte=now).order_by("next_at", "id")
    send = due.select_for_update(skip_locked=True, of=("self",)).select_related("webhook", "event").first()
    if send is None:
        return None
    send.outcome, send.claimed_at, send.tries = SendOutcome.SENDING, now, send.tries + 1
    send.save(update_fields=["outcome", "claimed_at", "tries"])
    return send


def _try(send: Send, now: dt.datetime) -> Reason | None:
    """Why it was not taken, as far as is known; NONE where it was, None where nothing is to be sent any more."""
    if send.webhook.ended_at is not None:
        return None
    letter = letter_of(send, secret=open_secret(send.webhook.sealed), now=now)
    with Watch() as watch:
        try:
            Requests().post(send.webhook.address, data=letter.body, headers=letter.headers)
        except RequestException:
            pass
        except Exception as error:  # whatever went wrong, it may have gone out
            log.error("send %s broke off: %s", send.pk, type(error).__name__)
    if watch.answer is None:
        if watch.refused:
            return watch.refused.reason
        return Reason.NO_ANSWER if watch.written else Reason.NO_CONNECTION
    status = watch.answer[0]
    if 200 <= status < 300:
        return Reason.NONE
    if 300 <= status < 400:
        return Reason.REDIRECTED
    return Reason.TURNED_DOWN if status < 500 else Reason.BROKEN_OFF


def _settle(send: Send, reason: Reason | None, now: dt.datetime) -> None:
    changed: dict[str, object] = {"reason": reason or Reason.NONE}
    if reason is None:
        changed |= {"outcome": SendOutcome.DROPPED, "ended_at": now}
    elif reason == Reason.NONE:
        changed |= {"outcome": SendOutcome.TAKEN, "ended_at": now}
    elif send.tries <= len(PAUSES):
        changed |= {"outcome": SendOutcome.WAITING, "next_at": now + PAUSES[send.tries - 1]}
    else:
        ended = SendOutcome.UNKNOWN if reason in UNCLEAR else SendOutcome.FAILED
        changed |= {"outcome": ended, "ended_at": now}
    Send.objects.filter(pk=send.pk, outcome=SendOutcome.SENDING, tries=send.tries).update(**changed)


def purge_sends(*, now: dt.datetime) -> int:
    """Delete what ended long ago; returns how many rows went. Done by the retention job."""
    days = KEEP[Send.privacy.keep]
    assert days is not None
    before = now - dt.timedelta(days=days)
    gone = Send.objects.filter(ended_at__lt=before).delete()[0]
    return gone + Event.objects.filter(at__lt=before, sends=None).delete()[0]
