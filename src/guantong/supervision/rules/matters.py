"""May this office do this to this matter, or to this part of it? And who answers for a unit. No writes here."""

from __future__ import annotations

from django.db.models import Q

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import FUNCTIONS, Role
from guantong.accounts.models import Office
from guantong.accounts.queries import first_office
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package.model import MatterKind
from guantong.obligations.choices import Reviewer
from guantong.obligations.models import Claim, Review
from guantong.organisation.models import Unit
from guantong.supervision.models import Matter, MatterPart
from guantong.tasks.operations import ANSWERING_SEATS

FOLLOWERS = (Role.COORDINATOR, Role.LEADER, Role.ASSESSOR, Role.UNIT_HEAD)


def may_run(actor: Actor, cycle: Cycle) -> bool:
    """Whoever runs supervision over the whole cycle."""
    return actor.may("supervision.run") and actor.sees(cycle.unit.path)


def may_issue(actor: Actor, matter: Matter) -> bool:
    """The issuing unit: it alone registers, hands out, and strikes off."""
    if not may_run(actor, matter.cycle):
        return False
    if not isinstance(actor, Acting):
        return True
    return actor.office is not None and actor.office.unit_id == matter.issued_by.unit_id


def in_unit(actor: Actor, unit_id: int) -> bool:
    """Whether the actor answers for the unit."""
    if not actor.may("supervision.answer"):
        return False
    if not isinstance(actor, Acting):
        return True
    return actor.office is not None and actor.office.unit_id == unit_id


def may_answer(actor: Actor, part: MatterPart) -> bool:
    return in_unit(actor, part.unit_id)


def may_decide_for(actor: Actor, part: MatterPart) -> bool:
    """Whoever gave the part out: the issuer, or the unit that split it."""
    if part.parent is not None and in_unit(actor, part.parent.unit_id):
        return True
    return may_issue(actor, part.matter)


def may_verify(actor: Actor, matter: Matter, *, took_part: set[int]) -> bool:
    """A coordinating office or a leader over the cycle; nobody who reported or reviewed. ``took_part``: their ids."""
    if not (actor.may("supervision.run") or actor.may("supervision.sign")):
        return False
    return actor.sees(matter.cycle.unit.path) and not actor.shares_a_person_with(*took_part)


def may_follow(actor: Actor, matter: Matter) -> bool:
    """A second body that wants the matter too. The issuing office follows it anyway."""
    if not isinstance(actor, Acting) or actor.office is None or not actor.may("business.read"):
        return False
    return actor.office.role in FOLLOWERS and actor.office.pk != matter.issued_by_id


def people_behind(obligations: list[int]) -> set[int]:
    """Everybody who claimed one of the obligations, stood in for the claimant, or took a step of a review."""
    claims = Claim.objects.filter(obligation__in=obligations)
    rows = claims.values_list("claimant", "claimed_in_place_of")
    reviewers = Review.objects.filter(claim__in=claims).values_list("reviewer", flat=True)
    return {each for row in rows for each in row if each} | {each for each in reviewers if each}


def claimants_of(obligations: list[int]) -> set[int]:
    rows = Claim.objects.filter(obligation__in=obligations).values_list("claimant", "claimed_in_place_of")
    return {each for row in rows for each in row if each}


def answering_office(unit: Unit) -> Office | None:
    """The office that answers for the unit, or None where none can sign for a matter."""
    office = first_office(unit, *ANSWERING_SEATS)
    return office if office and "supervision.answer" in FUNCTIONS.get(office.role, frozenset()) else None


def reviews_for(kind: MatterKind, unit: Unit, *, split: bool = False) -> list[str]:
    """The steps of the kind that somebody can take for this unit, so that no claim waits for nobody.

    The unit's head is a step where the unit has a head and somebody else to report. A part split further down is
    reviewed by the unit that split it, not by the leader above.
    """
    steps = list(kind.reviews)
    if Reviewer.OWN_HEAD in steps and reporting_office(unit) is None:
        steps.remove(Reviewer.OWN_HEAD)
    if Reviewer.LEADER in steps:
        leaders = Office.objects.filter(role=Role.LEADER, closed_on=None)
        above = Q(scope__path__in=[*unit.ancestor_paths(), unit.path])
        if split or not leaders.filter(above).exclude(unit=unit).exists():
            steps.remove(Reviewer.LEADER)
    return steps or [Reviewer.ISSUER]


def reporting_office(unit: Unit) -> Office | None:
    """Who reports where the unit's head reviews: the first office beside the head's that can; None without a head."""
    offices = list(Office.objects.filter(unit=unit, closed_on=None).order_by("pk"))
    if not any(each.role == Role.UNIT_HEAD for each in offices):
        return None
    others = [
        each
        for each in offices
        if each.role != Role.UNIT_HEAD and "supervision.answer" in FUNCTIONS.get(each.role, frozenset())
    ]
    return others[0] if others else None
