"""Who moves next in which demand: asked through a notice, once, while it is so. Part of the worker's round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.grassroots.campaign_terms import answer_days
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.models import Demand
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.models import Notice
from guantong.notices.operations import Asked, Change, ask_only
from guantong.notices.said import say

ABOUT = "grassroots.demand"
TO_MOVE = say("群众诉求在您这里：请办理、答复，或者报上一级。")
TO_TELL = say("诉求有了答复，请告诉提出的人，并记下哪一天告诉的。")


@transaction.atomic
def ask_about_demands(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> Change:
    """Recompute who is asked for what about the demands of a cycle; a fixed number of queries."""
    among = Notice.objects.filter(about=ABOUT, about_ref__in=Demand.objects.filter(cycle=cycle).values("pk"))
    change = ask_only(_asked(cycle, on), among=among, on=on)
    if change:
        audit.record(
            "grassroots.notices_refreshed",
            target=cycle,
            actor=actor,
            at=now,
            payload=change.payload(on),
        )
    return change


def _asked(cycle: Cycle, on: dt.date) -> Iterator[Asked]:
    here = Q(stage__in=[DemandStage.RAISED, DemandStage.TAKEN_UP])
    within = dt.timedelta(days=answer_days(cycle.package))
    waiting = Demand.objects.filter(here | Q(stage=DemandStage.ANSWERED), cycle=cycle).order_by("pk")
    for each in waiting:
        told = each.stage == DemandStage.ANSWERED and each.answered_at is not None
        since = clock.today(each.answered_at if told else each.raised_at)
        due_on = since + within
        kind = NoticeKind.OVERDUE if due_on < on else NoticeKind.DUE
        office, what = (each.raised_by_id, TO_TELL) if told else (each.at_office_id, TO_MOVE)
        url = reverse("demand", args=[each.pk])
        yield Asked(office, kind, ABOUT, each.pk, str(each), what, 5, url, due_on)
