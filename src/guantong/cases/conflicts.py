"""The party complained of: neither it nor anything below it is given the case, or sees it (信访工作条例 第30条).

Whoever holds an office there keeps away too when acting for another office or standing in for somebody, from the day
the case was received.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.accounts.models import Holding, Office
from guantong.cases.applicant import Doer
from guantong.cases.models import Case
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import STEP, Unit


def is_party(case: Case, path: str) -> bool:
    """Whether the unit with this path is complained of, or lies below the one that is."""
    return case.against is not None and path.startswith(case.against.path)


def upwards(path: str) -> list[str]:
    """The path itself and those of all units above it."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def apart_from_parties(cases: QuerySet[Case], acting: Acting) -> QuerySet[Case]:
    """Without the cases against a unit that the acting office, or anybody behind the act, belongs to."""
    if acting.office is None:
        return cases.none()
    hidden = Q(against__path__in=upwards(acting.office.unit.path))
    for path, ends_on in _seats_of_people(acting):
        there = Q(against__path__in=upwards(path))
        hidden |= there if ends_on is None else there & Q(received_on__lte=ends_on)
    # a plain exclude would drop the cases that are against nobody
    return cases.filter(Q(against__isnull=True) | ~hidden)


def _seats_of_people(acting: Acting) -> list[tuple[str, dt.date | None]]:
    """(path of the unit, last day) of every office that the people behind the act hold or held."""
    if not acting.behind:
        return []
    held = Holding.objects.filter(person__in=acting.behind)
    return list(held.values_list("office__unit__path", "ends_on").distinct())


def keeps_away(actor: Doer, case: Case) -> bool:
    """Whether the actor belongs to the party complained of."""
    if case.against is None or not isinstance(actor, Acting) or actor.office is None:
        return False
    if is_party(case, actor.office.unit.path):
        return True
    return any(
        is_party(case, path) and (ends_on is None or ends_on >= case.received_on)
        for path, ends_on in _seats_of_people(actor)
    )


def refuse_party_unit(case: Case, unit: Unit) -> None:
    """No entrance gives the case to the party complained of."""
    if is_party(case, unit.path):
        raise Refusal(_("“%(unit)s”是被投诉单位或其下属单位，不能交给它办理。") % {"unit": unit})


def refuse_party_office(case: Case, office: Office, *, on: dt.date) -> None:
    """Nor to an office whose holder sits in the party complained of."""
    refuse_party_unit(case, office.unit)
    if case.against is None:
        return
    people = Holding.objects.on(on).filter(office=office).values("person")
    path = case.against.path
    if (
        Holding.objects.on(on)
        .filter(person__in=people, office__unit__path__gte=path, office__unit__path__lt=path + "~")
        .exists()
    ):
        raise Refusal(_("“%(office)s”的任职人员同时在被投诉单位任职，应当回避。") % {"office": office})
