"""What can be chosen on a form: units to give a case to, units to complain of, leaders to host, years to file in."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from guantong.accounts.choices import FUNCTIONS
from guantong.accounts.models import Office
from guantong.cases.models import Case
from guantong.cases.rules import ANSWERS
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST, Unit

HOSTS = [role for role, functions in FUNCTIONS.items() if "cases.host" in functions]


def cycles_taking_cases(on: dt.date) -> QuerySet[Cycle]:
    """The mechanisms of the year, in which anybody may file."""
    return Cycle.objects.filter(year=on.year).select_related("unit", "stored").order_by("unit__path", "pk")


def units_to_complain_of(cycle: Cycle) -> QuerySet[Unit]:
    """The bodies right below the one that runs the mechanism, and their townships."""
    return _of_note(cycle).order_by("kind", "path")


def units_to_give(case: Case) -> QuerySet[Unit]:
    """Bodies with somebody to answer, without the party complained of and without those who have the case."""
    seated = Office.objects.filter(unit=OuterRef("pk"), role__in=ANSWERS, closed_on__isnull=True)
    found = _of_note(case.cycle).filter(Exists(seated), closed_on__isnull=True)
    if case.against is not None:
        found = found.exclude(path__gte=case.against.path, path__lt=case.against.path + PAST)
    taken = case.handlings.filter(released_on__isnull=True).values("unit")
    return found.exclude(pk__in=taken).order_by("kind", "path")


def _of_note(cycle: Cycle) -> QuerySet[Unit]:
    near = Q(parent=cycle.unit) | Q(level="township", kind="territory")
    return Unit.objects.below(cycle.unit, include_self=False).filter(near)


def hosts_to_choose(case: Case) -> QuerySet[Office]:
    """The leaders of the mechanism's own body, without the present host and the party complained of."""
    path = case.cycle.unit.path
    found = Office.objects.filter(
        role__in=HOSTS, closed_on__isnull=True, unit__path__gte=path, unit__path__lt=path + PAST
    )
    if case.against is not None:
        found = found.exclude(unit__path__gte=case.against.path, unit__path__lt=case.against.path + PAST)
    if case.host_id is not None:
        found = found.exclude(pk=case.host_id)
    return found.select_related("unit").order_by("unit__path", "seat", "number")
