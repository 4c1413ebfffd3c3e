"""Reading the calendar of checks: what is in sight, what counts against the budget, what could go together."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Approval, Office
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Visit
from guantong.supervision.rules.visits import Budget, cap_of, joint_within

OVER_CAP = "supervision.visit_over_cap"


def visits_visible_to(actor: Actor) -> QuerySet[Visit]:
    """Visits at the units in sight: a unit sees who comes when."""
    visits = Visit.objects.select_related(
        "unit", "cycle__unit", "cycle__stored", "planned_by__unit", "joined__planned_by__unit", "signed_by"
    )
    if not isinstance(actor, Acting):
        return visits
    if not actor.scope_path:
        return visits.none()
    return visits.filter(unit__path__gte=actor.scope_path, unit__path__lt=actor.scope_path + "~")


def counted(unit: Unit, year: int) -> QuerySet[Visit]:
    """What the unit bears in the year: not cancelled; those that go together are one. By their first day."""
    return Visit.objects.filter(
        unit=unit, starts_on__year=year, cancelled_at__isnull=True, joined__isnull=True
    )


def budget_of(unit: Unit, cycle: Cycle) -> Budget:
    return Budget(most=cap_of(cycle.package), taken=counted(unit, cycle.year).count())


def near(
    *, cycle: Cycle, unit: Unit, starts_on: dt.date, ends_on: dt.date, by: Office, today: dt.date
) -> QuerySet[Visit]:
    """Visits of other offices at the unit, still to come, near enough to go as one. The nearest day first."""
    within = joint_within(cycle.package)
    return (
        counted(unit, cycle.year)
        .filter(cycle=cycle, ends_on__gte=starts_on - within, starts_on__lte=ends_on + within)
        .filter(starts_on__gte=today)
        .exclude(planned_by=by)
        .select_related("planned_by__unit")
        .order_by("starts_on", "pk")
    )


def waiting_for_a_leader(unit: Unit) -> QuerySet[Approval]:
    """The visit over the cap that waits for a signature."""
    return Approval.objects.filter(kind=OVER_CAP, object_ref=unit.pk, granted__isnull=True)
