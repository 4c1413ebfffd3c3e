"""What may be done with an activity, by whom and when. No writes here."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.grassroots.choices import ActivityStage, ContentKind, ResultKind
from guantong.grassroots.models import Activity
from guantong.grassroots.rules.homes import known
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle

FEEDBACK_DAYS = 7
MOST_PEOPLE = 9999


class Count(models.TextChoices):
    """What a page without an account adds one to."""

    UP = "signed_up", gettext_lazy("我要参加")
    IN = "signed_in", gettext_lazy("我到了")
    PLEASED = "pleased", gettext_lazy("满意")
    DISPLEASED = "displeased", gettext_lazy("不满意")


FEEDBACK = (Count.PLEASED, Count.DISPLEASED)


def counts_now(activity: Activity, on: dt.date) -> list[Count]:
    """What may be counted: sign-up before the day, sign-in on it until it is recorded, feedback from it for a week."""
    if activity.stage == ActivityStage.CANCELLED:
        return []
    planned = activity.stage == ActivityStage.PLANNED
    found = []
    if planned and on < activity.day:
        found.append(Count.UP)
    if planned and on == activity.day:
        found.append(Count.IN)
    if activity.day <= on <= activity.day + dt.timedelta(days=FEEDBACK_DAYS):
        found += FEEDBACK
    return found


def is_full(activity: Activity) -> bool:
    """Whether as many signed up as there are places."""
    return activity.capacity is not None and activity.signed_up >= activity.capacity


def results_of(given: object) -> list[str]:
    return known(given, ResultKind.values)  # type: ignore[arg-type]


def refuse_content(content: str) -> None:
    if content not in ContentKind.values:
        raise Refusal(_("请选择活动内容。"))


def refuse_day(cycle: Cycle, day: dt.date) -> None:
    if not cycle.starts_on <= day <= cycle.ends_on:
        raise Refusal(_("日期须在 %(year)s 年度内。") % {"year": cycle.year})


def refuse_number(number: int | None) -> None:
    if number is not None and not 0 <= number <= MOST_PEOPLE:
        raise Refusal(_("人数须在 0 到 %(n)s 之间。") % {"n": MOST_PEOPLE})


def refuse_times(starts_at: dt.time | None, ends_at: dt.time | None) -> None:
    if ends_at is not None and (starts_at is None or ends_at <= starts_at):
        raise Refusal(_("结束时间须晚于开始时间。"))


def refuse_past(day: dt.date, starts_at: dt.time | None, now: dt.datetime) -> None:
    """What is over is recorded, not planned."""
    if day < timezone.localdate(now):
        raise Refusal(_("日期已经过去；已经开展的，请直接登记。"))
