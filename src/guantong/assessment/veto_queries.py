"""Which vetoes the rulings of a cycle would allow a person to confirm, and those confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.assessment.models import Veto
from guantong.assessment.rules import is_for
from guantong.kernel.bilingual import Text
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Finding
from guantong.supervision.rules.findings import people_behind


@dataclass(frozen=True)
class Proposal:
    """A veto that a person may confirm, or ``confirmed`` already. The program confirms none."""

    finding: Finding
    scorecard: str
    veto: str
    max_grade: str
    rule: Text | None
    confirmed: Veto | None

    @property
    def is_complete(self) -> bool:
        """Basis and rule are written on the finding: without them nothing is confirmed."""
        return bool(self.finding.basis.strip() and self.finding.rule_cited.strip())


def upheld_findings(cycle: Cycle) -> QuerySet[Finding]:
    """Findings that a ruling upheld and no recheck overturned or is looking at."""
    kept = Q(ruling__recheck__isnull=True) | Q(ruling__recheck__kept=True)
    return (
        Finding.objects.filter(kept, cycle=cycle, ruling__upheld=True)
        .exclude(kind="")
        .select_related("unit", "cycle", "found_by", "ruling__ruled_by")
        .order_by("unit__path", "pk")
    )


def proposals(cycle: Cycle, *, finding: Finding | None = None, within: str = "") -> list[Proposal]:
    """For each upheld finding of a kind that a card's veto names, of a unit the card is for."""
    found = upheld_findings(cycle)
    if finding:
        found = found.filter(pk=finding.pk)
    if within:
        found = found.filter(unit__path__gte=within, unit__path__lt=within + "~")
    in_force = {
        (each.unit_id, each.scorecard, each.veto): each
        for each in Veto.objects.filter(cycle=cycle, lifted_at__isnull=True)
    }
    return [
        Proposal(
            finding=each,
            scorecard=card.id,
            veto=str(veto["id"]),
            max_grade=str(veto["effect"]["max_grade"]),
            rule=_text(veto.get("rule")),
            confirmed=in_force.get((each.unit_id, card.id, str(veto["id"]))),
        )
        for each in found
        for card in cycle.package.scorecards
        if is_for(card, each.unit)
        for veto in card.vetoes
        if veto["when"]["finding"] == each.kind
    ]


def accusers_of(finding: Finding) -> set[int]:
    """Who found it and who ruled on it, and whom they stood in for: none of them confirms the veto."""
    people = people_behind(finding.finder_id, finding.found_by, finding.found_at)
    ruling = getattr(finding, "ruling", None)
    return people | people_behind(ruling.ruler_id, ruling.ruled_by, ruling.ruled_at) if ruling else people


def _text(said: object) -> Text | None:
    if isinstance(said, dict):
        return Text(str(said.get("zh", "")), str(said.get("en", "")))
    return Text(str(said), "") if said else None


def findings_visible_to(acting: Actor) -> QuerySet[Finding]:
    """Findings of the visible subtree, for whoever confirms vetoes."""
    return _within(Finding.objects.select_related("unit", "cycle__unit", "cycle__stored"), acting)


def vetoes_visible_to(acting: Actor) -> QuerySet[Veto]:
    found = Veto.objects.select_related(
        "unit", "cycle__unit", "cycle__stored", "finding__ruling__recheck", "confirmed_by", "lifted_by"
    )
    return _within(found, acting)


def vetoes_of(unit: Unit, cycle: Cycle) -> QuerySet[Veto]:
    """Those a unit is told of."""
    return Veto.objects.filter(unit=unit, cycle=cycle).select_related("finding").order_by("-confirmed_at")


def fell(veto: Veto) -> bool:
    """Whether a recheck overturned the ruling that a veto in force rests on: somebody should lift it."""
    ruling = getattr(veto.finding, "ruling", None)
    recheck = getattr(ruling, "recheck", None) if ruling else None
    return bool(veto.lifted_at is None and recheck is not None and recheck.kept is False)


def _within(found: QuerySet, acting: Actor) -> QuerySet:  # type: ignore[type-arg]
    if not acting.may("assessment.mark"):
        return found.none()
    if not isinstance(acting, Acting):
        return found
    path = acting.scope_path
    return found.filter(unit__path__gte=path, unit__path__lt=path + "~") if path else found.none()
