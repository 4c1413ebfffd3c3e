"""Who may move a demand, and which office is next on its way up."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.demand_chain import ASKER, HOLDER, MOVES, RUNGS, may_follow
from guantong.grassroots.models import Demand
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST, Unit

RAISES = frozenset({Role.LIAISON, Role.COMMISSIONER, Role.HOME_KEEPER})
"""Who writes down what people ask for."""


def may_raise(actor: Actor) -> bool:
    if not isinstance(actor, Acting):
        return True
    return bool(actor.office and actor.office.role in RAISES and actor.may("records.write"))


def may_move(actor: Actor, demand: Demand, verb: str) -> bool:
    """Whether the verb is possible now, and this office's to do."""
    if not may_follow(demand, verb):
        return False
    by = MOVES[verb].by
    if by not in (HOLDER, ASKER) or not isinstance(actor, Acting) or not actor.may("records.write"):
        return False
    if verb == "to_case":
        return actor.office_ref == demand.at_office_id and actor.may("cases.run")
    return actor.office_ref == (demand.at_office_id if by == HOLDER else demand.raised_by_id)


def waits_for(acting: Acting, demand: Demand) -> bool:
    """Whether the next move is this office's."""
    if demand.stage in (DemandStage.RAISED, DemandStage.TAKEN_UP):
        return acting.office_ref == demand.at_office_id
    return demand.stage == DemandStage.ANSWERED and acting.office_ref == demand.raised_by_id


def first_office_for(unit: Unit, cycle: Cycle, raised_by: Office, on: dt.date) -> Office:
    """Where a demand begins: with whoever raised it, if they stand on a rung; else on the lowest rung that is held."""
    if raised_by.role in RUNGS:
        return raised_by
    return next_office_up(unit, cycle, after=None, on=on) or raised_by


def next_office_up(unit: Unit, cycle: Cycle, *, after: str | None, on: dt.date) -> Office | None:
    """The office on the next rung that somebody holds on the day; None above the last."""
    start = RUNGS.index(Role(after)) + 1 if after in RUNGS else 0
    for role in RUNGS[start:]:
        found = _on_rung(role, unit, cycle, on)
        if found is not None:
            return found
    return None


def _on_rung(role: str, unit: Unit, cycle: Cycle, on: dt.date) -> Office | None:
    """The nearest open office of the role at the unit or above it, or the cycle's coordinating office."""
    held = Holding.objects.on(on).filter(office=OuterRef("pk"))
    offices = Office.objects.filter(Exists(held), role=role, closed_on__isnull=True).select_related("unit")
    if role == Role.COORDINATOR:
        return offices.filter(scope=cycle.unit_id).order_by("number", "pk").first()
    paths = [path for path in (*unit.ancestor_paths(), unit.path) if path.startswith(cycle.unit.path)]
    return offices.filter(unit__path__in=paths).order_by("-unit__depth", "number", "pk").first()


def came_from(demand: Demand, on: dt.date) -> Office | None:
    """The nearest office it passed on its way up to where it is now that somebody holds; None where there is none."""
    offices: list[Office] = []
    for step in demand.steps.select_related("to_office", "from_office").order_by("taken_at", "pk"):
        if step.verb == "raise":
            offices = [each for each in (step.from_office, step.to_office) if each is not None]
        elif step.verb in ("pass_up", "rise") and step.to_office is not None:
            offices.append(step.to_office)
        elif step.verb == "send_back" and offices:
            offices.pop()
    held = set(Holding.objects.on(on).filter(office__in=offices).values_list("office", flat=True))
    below = [each for each in offices[:-1] if each.pk != demand.at_office_id and each.pk in held]
    return below[-1] if below else None


def next_above(demand: Demand, on: dt.date) -> Office | None:
    """Where it would go if it were passed up on the day."""
    return next_office_up(demand.unit, demand.cycle, after=demand.at_office.role, on=on)


def places_of(office: Office, on: dt.date) -> QuerySet[Unit]:
    """Of which places the office may write a demand down: divisions of its reach; its own unit or the place of the home
    where it has none."""
    reach = office.scope
    if reach.kind == "territory":
        found = Unit.objects.open_on(on).filter(path__gte=reach.path, path__lt=reach.path + PAST)
        return found.filter(kind="territory").order_by("path")
    if office.role == Role.HOME_KEEPER:
        return Unit.objects.open_on(on).filter(path__in=reach.ancestor_paths()[-1:])
    return Unit.objects.filter(pk=office.unit_id)
