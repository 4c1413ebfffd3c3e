"""Slowing down whoever guesses passwords: counted in the database, so every process sees the same.

After five failures for a name within a quarter of an hour it is locked for a quarter of an hour, whether the
name exists or not; after fifty failures from one address, that address. The answer never tells which.
"""

from __future__ import annotations

import datetime as dt

from guantong.accounts.models import Outcome, SignInAttempt
from guantong.privacy.keys import index_of

WINDOW = dt.timedelta(minutes=15)
MOST_PER_NAME = 5
MOST_PER_SOURCE = 50


def is_locked(*, sign_in: str, source: str, now: dt.datetime) -> bool:
    """Whether this name or this address has failed too often lately."""
    since = now - WINDOW
    who = index_of(sign_in)
    outcomes = list(
        SignInAttempt.objects.filter(who=who, at__gt=since)
        .order_by("-at", "-pk")
        .values_list("outcome", flat=True)
    )
    failures = 0
    for outcome in outcomes:
        if outcome != Outcome.FAILED:
            break
        failures += 1
    if failures >= MOST_PER_NAME:
        return True
    from_source = SignInAttempt.objects.filter(
        source=index_of(f"source {source}"), at__gt=since, outcome=Outcome.FAILED
    )
    return from_source.count() >= MOST_PER_SOURCE


def note_attempt(*, sign_in: str, source: str, outcome: str, now: dt.datetime) -> SignInAttempt:
    return SignInAttempt.objects.create(
        who=index_of(sign_in), source=index_of(f"source {source}"), outcome=outcome, at=now
    )


def locked_names(*, now: dt.datetime) -> set[str]:
    """Keyed indexes of the names that are locked now."""
    runs: dict[str, int] = {}
    ended: set[str] = set()
    recent = SignInAttempt.objects.filter(at__gt=now - WINDOW).order_by("-at", "-pk")
    for who, outcome in recent.values_list("who", "outcome"):
        if outcome != Outcome.FAILED:
            ended.add(who)
        elif who not in ended:
            runs[who] = runs.get(who, 0) + 1
    return {who for who, failures in runs.items() if failures >= MOST_PER_NAME}
