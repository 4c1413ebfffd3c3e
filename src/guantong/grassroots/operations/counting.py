"""Counting at an activity without an account: one more, or one fewer, is all that is written. Nobody is listed, nothing is kept of whom.

What a browser has counted stands in its own session alone, so that a second tap does not count again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from guantong.grassroots.models import Activity
from guantong.grassroots.rules.activities import FEEDBACK, Count, counts_now, is_full
from guantong.kernel.refusals import Refusal

MARKS = "home_activities"
MOST_MARKS = 30  # activities that a session remembers


def count_one(*, activity: Activity, what: str, session: SessionBase, today: dt.date) -> bool:
    """Add one, unless this browser has done so; returns whether it counted.

    The session is read again while the activity is held: of two taps at once the second finds the mark of the first.
    """
    return _under_lock(_counted, activity, what, session, today)


def take_back_one(*, activity: Activity, session: SessionBase, today: dt.date) -> bool:
    """One fewer has signed up, if this browser had; returns whether it was taken back. The place is free again."""
    return _under_lock(_taken_back, activity, Count.UP, session, today)


def _under_lock(
    change: Callable[[Activity, str, SessionBase, dt.date], bool],
    activity: Activity,
    what: str,
    session: SessionBase,
    today: dt.date,
) -> bool:
    if not session.session_key:
        session.create()
    marks = type(session)(session_key=session.session_key)
    changed = change(activity, what, marks, today)
    session[MARKS] = marks.get(MARKS, {})  # else the end of this request may write back what it read
    return changed


@transaction.atomic
def _taken_back(activity: Activity, what: str, marks: SessionBase, today: dt.date) -> bool:
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if what not in counted_by(marks, activity):
        return False
    if what not in counts_now(activity, today):
        raise Refusal(_("现在不能提交这一项。请看活动的日期和状态。"))
    Activity.objects.filter(pk=activity.pk, **{f"{what}__gt": 0}).update(**{what: F(what) - 1})
    kept = dict(marks.get(MARKS, {}))
    kept[str(activity.pk)] = [each for each in kept[str(activity.pk)] if each != what]
    marks[MARKS] = kept
    marks.save()
    return True


@transaction.atomic
def _counted(activity: Activity, what: str, marks: SessionBase, today: dt.date) -> bool:
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if what in counted_by(marks, activity):
        return False
    _refuse_unfit(activity, what, today)
    Activity.objects.filter(pk=activity.pk).update(**{what: Coalesce(F(what), 0) + 1})
    _note(marks, activity, what)
    return True


def counted_by(session: SessionBase, activity: Activity) -> list[str]:
    """What the browser has counted at the activity. Of the two answers of the feedback, one closes both."""
    found = list(session.get(MARKS, {}).get(str(activity.pk), []))
    return found + [each.value for each in FEEDBACK if set(found) & set(FEEDBACK) and each not in found]


def _refuse_unfit(activity: Activity, what: str, today: dt.date) -> None:
    if what not in counts_now(activity, today):
        raise Refusal(_("现在不能提交这一项。请看活动的日期和状态。"))
    if what == Count.UP and is_full(activity):
        raise Refusal(_("名额已满。可以问问之家有没有人不来。"))


def _note(session: SessionBase, activity: Activity, what: str) -> None:
    marks = dict(session.get(MARKS, {}))
    marks[str(activity.pk)] = [*marks.pop(str(activity.pk), []), what]
    session[MARKS] = dict(list(marks.items())[-MOST_MARKS:])
    session.save()
