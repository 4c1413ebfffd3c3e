"""What a record of the mechanism's own fulfils without anybody typing it again (X1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.kernel import clock
from guantong.obligations.choices import CLAIMABLE, Source
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.operations import claim_for, locked
from guantong.records.choices import kinds_fitting
from guantong.records.models import Record


@transaction.atomic
def claim_what_it_fulfils(
    *,
    record: Record,
    offices: Sequence[Office],
    pillars: Sequence[str],
    actor: Actor,
    now: dt.datetime,
    rules: Sequence[str] | None = None,
    items: Sequence[int] | None = None,
) -> list[Claim]:
    """Claim, for each office that took part, the earliest due duty of each rule that the record shows done.

    Only duties of the given pillars (and of the given ``rules`` or lines of duty lists, ``items``, if any) whose period
    has begun, whose evidence this kind of record is, and that are open. Whoever wrote the record stands as the
    claimant, so that they do not review it; the review itself stays with the office above.
    """
    today = clock.today(now)
    wanted = Obligation.objects.filter(
        source=Source.DUTY,
        state__in=CLAIMABLE,
        office__in=[each.pk for each in offices],
        pillar__in=pillars,
        starts_on__lte=min(record.happened_on, today),
    ).exclude(claims__record=record)
    if rules is not None:
        wanted = wanted.filter(rule__in=rules)
    if items is not None:
        wanted = wanted.filter(source_ref__in=items)
    first: dict[tuple[int, str], Obligation] = {}
    for each in wanted.select_related("office", "cycle").order_by("due_on", "pk"):
        if record.kind in kinds_fitting(each.evidence):
            first.setdefault((each.office_id, each.rule), each)
    return [
        claim_for(locked(each), record=record, claimed_by=each.office, actor=actor, now=now)
        for each in first.values()
    ]
