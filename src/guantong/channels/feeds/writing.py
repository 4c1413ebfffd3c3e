"""Events as RFC 5545 text: stable identifiers, times in UTC, days as days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from guantong.channels.feeds.events import Event


def calendar_text(events: Iterable[Event], *, stamp: dt.datetime, base: str) -> bytes:
    """``stamp`` is when the feed was made: the same events give the same bytes, so that nobody fetches them twice."""
    calendar = Calendar()
    calendar.add("prodid", "-//Guantong//calendar feed//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("贯通工作日历"))
    calendar.add("x-published-ttl", "PT1H")
    for each in events:
        calendar.add_component(_entry(each, stamp=stamp, base=base))
    return bytes(calendar.to_ical())


def _entry(event: Event, *, stamp: dt.datetime, base: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.uid}@{settings.LOG_ORIGIN}")
    entry.add("dtstamp", stamp.astimezone(dt.UTC).replace(microsecond=0))
    entry.add("summary", event.summary)
    entry.add("url", base.rstrip("/") + event.url)
    entry.add("class", "PRIVATE")
    if event.place:
        entry.add("location", event.place)
    if event.cancelled:
        entry.add("status", "CANCELLED")
    if event.starts is None:
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + dt.timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
    else:
        starts = event.at(event.starts)
        ends = (
            event.at(event.ends)
            if event.ends and event.ends > event.starts
            else starts + dt.timedelta(hours=1)
        )
        entry.add("dtstart", starts.astimezone(dt.UTC))
        entry.add("dtend", ends.astimezone(dt.UTC))
    return entry
