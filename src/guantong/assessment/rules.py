"""May this office score, mark or confirm? And what the package leaves to a person."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from guantong.accounts.acting import Acting, Actor
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Claim, Obligation
from guantong.organisation.models import Unit


def may_run(actor: Actor, cycle: Cycle) -> bool:
    return actor.may("assessment.run") and actor.sees(cycle.unit.path)


def may_mark(actor: Actor, cycle: Cycle, unit: Unit) -> bool:
    """An assessing office over the unit, not in it."""
    if not actor.may("assessment.mark") or not actor.sees(unit.path):
        return False
    return not (isinstance(actor, Acting) and actor.office and actor.office.unit_id == unit.pk)


def worked_or_reviewed(actor: Actor, cycle: Cycle, unit: Unit) -> bool:
    """Whether somebody behind the act claimed or reviewed a matter of the unit: author, reviewer and scorer differ."""
    if not isinstance(actor, Acting):
        return False
    people = actor.behind
    owed = Obligation.objects.filter(cycle=cycle, unit=unit)
    claimed = Claim.objects.filter(obligation__in=owed)
    authors = claimed.filter(Q(claimant__in=people) | Q(claimed_in_place_of__in=people))
    return authors.exists() or claimed.filter(review__reviewer__in=people).exists()


def mark_scale(cycle: Cycle, indicator_id: str) -> Decimal | None:
    """The scale a person marks on, or None where the indicator is computed."""
    for indicator in cycle.package.indicators:
        if indicator.id == indicator_id and indicator.human:
            rating = indicator.measure.get("rating")
            if isinstance(rating, dict):
                return Decimal(str(rating.get("scale", 10)))
            parts = [Decimal(str(part.get("weight", 0))) for part in indicator.parts]
            return sum(parts, Decimal(0)) or Decimal(100)
    return None


def fact_kinds(cycle: Cycle, side: str) -> list[str]:
    """The kinds of a side that some indicator counts or a veto names."""
    kinds = [
        str(indicator.measure["count"][side])
        for indicator in cycle.package.indicators
        if isinstance(indicator.measure.get("count"), dict) and side in indicator.measure["count"]
    ]
    if side == "findings":
        for card in cycle.package.scorecards:
            for veto in card.vetoes:
                when = veto.get("when") if isinstance(veto, dict) else None
                if isinstance(when, dict) and "finding" in when:
                    kinds.append(str(when["finding"]))
    return list(dict.fromkeys(kinds))
