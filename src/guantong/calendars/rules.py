"""Who keeps the calendar of a territory."""

from __future__ import annotations

from guantong.accounts.acting import Actor
from guantong.organisation.models import Unit


def may_keep(actor: Actor, unit: Unit) -> bool:
    """The coordinating office, for the territory it looks after and what lies below."""
    return actor.may("cycles.run") and actor.sees(unit.path)
