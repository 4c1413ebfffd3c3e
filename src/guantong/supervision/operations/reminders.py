"""Notices follow the state of things: whoever moves next is asked, and nobody after it has moved on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.duties.models import DutyList
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.models import Notice
from guantong.notices.operations import Asked, Change, ask_only
from guantong.obligations.models import Claim, Extension, Obligation
from guantong.supervision.addressing import Directory
from guantong.supervision.asking import (
    approvals,
    circulars,
    findings,
    ladder,
    lists,
    matters,
    obligations,
    samples,
)
from guantong.supervision.models import Circular, Escalation, Finding, Matter, MatterPart, Sample

COUNTED = (NoticeKind.ESCALATION, NoticeKind.LIST, NoticeKind.OBJECTION, NoticeKind.QUESTION)


@transaction.atomic
def refresh_notices(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> Change:
    """Recompute who is asked for what in a cycle; only rows that differ are touched.

    The number of queries does not grow with the cycle. Notices of other rooms are left alone.
    """
    change = ask_only(_asked(cycle, on), among=notices_of(cycle), on=on)
    if change:
        audit.record(
            "supervision.notices_refreshed",
            target=cycle,
            actor=actor,
            at=now,
            payload=change.payload(on),
        )
    return change


def _asked(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    directory = Directory.of(cycle)
    yield from _asked_of_owners(cycle, directory, on)
    yield from obligations.asked_to_review(cycle, directory)
    yield from obligations.asked_to_answer_extensions(cycle, directory)
    yield from matters.asked_about_parts(cycle)
    yield from matters.asked_about_matters(cycle, directory)
    yield from findings.asked_about_findings(cycle, directory, on=on)
    yield from ladder.asked_to_decide(cycle, directory)
    yield from ladder.asked_to_list(cycle, directory)
    yield from circulars.asked_to_issue(cycle, directory)
    yield from samples.asked_about_samples(cycle, directory, on=on)
    yield from approvals.asked_to_approve(cycle, directory)
    yield from lists.asked_to_sign(cycle, directory)
    yield from lists.asked_to_answer_objections(cycle, directory)
    yield from lists.asked_to_decide_questions(cycle, directory)


def _asked_of_owners(cycle: Cycle, directory: Directory, on: dt.date) -> Iterator[Asked]:
    """What is owed, in the words of a confirmed step of the ladder where there is one, and never twice."""
    confirmed = list(ladder.confirmed_and_open(cycle))
    of_ladder = ladder.asked_of_confirmed(confirmed, directory)
    owed = {each.pk: each.obligation_id for each in confirmed}
    to_unit = (NoticeKind.REMINDED, NoticeKind.TALK)
    already_asked = {(each.office, owed[each.about_ref]) for each in of_ladder if each.kind in to_unit}
    yield from of_ladder
    yield from obligations.asked_of_owners(cycle, on=on, already_asked=already_asked)


def notices_of(cycle: Cycle) -> QuerySet[Notice]:
    """The notices that speak of rows of this cycle and are kept up to date here."""
    spoken_of: tuple[tuple[str, QuerySet[Any]], ...] = (
        (obligations.OBLIGATION, Obligation.objects.filter(cycle=cycle)),
        (obligations.CLAIM, Claim.objects.filter(obligation__cycle=cycle)),
        (obligations.EXTENSION, Extension.objects.filter(obligation__cycle=cycle)),
        (matters.MATTER, Matter.objects.filter(cycle=cycle)),
        (matters.PART, MatterPart.objects.filter(matter__cycle=cycle)),
        (findings.FINDING, Finding.objects.filter(cycle=cycle)),
        (ladder.ESCALATION, Escalation.objects.filter(cycle=cycle)),
        (circulars.CIRCULAR, Circular.objects.filter(cycle=cycle)),
        (samples.SAMPLE, Sample.objects.filter(cycle=cycle)),
        (lists.DUTY_LIST, DutyList.objects.filter(cycle=cycle)),
        (approvals.APPROVAL, approvals.approvals_of(cycle)),
    )
    among = Q(about=ladder.CYCLE, about_ref=cycle.pk, kind__in=COUNTED)
    for about, rows in spoken_of:
        among |= Q(about=about, about_ref__in=rows.values("pk"))
    return Notice.objects.filter(among)
