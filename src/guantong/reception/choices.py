"""Kinds and stages of a booking."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingKind(models.TextChoices):
    FIXED = "fixed", _("接待日预约")
    APPOINTMENT = "appointment", _("随时约访")
    WALK_IN = "walk_in", _("直接来访")


class BookingStage(models.TextChoices):
    """The ladder of a booking; `chain.py` is its one transition table."""

    ASKED = "asked", _("待答复")
    WAITING = "waiting", _("候补")
    OFFERED = "offered", _("候补名额待确认")
    PROPOSED = "proposed", _("另约时间待确认")
    BOOKED = "booked", _("已约定")
    MET = "met", _("已接待")
    MISSED = "missed", _("未到")
    CANCELLED = "cancelled", _("已取消")
    DECLINED = "declined", _("未能安排")
    EXPIRED = "expired", _("逾期失效")
    SOLVED = "solved", _("会前已解决")


# The stages that take a place in a slot; the database counts a place once.
TAKES_PLACE = (
    BookingStage.OFFERED,
    BookingStage.PROPOSED,
    BookingStage.BOOKED,
    BookingStage.MET,
    BookingStage.MISSED,
)

# Nothing is decided for good yet: these count against the limit of a contact, and a case has one at most.
LIVE = (
    BookingStage.ASKED,
    BookingStage.WAITING,
    BookingStage.OFFERED,
    BookingStage.PROPOSED,
    BookingStage.BOOKED,
)
