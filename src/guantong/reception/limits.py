"""How often one contact, or one address, may book: counted by keyed marks, so that nobody is known by it."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.privacy.keys import index_of
from guantong.reception.choices import LIVE
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.terms import Terms

WINDOW_SECONDS = 3600
MOST_PER_SOURCE = 30  # a hall where people share one address books for thirty an hour


def refuse_flood(source: str) -> None:
    """Slow down an address that books again and again; the count is kept in the database's cache for an hour."""
    if _counted(f"booking-{index_of(f'booking source {source}')}") > MOST_PER_SOURCE:
        raise Refusal(_("这个网络地址提交得太频繁，请一小时后再试，或者打电话、到窗口预约。"))


def _counted(key: str) -> int:
    """One more of it; how many within the hour."""
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1


def refuse_too_many(
    contact_mark: str, *, cycle: Cycle, terms: Terms, day: ReceptionDay | None, now: dt.datetime
) -> None:
    """One contact has so many open bookings at most, and one on a day. Said in one sentence, whichever it was.

    Called with the cycle held, so that two bookings at once are counted one after the other.
    """
    if not contact_mark:
        return
    since = now - dt.timedelta(days=terms.within_days)
    theirs = Booking.objects.filter(
        case__cycle=cycle, case__contact_index=contact_mark, stage__in=LIVE, asked_at__gt=since
    )
    rows = list(theirs.values_list("slot__day", flat=True))
    if len(rows) >= terms.per_contact or (day is not None and day.pk in rows):
        raise Refusal(
            _(
                "现在不能再预约。一个联系方式同时最多有 %(n)s 个没有办完的预约，同一个接待日只约一次。要改时间或取消，请用查询码办理，也可以打电话、到窗口。"
            )
            % {"n": terms.per_contact}
        )
