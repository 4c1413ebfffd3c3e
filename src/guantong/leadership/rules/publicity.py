"""Who plans publicity, and who says what came of it."""

from __future__ import annotations

from guantong.accounts.acting import Acting, Actor
from guantong.leadership.models import PublicityItem
from guantong.organisation.models import Unit


def may_plan(actor: Actor, unit: Unit) -> bool:
    """The coordinating office, for offices of the units in its sight."""
    return actor.may("leadership.run") and actor.sees(unit.path)


def may_report(actor: Actor, item: PublicityItem) -> bool:
    """An office of the owner's unit."""
    if not actor.may("obligations.claim"):
        return False
    if not isinstance(actor, Acting):
        return True
    return actor.office is not None and actor.office.unit_id == item.owner.unit_id
