"""What is sent and awaited at most. Time in seconds, size in bytes."""

from __future__ import annotations

import datetime as dt

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
WHOLE_SECONDS = 25.0  # after which the connection is cut, however slowly the other side drips
MOST_READ = 64 * 1024
MOST_SENT = 1900  # WeCom takes 2048 bytes of text
MOST_LINES = 12

PAUSES = tuple(dt.timedelta(minutes=each) for each in (1, 5, 15, 60, 180))
LOST_AFTER = dt.timedelta(minutes=5)  # well above WHOLE_SECONDS: whoever claimed it is gone
OLD_AFTER = dt.timedelta(hours=20)
EACH_ROUND = 200
ROUND_SECONDS = 40.0  # of a worker's minute; the rest waits for the next round

WINDOW_SECONDS = 3600
MOST_FETCHES = 120  # of one feed in an hour
MOST_WRONG = 60  # addresses that are no feed, from one source in an hour
FEED_PAST, FEED_AHEAD, FEED_EVENTS = 30, 400, 2000  # days before, days after, events at most
