"""Circulars of the demonstration year: one issued, one being written; and who is asked for what today."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

from guantong.accounts.acting import Actor, Console
from guantong.config.demo.findings import acting_of, moment
from guantong.mechanisms.models import Cycle
from guantong.notices.digests import make_digests
from guantong.notices.models import Notice
from guantong.supervision.choices import MatterStage
from guantong.supervision.models import Circular, Matter
from guantong.supervision.operations import circular_texts, circulars
from guantong.supervision.operations.reminders import refresh_notices

ACTOR = Console("load-demo")


def play_circulars(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """A circular of a month ago, issued, and a draft of today."""
    office: Actor = acting_of(cycle, "coordinator", now) or ACTOR
    before = max(now - dt.timedelta(days=30), moment(cycle.starts_on + dt.timedelta(days=9)))
    month = timezone.localdate(before).month
    first = circulars.draft_circular(
        cycle=cycle, unit=cycle.unit, as_of=timezone.localdate(before), actor=office, now=before,
        title=f"关于{cycle.year}年{month}月履职情况的通报",
    )  # fmt: skip
    early = Matter.objects.filter(cycle=cycle, number__isnull=False, stage=MatterStage.UNDER_WAY)
    if matter := early.filter(parts__obligation__isnull=False).order_by("number").first():
        circular_texts.name_matter(circular=first, matter=matter, actor=office, now=before)
    circulars.issue_circular(circular=first, actor=office, now=before + dt.timedelta(days=1))
    circulars.draft_circular(
        cycle=cycle, unit=cycle.unit, as_of=timezone.localdate(now), actor=office, now=now
    )
    return {"circulars": Circular.objects.filter(cycle=cycle).count()}


def play_notices(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """Whoever moves next is asked, and has today's digest. Called last: it follows from everything else."""
    today = timezone.localdate(now)
    refresh_notices(cycle=cycle, on=today, now=now, actor=ACTOR)
    digests = make_digests(on=today, hour=23, now=now)
    return {"notices": Notice.objects.filter(closed_on=None).count(), "digests": digests}
