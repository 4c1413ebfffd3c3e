"""Sending what was planned, each thing at most once.

A delivery is claimed under a row lock, in a transaction of its own, before anything goes out; then it is sent; then the
outcome is written. Where the program ends in between, the row stays claimed: after a while it is marked "unknown" and is
not repeated, for nobody can know whether it arrived.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from guantong.channels.choices import Outcome, Reason
from guantong.channels.limits import EACH_ROUND, LOST_AFTER, OLD_AFTER, PAUSES, ROUND_SECONDS
from guantong.channels.messages import digest_message, notices_to_tell, test_message
from guantong.channels.models import Delivery, OutsideChoice
from guantong.channels.rules import quiet_until
from guantong.channels.senders.results import NotSent, Unclear
from guantong.channels.senders.sending import Message, send_message
from guantong.kernel import clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ended:
    """How one try ended."""

    outcome: str
    reason: str = Reason.NONE
    notices: int = 0


def plan_deliveries(*, on: dt.date, now: dt.datetime) -> int:
    """One row for each of today's digests and each channel that its person chose; returns how many are new."""
    chosen = OutsideChoice.channels.through.objects.filter(
        channel__is_on=True, outsidechoice__person__digests__day=on, outsidechoice__person__is_active=True
    ).values_list(
        "outsidechoice__person__digests__pk", "channel", "outsidechoice__quiet_from", "outsidechoice__quiet_to",
        "outsidechoice__person__digests__day",
    )  # fmt: skip
    planned = set(Delivery.objects.filter(digest__day=on).values_list("digest", "channel"))
    fresh = [
        Delivery(digest_id=digest, channel_id=channel, planned_at=now, next_at=quiet_until(now, begins, ends))
        for digest, channel, begins, ends, day in chosen
        if day == on and (digest, channel) not in planned
    ]
    Delivery.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(fresh)


def deliver(*, now: dt.datetime, read_clock: Callable[[], dt.datetime] = clock.now) -> int:
    """Send what is due, one after the other, for most of a worker's minute; returns how many were taken in hand."""
    settle_lost(now=now)
    for count in range(EACH_ROUND):
        delivery = claim_next(now=now)
        if delivery is None:
            return count
        _settle(delivery, _try(delivery, now=now), now=now)
        if (read_clock() - now).total_seconds() > ROUND_SECONDS:
            return count + 1
    return EACH_ROUND


@transaction.atomic
def claim_next(*, now: dt.datetime) -> Delivery | None:
    """The next one due, marked as being sent; nobody else can get it after this is committed."""
    due = Delivery.objects.filter(outcome=Outcome.WAITING, next_at__lte=now).order_by("next_at", "id")
    delivery = due.select_for_update(skip_locked=True, of=("self",)).first()
    if delivery is None:
        return None
    delivery.outcome, delivery.claimed_at, delivery.tries = Outcome.SENDING, now, delivery.tries + 1
    delivery.save(update_fields=["outcome", "claimed_at", "tries"])
    return delivery


def settle_lost(*, now: dt.datetime) -> int:
    """What was claimed and never answered for: unknown, and not repeated."""
    lost = Delivery.objects.filter(outcome=Outcome.SENDING, claimed_at__lt=now - LOST_AFTER)
    return lost.update(outcome=Outcome.UNKNOWN, reason=Reason.INTERRUPTED, ended_at=now)


def _try(delivery: Delivery, *, now: dt.datetime) -> Ended:
    if delivery.is_test:
        to = delivery.channel.sender
        return _send(delivery, test_message(delivery), to=to, notices=0)
    assert delivery.digest is not None
    choice = (
        OutsideChoice.objects.select_related("person")
        .filter(person=delivery.digest.person_id, channels=delivery.channel_id, person__is_active=True)
        .first()
    )
    if choice is None or not delivery.channel.is_on:
        return Ended(Outcome.NOTHING, Reason.SWITCHED_OFF)
    if now - delivery.digest.made_at > OLD_AFTER:
        return Ended(Outcome.FAILED, Reason.TOO_OLD)
    if quiet_until(now, choice.quiet_from, choice.quiet_to) > now:
        return Ended(Outcome.WAITING)
    notices = notices_to_tell(delivery, choice, on=clock.today(now))
    if not notices:
        return Ended(Outcome.NOTHING)
    to = str(choice.address) if choice.address else ""
    return _send(delivery, digest_message(delivery, choice, notices), to=to, notices=len(notices))


def _send(delivery: Delivery, message: Message, *, to: str, notices: int) -> Ended:
    try:
        send_message(delivery.channel, message, to=to)
    except NotSent as error:
        return Ended(Outcome.FAILED if error.for_good else Outcome.WAITING, error.reason, notices)
    except Unclear as error:
        return Ended(Outcome.UNKNOWN, error.reason, notices)
    except Exception as error:  # whatever went wrong, it may have gone out
        log.error("delivery %s broke off: %s", delivery.pk, type(error).__name__)
        return Ended(Outcome.UNKNOWN, Reason.BROKEN_OFF, notices)
    return Ended(Outcome.SENT, Reason.NONE, notices)


def _settle(delivery: Delivery, ended: Ended, *, now: dt.datetime) -> None:
    """Write the outcome, if this try still has the row in hand."""
    changed: dict[str, object] = {"reason": ended.reason, "notices": ended.notices}
    if ended.outcome == Outcome.WAITING and delivery.is_test:
        changed |= {
            "outcome": Outcome.FAILED,
            "ended_at": now,
        }  # whoever tests looks at the outcome and asks again
    elif ended.outcome == Outcome.WAITING:
        changed |= _later(delivery, ended, now)
    else:
        changed |= {"outcome": ended.outcome, "ended_at": now}
    mine = Q(pk=delivery.pk, outcome=Outcome.SENDING, tries=delivery.tries)
    Delivery.objects.filter(mine).update(**changed)


def _later(delivery: Delivery, ended: Ended, now: dt.datetime) -> dict[str, object]:
    """The next try, after a longer pause each time and never within quiet hours; or none any more."""
    if ended.reason == Reason.NONE:  # quiet hours: no try was made
        tries, pause = delivery.tries - 1, dt.timedelta(0)
    elif delivery.tries > len(PAUSES):
        return {"outcome": Outcome.FAILED, "ended_at": now}
    else:
        tries, pause = delivery.tries, PAUSES[delivery.tries - 1]
    assert delivery.digest is not None
    choice = OutsideChoice.objects.filter(person=delivery.digest.person_id).first()
    begins, ends = (choice.quiet_from, choice.quiet_to) if choice else (None, None)
    return {"outcome": Outcome.WAITING, "next_at": quiet_until(now + pause, begins, ends), "tries": tries}
