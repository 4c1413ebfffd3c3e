"""A home (之家): who hosts it, what it offers, its rooms, and what goes on there – counted, never tracked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office
from guantong.grassroots.choices import ActivityStage, ContentKind, HostKind
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.partners.models import Partner
from guantong.records.models import Record


class Home(models.Model):
    """The register entry of a home; the unit is its place in the tree.

    ``hours`` lists {day: 1-7 (Monday first), from: "HH:MM", to: "HH:MM"}, as of today; ``contents`` what it offers.
    """

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="home")
    subkind = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    contents = models.JSONField(default=list)
    hours = models.JSONField(default=list)
    hours_posted = models.BooleanField(default=False)
    rules_posted = models.BooleanField(default=False)
    standard = models.CharField(max_length=200, blank=True)
    registered_at = models.DateTimeField()

    privacy = Privacy(
        business="unit subkind address contents hours hours_posted rules_posted standard registered_at",
        technical="id",
    )
    unlogged = frozenset[str]()

    def __str__(self) -> str:
        return str(self.unit)


class PastHours(models.Model):
    """Opening hours the home no longer has, and the last day it had them. Those before begin where earlier ones end."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="past_hours")
    hours = models.JSONField()
    ends_on = models.DateField()

    privacy = Privacy(business="home hours ends_on", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["home", "ends_on"], name="hours_end_once_a_day")]


class HomeHost(models.Model):
    """Who runs or supports the home, from a day to a day: a unit, a partner organisation, or a kind alone."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="hosts")
    kind = models.CharField(max_length=20, choices=HostKind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="hosted_homes")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    privacy = Privacy(business="home kind unit partner starts_on ends_on", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="host_from_to"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(partner__isnull=True), name="host_is_unit_or_partner"
            ),
        ]


class Room(models.Model):
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=100)
    places = models.PositiveSmallIntegerField()
    closed_on = models.DateField(null=True)

    privacy = Privacy(business="home name places closed_on", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["home", "name"], condition=Q(closed_on__isnull=True), name="room_name_once_per_home"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RoomBooking(models.Model):
    """An office uses a room for a time, its own or a neighbour's idle one. Two never overlap (held by a row lock)."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    day = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    booked_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200)
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="room day starts_at ends_at booked_by purpose booked_at cancelled_at", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="room_booking_from_to")
        ]
        indexes = [models.Index(fields=["room", "day"])]


class Activity(models.Model):
    """One activity at a home. People are counted (signed up, signed in), not listed; feedback is counted too.

    ``record`` is the one work record of its having been held. ``sign_code_digest`` is the SHA-256 of the code behind the
    sign-in QR of the day, which only adds one to the count.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="home_activities")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="activities")
    content = models.CharField(max_length=20, choices=ContentKind.choices)
    title = models.CharField(max_length=200)
    day = models.DateField()
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)
    booking = models.OneToOneField(RoomBooking, on_delete=models.PROTECT, null=True, related_name="activity")
    host_kinds = models.JSONField(default=list)
    results = models.JSONField(default=list)
    capacity = models.PositiveSmallIntegerField(null=True)
    planned_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=ActivityStage.choices, default=ActivityStage.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    sign_code_digest = models.CharField(max_length=64, blank=True)
    signed_up = models.PositiveIntegerField(default=0)
    signed_in = models.PositiveIntegerField(null=True)
    pleased = models.PositiveIntegerField(default=0)
    displeased = models.PositiveIntegerField(default=0)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, null=True, related_name="home_activity")

    privacy = Privacy(
        business="cycle home content title day starts_at ends_at booking host_kinds results capacity planned_by stage reason signed_up signed_in pleased displeased record",
        credential="sign_code_digest",
        technical="id",
    )
    unlogged = frozenset({"signed_up", "signed_in", "pleased", "displeased"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage=ActivityStage.CANCELLED) | ~Q(reason=""),
                name="activity_cancelled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(stage=ActivityStage.HELD) | Q(record__isnull=False),
                name="held_activity_has_its_record",
            ),
        ]
        indexes = [models.Index(fields=["home", "day"]), models.Index(fields=["cycle", "day"])]

    def __str__(self) -> str:
        return self.title
