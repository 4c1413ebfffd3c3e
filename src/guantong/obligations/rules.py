"""May this office do this to this obligation? No writes here."""

from __future__ import annotations

from collections.abc import Sequence

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import Role
from guantong.obligations.choices import Reviewer, State, Verdict
from guantong.obligations.models import Claim, Obligation, Review


def may_claim(acting: Actor, obligation: Obligation) -> bool:
    """The office that owes it, or another office of the same unit."""
    if not obligation.is_claimable or not acting.may("obligations.claim"):
        return False
    if not isinstance(acting, Acting):
        return True
    assert acting.office is not None
    return acting.office.pk == obligation.office_id or acting.office.unit_id == obligation.unit_id


def may_review(acting: Actor, claim: Claim, *, taken: Sequence[Review]) -> bool:
    """Whoever the next step of the review names; nobody who claimed or took a step, nor stood in or was stood in for.

    ``taken`` are the steps already taken.
    """
    obligation = claim.obligation
    if obligation.state != State.CLAIMED or not acting.may("obligations.review"):
        return False
    steps = obligation.review_steps
    if len(taken) >= len(steps) or any(each.verdict == Verdict.RETURNED for each in taken):
        return False
    if not isinstance(acting, Acting):
        return True
    assert acting.office is not None
    people = [claim.claimant_id, claim.claimed_in_place_of_id, *(each.reviewer_id for each in taken)]
    if not acting.sees(obligation.unit_path) or acting.shares_a_person_with(*people):
        return False
    inside = acting.office.unit_id == obligation.unit_id
    step = steps[len(taken)]
    if step == Reviewer.OWN_HEAD:
        return inside and acting.office.role == Role.UNIT_HEAD
    if (step == Reviewer.LEADER) != (acting.office.role == Role.LEADER):
        return False
    return not inside and acting.office.pk != claim.claimed_by_id


def may_ask_extension(acting: Actor, obligation: Obligation) -> bool:
    return may_claim(acting, obligation) and obligation.due_on is not None


def may_order(acting: Actor, obligation: Obligation) -> bool:
    """Suspend, excuse, resume or decide on more time: who runs supervision over the unit."""
    return acting.may("supervision.run") and acting.sees(obligation.unit_path)
