"""Who enters and who accepts certificates and study hours. No writes here."""

from __future__ import annotations

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Holding
from guantong.grassroots.models import Certificate


def may_enter(acting: Actor, holding: Holding) -> bool:
    """The office itself, or one above that sees its unit and reviews its work."""
    if not isinstance(acting, Acting):
        return True
    if acting.office is None or not acting.may("records.write") or not acting.sees(holding.office.unit.path):
        return False
    return acting.office.pk == holding.office_id or acting.may("obligations.review")


def may_accept(acting: Actor, certificate: Certificate) -> bool:
    """Another office than the one that entered it, above the unit; never the holder, nor by standing in."""
    if certificate.accepted_on is not None or not acting.may("obligations.review"):
        return False
    holding = certificate.holding
    if not acting.sees(holding.office.unit.path) or acting.shares_a_person_with(holding.person_id):
        return False
    return not isinstance(acting, Acting) or acting.office_ref not in (
        holding.office_id,
        certificate.entered_by_id,
    )
