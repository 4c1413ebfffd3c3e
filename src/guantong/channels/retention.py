"""The delivery log goes after its time, as other logs of the network do."""

from __future__ import annotations

import datetime as dt

from guantong.channels.models import Delivery
from guantong.kernel.privacy import KEEP


def purge_deliveries(*, now: dt.datetime) -> int:
    """Delete what is past its time; returns how many rows went. Done by the retention job."""
    days = KEEP[Delivery.privacy.keep]
    assert days is not None
    old = Delivery.objects.filter(planned_at__lt=now - dt.timedelta(days=days), ended_at__isnull=False)
    return old.delete()[0]
