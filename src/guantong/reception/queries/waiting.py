"""Waiting lists as they are, and the seeds that order them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from guantong.audit.models import Checkpoint
from guantong.kernel.draws import rank
from guantong.kernel.workdays import DAY
from guantong.reception.choices import BookingStage
from guantong.reception.models import Booking, Slot
from guantong.reception.waiting import Waiting, days_tied, in_line


@dataclass(frozen=True, slots=True)
class Seed:
    """The root of a checkpoint, with when it was signed and how many log rows it covers."""

    value: str
    signed_at: dt.datetime
    size: int


def waiting_of(slot: Slot) -> list[Waiting]:
    """Who waits for a slot, in no particular order."""
    rows = Booking.objects.filter(slot=slot, stage=BookingStage.WAITING).values_list("pk", "waits_since")
    return [Waiting(number, timezone.localdate(since)) for number, since in rows if since]


def seeds_of(rows: Iterable[Waiting]) -> dict[dt.date, Seed]:
    """The seed of each day since which more than one waits, where there is one yet."""
    found = {}
    for day in days_tied(rows):
        if seed := seed_of(day):
            found[day] = seed
    return found


def seed_of(day: dt.date) -> Seed | None:
    """The first checkpoint signed after the day has ended."""
    after = timezone.make_aware(dt.datetime.combine(day + DAY, dt.time.min))
    made = Checkpoint.objects.filter(at__gte=after).order_by("at", "pk").first()
    return Seed(made.root, made.at, made.size) if made else None


def place_in_line(booking: Booking) -> int | None:
    """How many are offered a place before this booking, plus one; None while a tie before or with it is undecided."""
    if booking.stage != BookingStage.WAITING or booking.slot is None:
        return None
    rows = waiting_of(booking.slot)
    line = in_line(rows, {day: seed.value for day, seed in seeds_of(rows).items()})
    numbers = [each.number for each in line]
    return numbers.index(booking.pk) + 1 if booking.pk in numbers else None


@dataclass(frozen=True, slots=True)
class Group:
    """Everybody who has waited for a slot since one day, in the order in which they are offered a place.

    ``numbers`` are in that order where it is decided, by the seed or because there is one; else by number, and
    ``seed`` is None. ``stages`` says what became of each.
    """

    since: dt.date
    numbers: list[int]
    stages: list[str]
    seed: Seed | None

    @property
    def rows(self) -> list[tuple[int, str]]:
        return list(zip(self.numbers, self.stages, strict=True))

    @property
    def is_decided(self) -> bool:
        return len(self.numbers) == 1 or self.seed is not None


def order_of(slot: Slot) -> list[Group]:
    """The whole list of a slot, with those who have left it: the order of the others does not depend on them."""
    found: dict[dt.date, list[Booking]] = {}
    for booking in Booking.objects.filter(slot=slot, waits_since__isnull=False).order_by("pk"):
        assert booking.waits_since is not None
        found.setdefault(timezone.localdate(booking.waits_since), []).append(booking)
    groups = []
    for day in sorted(found):
        seed = seed_of(day) if len(found[day]) > 1 else None
        rows = sorted(found[day], key=lambda each: rank(seed.value, each.pk)) if seed else found[day]
        groups.append(
            Group(day, [each.pk for each in rows], [each.get_stage_display() for each in rows], seed)
        )
    return groups
