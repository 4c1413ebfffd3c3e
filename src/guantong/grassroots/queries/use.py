"""How much a home is used: booked hours of its open hours, and people of its places – with the rows they come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from guantong.grassroots.choices import ActivityStage, ContentKind, HostKind, ResultKind
from guantong.grassroots.models import Activity, Home, PastHours, Room, RoomBooking
from guantong.grassroots.rules.diversity import Diversity, diversity
from guantong.grassroots.rules.hours import Hours, HoursOverTime, minutes, open_minutes_within, spans_on

DAY = dt.timedelta(days=1)


@dataclass
class Use:
    """Of one home over days. ``bookings`` pairs each booking with its minutes in the opening hours.

    ``gatherings`` are the held activities whose places and people are both known: people counted, places there were.
    """

    since: dt.date
    until: dt.date
    rooms: list[tuple[Room, int]] = field(default_factory=list)
    bookings: list[tuple[RoomBooking, int]] = field(default_factory=list)
    gatherings: list[tuple[Activity, int, int]] = field(default_factory=list)
    n_held: int = 0

    @property
    def open_minutes(self) -> int:
        return sum(n for _room, n in self.rooms)

    @property
    def booked_minutes(self) -> int:
        return sum(n for _booking, n in self.bookings)

    @property
    def people(self) -> int:
        return sum(people for _activity, people, _places in self.gatherings)

    @property
    def places(self) -> int:
        return sum(places for _activity, _people, places in self.gatherings)

    @property
    def room_rate(self) -> int | None:
        """In percent; None where no room was open."""
        return round(self.booked_minutes * 100 / self.open_minutes) if self.open_minutes else None

    @property
    def place_rate(self) -> int | None:
        """In percent, above 100 where people stood; None where no place is known."""
        return round(self.people * 100 / self.places) if self.places else None


def use_of(home: Home, *, since: dt.date, until: dt.date) -> Use:
    """Over the days, both ends in it; not before the home was registered. Four queries."""
    return uses_of([home], since=since, until=until)[home.pk]


def uses_of(homes: Sequence[Home], *, since: dt.date, until: dt.date) -> dict[int, Use]:
    """By home, four queries for all of them."""
    found = {home.pk: Use(max(since, timezone.localdate(home.registered_at)), until) for home in homes}
    hours = hours_over_time(homes)
    rooms = Room.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=since), home__in=found)
    for room in rooms.order_by("name", "pk"):
        use = found[room.home_id]
        last = min(until, room.closed_on - DAY) if room.closed_on else until
        use.rooms.append((room, open_minutes(hours[room.home_id], use.since, last)))
    rows = RoomBooking.objects.filter(
        room__home__in=found, cancelled_at__isnull=True, day__range=(since, until)
    ).select_related("room", "booked_by__unit")
    for row in rows.order_by("-day", "-starts_at", "-pk"):
        use = found[row.room.home_id]
        inside = open_minutes_within(
            hours[row.room.home_id].on(row.day), row.day, (row.starts_at, row.ends_at)
        )
        if row.day >= use.since and (row.room.closed_on is None or row.day < row.room.closed_on):
            use.bookings.append((row, inside))
    _gather(found, since, until)
    return found


def _gather(found: dict[int, Use], since: dt.date, until: dt.date) -> None:
    held = Activity.objects.filter(home__in=found, stage=ActivityStage.HELD, day__range=(since, until))
    for each in held.select_related("booking__room").order_by("-day", "-pk"):
        use = found[each.home_id]
        use.n_held += 1
        places = each.capacity or (each.booking.room.places if each.booking else None)
        if places and each.signed_in is not None:
            use.gatherings.append((each, each.signed_in, places))


def hours_over_time(homes: Sequence[Home]) -> dict[int, HoursOverTime]:
    """By home; one query."""
    past: dict[int, list[tuple[dt.date, Hours]]] = {home.pk: [] for home in homes}
    for each in PastHours.objects.filter(home__in=past).order_by("ends_on"):
        past[each.home_id].append((each.ends_on, each.hours))
    return {home.pk: HoursOverTime(past[home.pk], home.hours) for home in homes}


def open_minutes(hours: HoursOverTime, since: dt.date, until: dt.date) -> int:
    """Minutes open over the days, by the hours of each day."""
    total, day = 0, since
    while day <= until:
        total += sum(minutes(span) for span in spans_on(hours.on(day), day))
        day += DAY
    return total


@dataclass(frozen=True, slots=True)
class Diversities:
    """How varied hosts, contents and results of held activities were."""

    hosts: Diversity
    contents: Diversity
    results: Diversity


def diversity_of(activities: Sequence[Activity], *, least: int) -> Diversities:
    """Of activities already read. An activity without hosts or results named says nothing about them."""
    return Diversities(
        hosts=diversity([each.host_kinds for each in activities], kinds=HostKind.values, least=least),
        contents=diversity([[each.content] for each in activities], kinds=ContentKind.values, least=least),
        results=diversity([each.results for each in activities], kinds=ResultKind.values, least=least),
    )
