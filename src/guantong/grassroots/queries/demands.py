"""Demands within sight: what waits for an office first."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from guantong.accounts.acting import Acting, Actor
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.demand_chain import ENDED_STAGES, OPEN_STAGES, RUNGS
from guantong.grassroots.models import Demand
from guantong.organisation.models import PAST, Unit

WITH = ("unit", "home__unit", "raised_by__unit", "at_office__unit", "case", "cycle__unit", "cycle__stored")


def demands_visible_to(acting: Actor) -> QuerySet[Demand]:
    """Those of the visible subtree, and those the office acted for raised, had or has."""
    demands = Demand.objects.select_related(*WITH)
    if not isinstance(acting, Acting):
        return demands
    if not acting.scope_path or acting.office is None:
        return demands.none()
    path, office = acting.scope_path, acting.office.pk
    inside = Q(unit__path__gte=path, unit__path__lt=path + PAST)
    mine = Q(raised_by=office) | Q(at_office=office)
    return demands.filter(inside | mine)


def waiting_for(acting: Actor) -> Q:
    """Whose next move is this office's."""
    office = acting.office_ref
    here = Q(at_office=office, stage__in=[DemandStage.RAISED, DemandStage.TAKEN_UP])
    return here | Q(raised_by=office, stage=DemandStage.ANSWERED)


def mine_first(found: QuerySet[Demand], acting: Actor) -> QuerySet[Demand]:
    """What waits for the office first, then what is on its way, then what has ended; the oldest first, ended newest."""
    return found.annotate(
        turn=Case(
            When(waiting_for(acting), then=Value(0)),
            When(stage__in=OPEN_STAGES, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    ).order_by("turn", "raised_at", "pk")


def still_open(found: QuerySet[Demand]) -> QuerySet[Demand]:
    return found.exclude(stage__in=ENDED_STAGES)


_IN_HAND = Q(stage__in=[DemandStage.RAISED, DemandStage.TAKEN_UP])
WHERE: dict[str, Q] = {
    **{str(role): _IN_HAND & Q(at_office__role=role) for role in RUNGS},
    **{str(stage): Q(stage=stage) for stage in (DemandStage.CASE, DemandStage.ANSWERED, DemandStage.TOLD)},
}
"""Places on the way, by name."""


def below(found: QuerySet[Demand], unit: Unit) -> QuerySet[Demand]:
    """Those of the unit and of all below it; for a home, those heard there."""
    path, end = unit.path, unit.path + PAST
    return found.filter(
        Q(unit__path__gte=path, unit__path__lt=end) | Q(home__unit__path__gte=path, home__unit__path__lt=end)
    )
