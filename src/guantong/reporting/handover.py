"""What an office has on its hands: the pack its successor takes over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from guantong.accounts.models import Handover, Holding, Office
from guantong.cases.chain import ENDED_STAGES
from guantong.cases.models import Case
from guantong.duties.models import DutyList, ListState
from guantong.leadership.models import Pairing, PartnerContact
from guantong.leadership.queries.contacts import planned_by
from guantong.leadership.queries.pairings import open_pairings_of
from guantong.obligations.choices import State
from guantong.obligations.models import Extension, Obligation
from guantong.obligations.queries import owed_by
from guantong.tasks.models import OpenQuestion


@dataclass
class Pack:
    """Everything open at the office today, and promises with their dates."""

    office: Office
    owed: QuerySet[Obligation]
    waiting: QuerySet[Obligation]
    standing_still: QuerySet[Obligation]
    promised: QuerySet[Extension]
    asked: QuerySet[Extension]
    unsigned: QuerySet[DutyList]
    questions: QuerySet[OpenQuestion]
    pairings: QuerySet[Pairing]
    contacts: QuerySet[PartnerContact]
    cases: QuerySet[Case]
    overdue: int = 0
    counts: dict[str, Any] = field(default_factory=dict)


def pack_of(office: Office, *, on: dt.date) -> Pack:
    """The pack as it stands on a day; the counts are what the acceptance keeps."""
    owed = owed_by(office).select_related("unit", "cycle__stored")
    waiting = Obligation.objects.filter(office=office, state=State.CLAIMED).order_by("due_on", "pk")
    promised = Extension.objects.filter(
        obligation__office=office, granted=True, obligation__state__in=[State.OPEN, State.RETURNED]
    ).select_related("obligation")
    unsigned = DutyList.objects.filter(unit=office.unit_id, state=ListState.ISSUED).select_related(
        "cycle", "unit"
    )
    questions = OpenQuestion.objects.filter(
        answered_at__isnull=True, task__assignments__unit=office.unit_id
    ).distinct()
    standing_still = Obligation.objects.filter(office=office, state=State.SUSPENDED).order_by("due_on", "pk")
    asked = Extension.objects.filter(obligation__office=office, granted=None).select_related("obligation")
    pairings, contacts = open_pairings_of(office), planned_by(office)
    cases = Case.objects.filter(host=office).exclude(stage__in=ENDED_STAGES).order_by("received_on", "pk")
    overdue = owed.filter(due_on__lt=on).count()
    counts = {
        "obligations": owed.count(),
        "overdue": overdue,
        "awaiting_review": waiting.count(),
        "promised": promised.count(),
        "asked_extensions": asked.count(),
        "suspended": standing_still.count(),
        "unsigned_lists": unsigned.count(),
        "questions": questions.count(),
        "pairings": pairings.count(),
        "contacts": contacts.count(),
        "cases": cases.count(),
        "as_of": on.isoformat(),
    }
    return Pack(
        office=office,
        owed=owed,
        waiting=waiting,
        standing_still=standing_still,
        promised=promised,
        asked=asked,
        unsigned=unsigned,
        questions=questions,
        pairings=pairings,
        contacts=contacts,
        cases=cases,
        overdue=overdue,
        counts=counts,
    )


def offices_left_alone(*, on: dt.date) -> QuerySet[Office]:
    """Offices that owe something and have nobody in them today: nothing may be orphaned."""
    owing = Obligation.objects.filter(state__in=[State.OPEN, State.RETURNED, State.SUSPENDED]).values(
        "office"
    )
    ended = Handover.objects.filter(accepted_at__isnull=True).values("holding__office")
    return (
        Office.objects.filter(pk__in=owing)
        .filter(pk__in=ended)
        .exclude(pk__in=Holding.objects.on(on).values("office"))
        .select_related("unit")
        .order_by("unit__path", "pk")
    )
