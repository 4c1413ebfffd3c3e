"""The only place that reads the clock. Called by views, commands and the worker, never below them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The present instant, timezone-aware."""
    return timezone.now()


def today(at: dt.datetime | None = None) -> dt.date:
    """The calendar day of ``at`` (or of now) in the installation's time zone."""
    return timezone.localdate(at)
