"""An activity at a home: planned, then held (`holding.py`) or cancelled with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.grassroots.activity_codes import digest_for
from guantong.grassroots.choices import ActivityStage
from guantong.grassroots.models import Activity, Home, Room, RoomBooking
from guantong.grassroots.operations.activity_acts import hosting, still_planned, title_of
from guantong.grassroots.operations.holding import hold_activity, record_activity
from guantong.grassroots.operations.homes import held_home
from guantong.grassroots.operations.rooms import booked, put_back
from guantong.grassroots.rules import activities as rules
from guantong.grassroots.rules import homes as home_rules
from guantong.grassroots.rules.homes import said
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle

__all__ = ["cancel_activity", "hold_activity", "plan_activity", "record_activity"]


@transaction.atomic
def plan_activity(
    *,
    cycle: Cycle,
    home: Home,
    content: str,
    title: str,
    day: dt.date,
    planned_by: Office,
    actor: Actor,
    now: dt.datetime,
    starts_at: dt.time | None = None,
    ends_at: dt.time | None = None,
    room: Room | None = None,
    capacity: int | None = None,
    host_kinds: Sequence[str] = (),
) -> Activity:
    """Announce an activity; with a room, the room is booked for it. The same form twice gives the first one back."""
    home = held_home(home, actor)
    title = title_of(title)
    rules.refuse_content(content)
    rules.refuse_day(cycle, day)
    rules.refuse_past(day, starts_at, now)
    rules.refuse_times(starts_at, ends_at)
    if capacity is not None and not 1 <= capacity <= rules.MOST_PEOPLE:
        raise Refusal(_("名额须在 1 到 %(n)s 之间。") % {"n": rules.MOST_PEOPLE})
    same = {"home": home, "day": day, "title": title, "starts_at": starts_at}
    if earlier := Activity.objects.filter(**same, stage=ActivityStage.PLANNED).first():
        return earlier
    booking = _booking(room, home, day, (starts_at, ends_at), title, planned_by, now) if room else None
    made = Activity.objects.create(
        **same, cycle=cycle, content=content, ends_at=ends_at, booking=booking, planned_by=planned_by,
        capacity=capacity or (booking.room.places if booking else None),
        host_kinds=home_rules.host_kinds_of(host_kinds) or hosting(home, day),
    )  # fmt: skip
    made.sign_code_digest = digest_for(made)
    made.save(update_fields=["sign_code_digest"])
    audit.record(
        "grassroots.activity_planned", target=made, actor=actor, at=now,
        payload={"home": home.pk, "day": day, "content": content}, states=[booking] if booking else [],
    )  # fmt: skip
    return made


def _booking(
    room: Room,
    home: Home,
    day: dt.date,
    times: tuple[dt.time | None, dt.time | None],
    title: str,
    office: Office,
    now: dt.datetime,
) -> RoomBooking:
    if room.home_id != home.pk:
        raise Refusal(_("这间房不在这个之家。"))
    starts_at, ends_at = times
    if starts_at is None or ends_at is None:
        raise Refusal(_("要用房间，请写明开始和结束时间。"))
    return booked(
        room=room, day=day, starts_at=starts_at, ends_at=ends_at, purpose=title, office=office, now=now
    )


@transaction.atomic
def cancel_activity(*, activity: Activity, reason: str, actor: Actor, now: dt.datetime) -> Activity:
    """Call it off with a reason, which the public page shows; its room is free again."""
    activity = still_planned(activity, actor)
    activity.reason = said(
        reason, most=200, missing=_("请写明取消的原因，让大家知道。"), what=_("取消的原因")
    )
    activity.stage = ActivityStage.CANCELLED
    activity.save(update_fields=["reason", "stage"])
    freed = put_back(activity.booking, now) if activity.booking else []
    audit.record(
        "grassroots.activity_cancelled", target=activity, actor=actor, at=now,
        payload={"home": activity.home_id, "day": activity.day}, states=freed,
    )  # fmt: skip
    return activity
