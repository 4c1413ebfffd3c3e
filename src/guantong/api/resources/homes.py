"""Homes and their activities."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One, Write, plainly
from guantong.api.resources.common import BUSINESS, office_ref, unit_ref
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.grassroots import Activity, Home, NewActivity
from guantong.grassroots import models
from guantong.grassroots.operations.activities import record_activity
from guantong.grassroots.queries.activities import activities_visible_to
from guantong.grassroots.queries.homes import homes_open_to, homes_visible_to
from guantong.grassroots.views.home_frame import cycle_on
from guantong.kernel.refusals import Refusal


def home(row: models.Home) -> Home:
    return Home(
        id=row.pk, unit=unit_ref(row.unit), subkind=row.subkind, address=row.address, contents=list(row.contents),
        hours_posted=row.hours_posted, rules_posted=row.rules_posted, standard=row.standard,
    )  # fmt: skip


def _listed(call: Call) -> QuerySet[models.Activity]:
    found, wanted = activities_visible_to(call.acting), call.query
    for name in ("cycle", "home", "stage"):
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found


def activity(row: models.Activity) -> Activity:
    return Activity(
        id=row.pk, cycle=row.cycle_id, home=row.home_id, content=cast(Any, row.content),
        title=row.title, day=row.day, stage=cast(Any, row.stage), reason=row.reason,
        host_kinds=list(row.host_kinds), results=list(row.results), capacity=row.capacity,
        signed_up=row.signed_up, signed_in=row.signed_in, planned_by=office_ref(row.planned_by),
        record=row.record_id,
    )  # fmt: skip


def _recorded(call: Call) -> models.Activity:
    sent = cast(NewActivity, call.body)
    there = homes_visible_to(call.acting).filter(pk=sent.home).first()
    if there is None:
        raise Refusal(gettext("没有编号为 %(id)s 的之家。") % {"id": sent.home})
    return record_activity(
        cycle=cycle_on(call.request, sent.day, there), home=there, content=sent.content, title=sent.title,
        day=sent.day, signed_in=sent.signed_in, planned_by=call.office, host_kinds=sent.host_kinds,
        results=sent.results, actor=call.acting, now=call.now, today=call.today,
    )  # fmt: skip


HOMES = Many(
    name="listHomes", summary=_("看得到的和附近的之家"), function=BUSINESS, answers=Page[Home],
    found=lambda call: homes_open_to(call.acting), show=home,
)  # fmt: skip
HOME = One(
    name="getHome", summary=_("一个之家"), function=BUSINESS, answers=Home,
    found=lambda call: homes_open_to(call.acting), show=plainly(home),
)  # fmt: skip
ACTIVITIES = Many(
    name="listActivities", summary=_("之家活动，只有人数"), function=BUSINESS, answers=Page[Activity],
    query=asked.Activities, found=_listed, show=activity,
)  # fmt: skip
ACTIVITY = One(
    name="getActivity", summary=_("一次之家活动"), function=BUSINESS, answers=Activity,
    found=lambda call: activities_visible_to(call.acting), show=plainly(activity),
)  # fmt: skip
NEW_ACTIVITY = Write(
    name="recordActivity", summary=_("登记已开展的之家活动"), function="records.write", answers=Activity,
    body=NewActivity, do=_recorded, one=ACTIVITY, leads_to="api-activity",
)  # fmt: skip
