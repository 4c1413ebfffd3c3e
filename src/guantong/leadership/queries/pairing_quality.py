"""How well contact is kept: demands solved and the age of the oldest promise. No photos, and no ranking of anybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.cases.choices import CaseStage, Outcome
from guantong.cases.models import Case
from guantong.cases.queries.visible import cases_visible_to
from guantong.leadership.models import Pairing
from guantong.leadership.queries.pairings import contacts_done_and_due
from guantong.mechanisms.models import Cycle

OVER = (CaseStage.CLOSED, CaseStage.REFUSED, CaseStage.REFERRED, CaseStage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Quality:
    """What one office heard from its partners and what became of it; ``oldest`` is the longest open case."""

    office: Office
    partners: int
    done: int
    due: int
    heard: int
    solved: int
    open: int
    oldest: Case | None
    oldest_days: int


def quality_of(acting: Actor, cycle: Cycle, offices: list[Office], *, on: dt.date) -> list[Quality]:
    """In the order the offices are given, which is that of the tree. Cases out of sight are not counted."""
    counts = contacts_done_and_due(cycle, on=on)
    kept: dict[int, int] = {}
    open_ones = Pairing.objects.filter(office__in=offices, ends_on__isnull=True)
    for office in open_ones.values_list("office", flat=True):
        kept[office] = kept.get(office, 0) + 1
    cases: dict[int, list[Case]] = {}
    seen = cases_visible_to(acting).filter(partner__isnull=False, cycle=cycle, host__in=offices)
    for case in seen.order_by("received_on", "pk"):
        cases.setdefault(case.host_id or 0, []).append(case)
    return [
        _quality(each, kept.get(each.pk, 0), counts.get(each.pk, (0, 0)), cases.get(each.pk, []), on)
        for each in offices
    ]


def _quality(
    office: Office, partners: int, counts: tuple[int, int], cases: list[Case], on: dt.date
) -> Quality:
    waiting = [each for each in cases if each.stage not in OVER]
    oldest = waiting[0] if waiting else None
    return Quality(
        office=office,
        partners=partners,
        done=counts[0],
        due=counts[1],
        heard=len(cases),
        solved=sum(1 for each in cases if each.stage == CaseStage.CLOSED and each.outcome == Outcome.SOLVED),
        open=len(waiting),
        oldest=oldest,
        oldest_days=(on - oldest.received_on).days if oldest else 0,
    )
