"""Ending obligations by a fact that the program sees itself: nobody has to claim what is plain, nor review it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import State
from guantong.obligations.lighting import all_relit
from guantong.obligations.models import Obligation


def settle_by_fact(
    obligations: Iterable[tuple[Obligation, dt.date | None]], *, today: dt.date, cycle: Cycle
) -> list[Obligation]:
    """Fulfil each as of the day its fact came true, or cancel it (None); what is settled already stays as it is.

    Without record and without claim. Called by the operation that saw the facts, which holds the rows locked and
    writes the log row with their states.
    """
    ended = []
    for obligation, done_on in obligations:
        if obligation.is_settled:
            continue
        obligation.next_review = ""
        obligation.state = State.FULFILLED if done_on else State.CANCELLED
        if done_on:
            obligation.claimed_on, obligation.settled_on = done_on, today
        ended.append(obligation)
    all_relit(ended, on=today, cycle=cycle)
    fields = ["state", "claimed_on", "settled_on", "next_review", "light", "relight_on"]
    Obligation.objects.bulk_update(ended, fields, batch_size=500)
    return ended
