"""Who sets up bodies and says who sits in them."""

from __future__ import annotations

from guantong.accounts.acting import Actor
from guantong.organisation.models import Unit


def may_set_up(actor: Actor, unit: Unit) -> bool:
    """The coordinating office, over the units in its sight."""
    return actor.may("leadership.run") and actor.sees(unit.path)
