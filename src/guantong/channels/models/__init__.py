"""Channels out of the system, what each person chose, what was sent, and calendar feeds."""

from __future__ import annotations

from guantong.channels.models.channels import Channel
from guantong.channels.models.choices import OutsideChoice
from guantong.channels.models.deliveries import Delivery
from guantong.channels.models.feeds import Feed

__all__ = ["Channel", "Delivery", "Feed", "OutsideChoice"]
