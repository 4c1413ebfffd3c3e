"""Reading the ladder: what waits for a decision, what was decided."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When

from guantong.accounts.acting import Acting, Actor
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import CLAIMABLE, Light
from guantong.records.models import Record
from guantong.supervision.choices import LadderStep
from guantong.supervision.models import Escalation, Figure

LISTED = "listed"  # the figure of a circular that holds what it lists
HEIGHT = {step: height for height, step in enumerate(LadderStep.values)}


def escalations_visible_to(actor: Actor) -> QuerySet[Escalation]:
    """For the coordinating office and leaders all of their subtree; for a unit those confirmed at itself and below."""
    found = Escalation.objects.select_related(
        "unit", "obligation", "decided_by", "cycle__stored", "cycle__unit"
    )
    if not isinstance(actor, Acting):
        return found
    if not actor.scope_path:
        return found.none()
    path = actor.scope_path
    found = found.filter(unit__path__gte=path, unit__path__lt=path + "~")
    if actor.may("supervision.run") or actor.may("supervision.sign"):
        return found
    return found.filter(confirmed=True)


def still_owed(escalations: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """Those about what is overdue and waits for the unit; what it has claimed waits for somebody else."""
    return escalations.filter(obligation__light=Light.RED, obligation__state__in=CLAIMABLE)


def waiting(escalations: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """Those to be decided: what is no longer overdue needs no step and is left out for as long."""
    return still_owed(escalations.filter(confirmed__isnull=True))


def by_step(escalations: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """The highest step first, then unit by unit, the longest overdue first."""
    height = Case(
        *(When(step=step, then=Value(-each)) for step, each in HEIGHT.items()), output_field=IntegerField()
    )
    return escalations.order_by(height, "unit__path", "obligation__due_on", "pk")


def talk_key(escalation_id: int) -> str:
    """The submission key of the record of a talk: one record for one talk."""
    return f"talk-{escalation_id}"


def talks_held(escalation_ids: list[int]) -> dict[int, Record]:
    """The record of each talk that was held, by the number of its escalation."""
    keys = {talk_key(each): each for each in escalation_ids}
    held = Record.objects.filter(submission_key__in=keys).select_related("entered_by")
    return {keys[str(record.submission_key)]: record for record in held}


def confirmed_talks(cycle: Cycle) -> QuerySet[Escalation]:
    return Escalation.objects.filter(cycle=cycle, step=LadderStep.TALK, confirmed=True)


def listed_already(cycle: Cycle) -> set[int]:
    """The obligations that an issued circular of the cycle lists."""
    issued = Figure.objects.filter(circular__cycle=cycle, circular__number__isnull=False, key=LISTED)
    return {ref for refs in issued.values_list("refs", flat=True) for ref in refs}


def to_list(cycle: Cycle) -> list[tuple[int | None, str]]:
    """(office that confirmed it, unit's path) of what is to stand in a circular, is still owed, and stands in none."""
    confirmed = still_owed(Escalation.objects.filter(cycle=cycle, step=LadderStep.CIRCULAR, confirmed=True))
    rows = list(confirmed.values_list("obligation", "decided_by", "unit__path"))
    listed = listed_already(cycle) if rows else set()
    return [(office, path) for obligation, office, path in rows if obligation not in listed]
