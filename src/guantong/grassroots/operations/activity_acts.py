"""What planning, holding and cancelling an activity share."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.grassroots.choices import ActivityStage
from guantong.grassroots.models import Activity, Home
from guantong.grassroots.queries.homes import hosts_on
from guantong.grassroots.rules import homes as home_rules
from guantong.grassroots.rules.homes import said
from guantong.kernel.refusals import Refusal


def title_of(text: str) -> str:
    return said(text, most=200, missing=_("请写明活动名称。"), what=_("活动名称"))


def hosting(home: Home, day: dt.date) -> list[str]:
    """The kinds of those who host the home on the day."""
    return home_rules.host_kinds_of(each.kind for each in hosts_on([home.pk], day).get(home.pk, ()))


def still_planned(activity: Activity, actor: Actor) -> Activity:
    """The activity under a lock, still planned."""
    found = (
        Activity.objects.select_for_update(of=("self",))
        .select_related("home__unit", "cycle__stored", "planned_by__unit", "booking__room")
        .get(pk=activity.pk)
    )
    home_rules.refuse_stranger(actor, found.home)
    if found.stage == ActivityStage.HELD:
        raise Refusal(_("这次活动已经登记过了。"))
    if found.stage == ActivityStage.CANCELLED:
        raise Refusal(_("这次活动已经取消。"))
    return found
