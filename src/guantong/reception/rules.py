"""Who lays out days, who receives, and who may read who is coming."""

from __future__ import annotations

from guantong.accounts.acting import Acting
from guantong.accounts.choices import FUNCTIONS
from guantong.accounts.models import Office
from guantong.cases.applicant import Applicant, Doer
from guantong.cases.conflicts import keeps_away
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.terms import Terms


def may_run(actor: Doer, unit: Unit) -> bool:
    """The coordinating office, for the offices of a unit in its sight."""
    return actor.may("reception.run") and actor.sees(unit.path)


def receives(actor: Doer, day: ReceptionDay) -> bool:
    """Whether the day is the actor's own to hold."""
    return _is_office(actor, day.host_id, day.stand_in_id)


def may_hold(actor: Doer, day: ReceptionDay) -> bool:
    """Whoever receives, or runs reception: they check people in, and read who is coming."""
    return receives(actor, day) or may_run(actor, day.host.unit)


def may_tend(actor: Doer, booking: Booking) -> bool:
    """Whoever receives this person, or runs reception; never anybody of the party complained of."""
    mine = _is_office(actor, booking.host_id) or (
        booking.slot is not None and _is_office(actor, booking.slot.day.stand_in_id)
    )
    return (mine or may_run(actor, booking.host.unit)) and not keeps_away(actor, booking.case)


def is_applicant(actor: Doer, booking: Booking) -> bool:
    """Whoever follows the booking's own case."""
    return isinstance(actor, Applicant) and actor.case_ref == booking.case_id


def may_receive(office: Office | None) -> bool:
    """Whether an office can receive at all, in its own turn or in another's."""
    return office is not None and "reception.host" in FUNCTIONS.get(office.role, frozenset())


def is_host_of(office: Office, cycle: Cycle, terms: Terms) -> bool:
    """Whether the package has this office receive."""
    return office.seat == terms.host and office.unit.path.startswith(cycle.unit.path)


def _is_office(actor: Doer, *offices: int | None) -> bool:
    if not isinstance(actor, Acting) or actor.office is None or not actor.may("reception.host"):
        return False
    return actor.office.pk in offices
