"""Proposals, for those who run the cases gathered in them."""

from __future__ import annotations

from django.db.models import QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.cases.models import Proposal
from guantong.cases.queries.visible import cases_visible_to


def proposals_visible_to(acting: Actor) -> QuerySet[Proposal]:
    """Those with a case the office may open; an emptied one stays with whoever made it."""
    proposals = Proposal.objects.select_related("made_by__unit", "cycle")
    if not isinstance(acting, Acting):
        return proposals
    if not acting.may("cases.run"):
        return proposals.none()
    with_a_case = cases_visible_to(acting).filter(proposal__isnull=False).values("proposal")
    return proposals.filter(pk__in=with_a_case) | proposals.filter(made_by=acting.office_ref)
