"""The facts an assignment is proposed from, and the proposal."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from guantong.accounts.models import Office
from guantong.leadership.balancing import Candidate, Choice, Free, Proposal, propose
from guantong.leadership.models import Pairing
from guantong.leadership.rules.pairings import PairingTerms
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST, Unit
from guantong.partners.models import Partner, Recusal


@dataclass(frozen=True)
class Proposed:
    """A proposal with the rows it speaks of. ``leaving`` are pairings that are due for another office."""

    proposal: Proposal
    partners: dict[int, Partner]
    offices: dict[int, Office]
    leaving: dict[int, Pairing]

    @property
    def placed(self) -> list[Choice]:
        return [each for each in self.proposal.choices if each.office is not None]

    @property
    def left_over(self) -> list[Choice]:
        return [each for each in self.proposal.choices if each.office is None]


def proposed_for(cycle: Cycle, terms: PairingTerms) -> Proposed:
    """Every partner of the rule without an office, or too long with the same one, and who could keep it."""
    offices = {each.pk: each for each in offices_for(cycle, terms)}
    partners = {each.pk: each for each in _partners(cycle, terms)}
    held = {
        each.partner_id: each
        for each in Pairing.objects.filter(ends_on__isnull=True, rule=terms.rule, partner__in=partners)
        .select_related("office__unit", "partner__area", "cycle__unit", "cycle__stored")
    }  # fmt: skip
    rotated = _too_long(cycle, list(partners), terms.rotate_after)
    leaving = {pk: each for pk, each in held.items() if (each.office_id, pk) in rotated}
    staying = Counter(each.office_id for pk, each in held.items() if pk not in leaving)
    free = [Free(pk, each.area.path) for pk, each in partners.items() if pk not in held or pk in leaving]
    recused = set(
        Recusal.objects.filter(lifted_at__isnull=True, partner__in=partners).values_list("office", "partner")
    )
    candidates = [Candidate(pk, each.scope.path, staying[pk]) for pk, each in offices.items()]
    found = propose(free, candidates, least=terms.least, most=terms.most, recused=recused, rotated=rotated)
    return Proposed(found, partners, offices, leaving)


def offices_for(cycle: Cycle, terms: PairingTerms) -> list[Office]:
    """The seats the rule speaks of, in the order of the tree."""
    below = Office.objects.filter(unit__path__gte=cycle.unit.path, unit__path__lt=cycle.unit.path + PAST)
    return list(
        below.filter(seat=terms.who, closed_on__isnull=True)
        .select_related("unit", "scope")
        .order_by("unit__path", "number", "pk")
    )


def _partners(cycle: Cycle, terms: PairingTerms) -> list[Partner]:
    places = Unit.objects.below(cycle.unit)
    return list(
        Partner.objects.filter(kind__in=terms.kinds, closed_on__isnull=True, area__in=places)
        .select_related("area", "subject", "consent")
        .order_by("area__path", "pk")
    )


def _too_long(cycle: Cycle, partners: list[int], years_in_a_row: int) -> set[tuple[int, int]]:
    """(office, partner) that were together in each of the last years before this one."""
    wanted = set(range(cycle.year - years_in_a_row, cycle.year))
    years: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = Pairing.objects.filter(partner__in=partners, cycle__year__in=wanted)
    for office, partner, year in rows.values_list("office", "partner", "cycle__year"):
        years[office, partner].add(year)
    return {pair for pair, seen in years.items() if seen == wanted}
