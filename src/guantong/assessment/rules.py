"""May this office score, mark or confirm? And what the package leaves to a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.assessment.models import Side
from guantong.kernel.bilingual import Text
from guantong.kernel.decimals import exact
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Indicator, Scorecard
from guantong.obligations.models import Claim, Obligation
from guantong.organisation.models import Unit


def may_run(actor: Actor, cycle: Cycle) -> bool:
    return actor.may("assessment.run") and actor.sees(cycle.unit.path)


def may_mark(
    actor: Actor, cycle: Cycle, unit: Unit, indicator: str | None = None, *, office: Office | None = None
) -> bool:
    """An assessing office over the unit, not in it; of an indicator, one that the package lets mark it."""
    if not actor.may("assessment.mark") or not actor.sees(unit.path):
        return False
    if not isinstance(actor, Acting) or actor.office is None:
        return True
    if actor.office.unit_id == unit.pk:
        return False
    raters = raters_of(cycle, unit, indicator, office=office) if indicator else frozenset()
    return not raters or bool(raters & {actor.office.unit.kind, actor.office.seat})


def is_for(card: Scorecard, unit: Unit, office: Office | None = None) -> bool:
    """Whether the card scores the unit itself, or the office where one is named."""
    if office is not None:
        seats = card.of.get("offices") or card.of.get("office")
        return office.seat in ([seats] if isinstance(seats, str) else seats or [])
    levels = card.of.get("levels")
    levels = [levels] if isinstance(levels, str) else levels
    return card.of.get("kind") == unit.kind and (not levels or unit.level in levels)


def raters_of(cycle: Cycle, unit: Unit, indicator: str, *, office: Office | None = None) -> frozenset[str]:
    """Whose offices may mark the indicator: kinds of unit, or seats. None named: any assessing office.

    The scorer that a card names for its item goes before what the indicator says of its rating (``by``).
    """
    scorers = frozenset(
        item.scorer
        for card in cycle.package.scorecards
        if is_for(card, unit, office)
        for item in card.items
        if item.use == indicator and item.scorer
    )
    rating = cycle.package.indicator(indicator).measure.get("rating")
    by = rating.get("by") if isinstance(rating, dict) else None
    return scorers or frozenset([str(by)] if by else [])


def raters_in_words(cycle: Cycle, raters: Iterable[str]) -> str:
    """Their names in the package."""
    package = cycle.package
    names = {each.id: each.name for each in package.offices} | {
        each.id: each.name for each in package.unit_kinds
    }
    return _("、").join(str(names.get(each, each)) for each in sorted(raters))


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
    indicator = next((each for each in cycle.package.indicators if each.id == indicator_id), None)
    if indicator is None or not indicator.human:
        return None
    weights = {str(each["id"]): exact(each.get("weight", 0)) for each in indicator.parts}
    if part:
        return weights.get(part)
    rating = indicator.measure.get("rating")
    if isinstance(rating, dict):
        return exact(rating.get("scale", 10))
    return sum(weights.values(), Decimal(0)) or Decimal(100)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a person marks: a part of an indicator on its own weight, or (``id`` empty) the whole of it."""

    id: str
    name: Text
    scale: Decimal


def parts_to_mark(cycle: Cycle, indicator_id: str) -> list[Part]:
    """What there is to mark of an indicator; nothing where it is computed."""
    scale = mark_scale(cycle, indicator_id)
    if scale is None:
        return []
    indicator = cycle.package.indicator(indicator_id)
    parts = [
        Part(str(each["id"]), Text.read(each.get("what") or each["id"]), exact(each.get("weight", 0)))
        for each in indicator.parts
    ]
    return parts or [Part("", indicator.title, scale)]


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of confirmed fact that an indicator counts, and what the package calls it."""

    side: str
    kind: str
    title: Text


def facts_counted(cycle: Cycle, card: Scorecard | None = None) -> list[FactKind]:
    """The kinds that the package's indicators count, or those on one card. A veto rests on a ruling, not on these."""
    used = {item.use for item in card.items} if card else None
    found: dict[tuple[str, str], FactKind] = {}
    for indicator in cycle.package.indicators:
        if used is None or indicator.id in used:
            for each in _facts_of(indicator):
                found.setdefault((each.side, each.kind), each)
    return list(found.values())


def _facts_of(indicator: Indicator) -> Iterator[FactKind]:
    """What an indicator counts of facts: once, or in each of its terms."""
    terms = indicator.scoring.get("terms", []) if isinstance(indicator.scoring, dict) else []
    counts = [(indicator.measure.get("count"), indicator.title)]
    counts += [(term.get("count"), Text.read(term.get("what") or indicator.title)) for term in terms]
    for count, title in counts:
        for side in Side.values:
            if isinstance(count, dict) and side in count:
                yield FactKind(side, str(count[side]), title)


def fact_kinds(cycle: Cycle, side: str) -> list[str]:
    """The kinds of a side that some indicator counts."""
    return [each.kind for each in facts_counted(cycle) if each.side == side]
