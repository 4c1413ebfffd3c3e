"""Launching a campaign and ending it: on both days what no dated row tells afterwards is read and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.grassroots.campaign_terms import Terms, terms_named
from guantong.grassroots.models import Campaign, CampaignUnit
from guantong.grassroots.queries.campaigns import running, terms_of
from guantong.grassroots.queries.measures import POSTED, population, posted_now
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


@transaction.atomic
def launch_campaign(
    *,
    cycle: Cycle,
    identifier: str,
    places: Sequence[Unit],
    ends_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Campaign:
    """Begin a campaign of the package today, on the units of its kind at or below the places.

    One campaign of a name runs at a time. The first day is the day it is launched: the picture before is taken now.
    """
    today = clock.today(now)
    if not actor.may("grassroots.run") or not actor.sees(cycle.unit.path):
        raise Refusal(_("提升行动由统筹协调机构启动。"))
    terms = terms_named(cycle.package, identifier)
    if terms is None:
        raise Refusal(_("本年度的机制包里没有这项行动。"))
    if not today < ends_on <= cycle.ends_on:
        raise Refusal(_("结束日期应在今天之后、%(day)s 之前。") % {"day": cycle.ends_on})
    if any(not each.path.startswith(cycle.unit.path) for each in places):
        raise Refusal(_("请从名单中选择开展的地方。"))
    Cycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle.pk)
    if running(cycle, identifier) is not None:
        raise Refusal(_("“%(name)s”正在开展，结束后才能再次启动。") % {"name": terms.name})
    if Campaign.objects.filter(cycle=cycle, identifier=identifier, starts_on=today).exists():
        raise Refusal(_("“%(name)s”今天已经启动过。") % {"name": terms.name})
    every = population(terms, cycle.unit.path, (today,))
    treated = [each for each in every if any(each.path.startswith(place.path) for place in places)]
    if not treated:
        raise Refusal(_("选中的地方没有可以开展这项行动的单位。"))
    campaign = Campaign.objects.create(
        cycle=cycle,
        identifier=identifier,
        starts_on=today,
        ends_on=ends_on,
        launched_by=actor.office if isinstance(actor, Acting) else None,
        launched_at=now,
        readings={"before": _read(terms, every)},
    )
    rows = CampaignUnit.objects.bulk_create(CampaignUnit(campaign=campaign, unit=each) for each in treated)
    audit.record(
        "grassroots.campaign_launched",
        target=campaign,
        actor=actor,
        at=now,
        payload={"campaign": identifier, "ends_on": ends_on, "units": len(rows)},
        states=rows,
    )
    return campaign


def _read(terms: Terms, units: Sequence[Unit]) -> dict[str, list[int]]:
    """By criterion that has no dated rows, the units that meet it today."""
    ids = [each.pk for each in units]
    return {each: posted_now(each, ids) for each in terms.criteria if each in POSTED}


@transaction.atomic
def end_campaigns(*, cycle: Cycle, actor: Actor, now: dt.datetime) -> int:
    """End those whose last day has come, with the picture of that day. Part of the daily round; harmless twice."""
    today = clock.today(now)
    due = Campaign.objects.select_for_update().filter(cycle=cycle, ended_at__isnull=True, ends_on__lte=today)
    ended = 0
    for campaign in due.order_by("pk"):
        terms = terms_of(campaign)
        units = population(terms, cycle.unit.path, (campaign.starts_on,)) if terms else []
        campaign.readings = {**campaign.readings, "after": _read(terms, units) if terms else {}}
        campaign.ended_at = now
        campaign.save(update_fields=["readings", "ended_at"])
        audit.record("grassroots.campaign_ended", target=campaign, actor=actor, at=now)
        ended += 1
    return ended
