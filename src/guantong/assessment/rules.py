"""May this office score, mark or confirm? And what the package leaves to a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q

from guantong.accounts.acting import Acting, Actor
from guantong.kernel.decimals import exact
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Indicator
from guantong.obligations.models import Claim, Obligation
from guantong.organisation.models import Unit


def may_run(actor: Actor, cycle: Cycle) -> bool:
    return actor.may("assessment.run") and actor.sees(cycle.unit.path)


def may_mark(actor: Actor, cycle: Cycle, unit: Unit, indicator: str | None = None) -> bool:
    """An assessing office over the unit, not in it; for an item that names its scorer, an office of that kind."""
    if not actor.may("assessment.mark") or not actor.sees(unit.path):
        return False
    if not isinstance(actor, Acting) or actor.office is None:
        return True
    if actor.office.unit_id == unit.pk:
        return False
    scorers = scorers_of(cycle, unit, indicator) if indicator else frozenset()
    return not scorers or actor.office.unit.kind in scorers


def scorers_of(cycle: Cycle, unit: Unit, indicator: str) -> frozenset[str]:
    """The kinds of unit whose offices mark the indicator on the unit's cards; none where no card says."""
    return frozenset(
        item.scorer
        for card in cycle.package.scorecards
        if card.of.get("kind") == unit.kind
        for item in card.items
        if item.use == indicator and item.scorer
    )


def worked_or_reviewed(actor: Actor, cycle: Cycle, unit: Unit) -> bool:
    """Whether somebody behind the act claimed or reviewed a matter of the unit: author, reviewer and scorer differ."""
    if not isinstance(actor, Acting):
        return False
    people = actor.behind
    owed = Obligation.objects.filter(cycle=cycle, unit=unit)
    claimed = Claim.objects.filter(obligation__in=owed)
    authors = claimed.filter(Q(claimant__in=people) | Q(claimed_in_place_of__in=people))
    return authors.exists() or claimed.filter(reviews__reviewer__in=people).exists()


def mark_scale(cycle: Cycle, indicator_id: str, part: str = "") -> Decimal | None:
    """The scale a person marks on, or None where the indicator is computed or has no such part.

    A part is marked on its own weight: a weight of 1 is one point.
    """
    for indicator in cycle.package.indicators:
        if indicator.id == indicator_id and indicator.human:
            weights = {str(each["id"]): exact(each.get("weight", 0)) for each in indicator.parts}
            if part:
                return weights.get(part)
            rating = indicator.measure.get("rating")
            if isinstance(rating, dict):
                return exact(rating.get("scale", 10))
            return sum(weights.values(), Decimal(0)) or Decimal(100)
    return None


def _counts(indicator: Indicator) -> list[dict[str, Any]]:
    """What an indicator counts: once, or in each of its terms."""
    terms = indicator.scoring.get("terms", []) if isinstance(indicator.scoring, dict) else []
    return [
        each
        for each in (indicator.measure.get("count"), *(term.get("count") for term in terms))
        if isinstance(each, dict)
    ]


def fact_kinds(cycle: Cycle, side: str) -> list[str]:
    """The kinds of a side that some indicator counts or a veto names."""
    kinds = [
        str(count[side])
        for indicator in cycle.package.indicators
        for count in _counts(indicator)
        if side in count
    ]
    if side == "findings":
        for card in cycle.package.scorecards:
            for veto in card.vetoes:
                when = veto.get("when") if isinstance(veto, dict) else None
                if isinstance(when, dict) and "finding" in when:
                    kinds.append(str(when["finding"]))
    return list(dict.fromkeys(kinds))
