"""Lists of cases with where each stands: the day that is due next, whether the clock stands still, who may take over."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from guantong.cases.chain import ENDED_STAGES, OPEN_STAGES
from guantong.cases.choices import ClockKind
from guantong.cases.models import Case, Clock, Handling, Pause
from guantong.cases.operations.periods import OF_THE_OFFICE
from guantong.cases.terms import CaseTerms
from guantong.obligations.choices import Part

STILL = Pause.objects.filter(case=OuterRef("pk"), ends_on__isnull=True)


def _running(**more: object) -> QuerySet[Clock]:
    return Clock.objects.filter(
        case=OuterRef("pk"), kind__in=OF_THE_OFFICE, met_on__isnull=True, dropped_on__isnull=True, **more
    )


def with_standing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With ``due_on``, the next day on which the office must have done something; ``still`` and ``lead``."""
    lead = Handling.objects.filter(case=OuterRef("pk"), part=Part.LEAD, released_on__isnull=True)
    return cases.annotate(
        due_on=Subquery(_running().order_by("due_on").values("due_on")[:1]),
        still=Exists(STILL),
        lead=Subquery(lead.values("unit__name")[:1]),
    )


def overdue(cases: QuerySet[Case], on: dt.date) -> QuerySet[Case]:
    """Those with a period of the office that ran out while nothing stood still."""
    return cases.filter(Exists(_running(due_on__lt=on)), ~Exists(STILL))


def counts_of(cases: QuerySet[Case], on: dt.date) -> dict[str, int]:
    """How many are open, wait to be accepted, are overdue, are answered and wait for the applicant."""
    open_ones = cases.filter(stage__in=OPEN_STAGES)
    return {
        "open": open_ones.count(),
        "registered": open_ones.filter(stage="registered").count(),
        "overdue": overdue(cases, on).count(),
        "answered": open_ones.filter(stage="answered").count(),
    }


def to_be_taken_over(cases: QuerySet[Case], terms: CaseTerms, on: dt.date) -> QuerySet[Case]:
    """Cases that the package proposes a leader for: overdue, or of somebody who came before. A person decides."""
    wanted = Q(pk__in=[])
    if "overdue" in terms.taken_over_when:
        wanted |= Q(Exists(_running(kind=ClockKind.CLOSE, due_on__lt=on))) & ~Q(Exists(STILL))
    if "repeat" in terms.taken_over_when:
        before = Case.objects.filter(
            cycle=OuterRef("cycle"), contact_index=OuterRef("contact_index"), number__lt=OuterRef("number")
        ).exclude(stage="refused")
        wanted |= ~Q(contact_index="") & Q(Exists(before)) | Q(reopened__gte=1)
    open_ones = cases.filter(host__isnull=True, accepted_on__isnull=False).exclude(stage__in=ENDED_STAGES)
    return open_ones.filter(wanted)


def repeats_of(case: Case, among: QuerySet[Case]) -> QuerySet[Case]:
    """Other cases of the year by the same contact, among those that may be opened."""
    if not case.contact_index:
        return among.none()
    same = among.filter(cycle=case.cycle_id, contact_index=case.contact_index).exclude(pk=case.pk)
    return same.order_by(F("number").desc())
