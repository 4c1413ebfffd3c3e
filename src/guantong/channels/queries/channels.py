"""Reading channels, choices and the delivery log."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.queries import seats_of
from guantong.channels.models import Channel, Delivery, OutsideChoice


def channels_visible_to(acting: Acting) -> QuerySet[Channel]:
    """All of them, to whoever looks after the system."""
    if not acting.may("system.read"):
        return Channel.objects.none()
    return Channel.objects.select_related("unit").order_by("kind", "name")


def channels_open_to(person: Person, *, on: dt.date) -> list[Channel]:
    """Those switched on for everybody, or for a unit above an office that the person may act for."""
    paths = [seat.office.unit.path for seat in seats_of(person, on=on)]
    channels = Channel.objects.filter(is_on=True).select_related("unit").order_by("kind", "name")
    return [each for each in channels if is_for(each, paths)]


def is_for(channel: Channel, paths: list[str]) -> bool:
    if not paths:
        return False
    return channel.unit is None or any(path.startswith(channel.unit.path) for path in paths)


def choice_of(person: Person) -> OutsideChoice | None:
    return OutsideChoice.objects.filter(person=person).prefetch_related("channels").first()


def deliveries_visible_to(acting: Acting) -> QuerySet[Delivery]:
    """The delivery log without persons: what went out when, through what, and how it ended."""
    if not acting.may("system.read"):
        return Delivery.objects.none()
    return Delivery.objects.select_related("channel").order_by("-planned_at", "-id")


def deliveries_to(person: Person) -> QuerySet[Delivery]:
    """One's own, the latest first."""
    mine = Q(digest__person=person)
    return Delivery.objects.filter(mine).select_related("channel", "digest").order_by("-planned_at", "-id")
