"""A demand does not lie with a seat that nobody holds: it goes to the next rung that somebody stands on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef

from guantong.accounts.acting import Actor
from guantong.accounts.models import Holding
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.models import Demand
from guantong.grassroots.operations.demand_acts import Act, held
from guantong.grassroots.rules import demands as rules
from guantong.mechanisms.models import Cycle

MOST_A_ROUND = 200


def raise_from_vacant_seats(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> int:
    """Pass up what waits at seats without a holder; returns how many went. Where no rung above is held it stays.

    Part of the worker's round: one query where nothing waits so.
    """
    there = Holding.objects.on(on).filter(office=OuterRef("at_office"))
    stuck = Demand.objects.filter(
        ~Exists(there), cycle=cycle, stage__in=[DemandStage.RAISED, DemandStage.TAKEN_UP]
    )
    return sum(_raise(each, on, now, actor) for each in stuck.order_by("raised_at", "pk")[:MOST_A_ROUND])


@transaction.atomic
def _raise(demand: Demand, on: dt.date, now: dt.datetime, actor: Actor) -> bool:
    demand = held(demand)
    is_held = Holding.objects.on(on).filter(office=demand.at_office).exists()
    to = None if is_held else rules.next_above(demand, on)
    if to is None:
        return False
    act = Act(demand, actor, now)
    act.move("rise", to=to)
    act.record("demand_rose", to=to.pk)
    return True
