"""Contact and words go once their time is over. Done by the worker once a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from guantong.accounts.acting import Actor
from guantong.cases.chain import ENDED_STAGES
from guantong.cases.choices import CaseStage
from guantong.cases.models import Case
from guantong.cases.operations.wishes import erase_applicant
from guantong.cases.terms import terms_of
from guantong.mechanisms.models import Cycle

MOST_A_DAY = 200


def expire_applicants(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> int:
    """Erase the applicants of the cases that ended, or were withdrawn, longer ago than the package keeps them; returns
    how many."""
    terms = terms_of(cycle.package)
    ended = Q(stage__in=ENDED_STAGES, closed_on__lt=on - dt.timedelta(days=terms.kept_days))
    withdrawn = Q(stage=CaseStage.WITHDRAWN, closed_on__lt=on - dt.timedelta(days=terms.withdrawn_days))
    over = Case.objects.filter(ended | withdrawn, cycle=cycle, subject__erased_at__isnull=True)
    cases = list(over.order_by("closed_on", "pk")[:MOST_A_DAY])
    for each in cases:
        erase_applicant(case=each, actor=actor, now=now)
    return len(cases)
