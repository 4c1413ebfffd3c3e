"""May this office do this to this obligation? No writes here."""

from __future__ import annotations

from guantong.accounts.acting import Acting, Actor
from guantong.obligations.choices import State
from guantong.obligations.models import Claim, Obligation


def may_claim(acting: Actor, obligation: Obligation) -> bool:
    """The office that owes it, or another office of the same unit."""
    if not obligation.is_claimable or not acting.may("obligations.claim"):
        return False
    if not isinstance(acting, Acting):
        return True
    assert acting.office is not None
    return acting.office.pk == obligation.office_id or acting.office.unit_id == obligation.unit_id


def may_review(acting: Actor, claim: Claim) -> bool:
    """An office above, outside the unit that claims; nobody who claimed, nor stood in or was stood in for."""
    obligation = claim.obligation
    if obligation.state != State.CLAIMED or not acting.may("obligations.review"):
        return False
    if not isinstance(acting, Acting):
        return True
    assert acting.office is not None
    return (
        acting.sees(obligation.unit_path)
        and acting.office.unit_id != obligation.unit_id
        and acting.office.pk != claim.claimed_by_id
        and not acting.shares_a_person_with(claim.claimant_id, claim.claimed_in_place_of_id)
    )


def may_ask_extension(acting: Actor, obligation: Obligation) -> bool:
    return may_claim(acting, obligation) and obligation.due_on is not None


def may_order(acting: Actor, obligation: Obligation) -> bool:
    """Suspend, excuse, resume or decide on more time: who runs supervision over the unit."""
    return acting.may("supervision.run") and acting.sees(obligation.unit_path)
