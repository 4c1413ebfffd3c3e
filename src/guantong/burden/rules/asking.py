"""Who may ask whom: those below. Member units ask the territories below the level they sit at."""

from __future__ import annotations

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.burden.models import Addressee, FieldRequest
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit

MEMBER_UNIT = "member_unit"
BELOW_MEMBER_UNITS = ("territory", "home")


def reach_of(office: Office) -> Unit:
    """The unit below which the office may ask: its own scope; for a member unit the territory it serves."""
    if office.unit.kind == MEMBER_UNIT and office.unit.parent is not None:
        return office.unit.parent
    return office.scope


def may_be_asked(unit: Unit, *, by: Office) -> bool:
    """Whether the unit lies below the office. Nobody asks itself, nor the level it sits at from the side."""
    reach = reach_of(by)
    if unit.pk in (by.unit_id, reach.pk) or not unit.path.startswith(reach.path):
        return False
    return by.unit.kind != MEMBER_UNIT or unit.kind in BELOW_MEMBER_UNITS


def may_draft(actor: Actor, cycle: Cycle) -> bool:
    """Whoever asks units below, in a year that binds them."""
    if not actor.may("burden.issue"):
        return False
    if not isinstance(actor, Acting) or actor.office is None:
        return True
    return actor.office.unit.path.startswith(cycle.unit.path)


def may_run(actor: Actor, request: FieldRequest) -> bool:
    """The issuing unit, and whoever runs the year over it."""
    if not actor.may("burden.issue"):
        return False
    if not isinstance(actor, Acting) or actor.office is None:
        return True
    if actor.office.unit_id == request.issuer_id:
        return True
    return actor.may("cycles.run") and actor.sees(request.issuer.path)


def may_enter_paper(actor: Actor, addressee: Addressee) -> bool:
    """Somebody in the unit, above it, or of the issuing unit, to whom the slip came back."""
    if not actor.may("records.write"):
        return False
    if not isinstance(actor, Acting) or actor.office is None:
        return True
    return actor.sees(addressee.unit.path) or actor.office.unit_id == addressee.request.issuer_id


def answers_itself(actor: Actor, obligation: Obligation) -> bool:
    """Whether the office acted for belongs to the unit that is asked."""
    return (
        isinstance(actor, Acting) and actor.office is not None and actor.office.unit_id == obligation.unit_id
    )


def may_set_budget(actor: Actor, cycle: Cycle) -> bool:
    """Whoever runs the year over the whole of it."""
    return actor.may("cycles.run") and actor.sees(cycle.unit.path)
