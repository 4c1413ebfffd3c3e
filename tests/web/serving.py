"""Of services, demands and campaigns one object each, for the permission table."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from conftest import at
from guantong.accounts.models import Office
from guantong.grassroots.models import Campaign, CampaignUnit, Demand, DemandStep, ServiceItem
from guantong.mechanisms.models import Cycle

if TYPE_CHECKING:
    from web.permissions import World


def served_at(world: World, office: Office) -> None:
    """A demand of the unit, raised and held by its office."""
    unit = office.unit
    demand = Demand.objects.create(
        cycle=world.cycle_of(unit.code), unit=unit, wording="想修路灯", raised_by=office, raised_at=at(3, 2),
        at_office=office,
    )  # fmt: skip
    DemandStep.objects.create(
        demand=demand,
        verb="raise",
        after="raised",
        from_office=office,
        to_office=office,
        taken_at=at(3, 2),
    )
    campaign = _campaign(world.cycle_of(unit.code))
    CampaignUnit.objects.create(campaign=campaign, unit=unit)
    world.put("demand", unit.code, demand.pk)
    world.put("demand_move", unit.code, demand.pk, "answer")
    world.put("campaign_unit", unit.code, campaign.pk, unit.pk)


def _campaign(cycle: Cycle) -> Campaign:
    return Campaign.objects.get_or_create(
        cycle=cycle,
        identifier="K3",
        starts_on=dt.date(2026, 3, 1),
        defaults={"ends_on": dt.date(2026, 6, 30), "launched_at": at(3, 1)},
    )[0]


def offered_in(world: World, code: str, cycle: Cycle) -> None:
    """In each city: a line of the catalogue and a campaign."""
    item = ServiceItem.objects.create(cycle=cycle, name="便民代办")
    world.put("service_item", code, item.pk)
    world.put("campaign", code, _campaign(cycle).pk)
    for side in ("own", "other"):
        world.put("campaign_name", side, "K1")
