"""Days on which leaders receive anybody, the slots of a day, and who asked for one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office, Person
from guantong.cases.models import Case
from guantong.kernel.bilingual import Text
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.notices.said import words
from guantong.reception.chain import MOVES
from guantong.reception.choices import LIVE, TAKES_PLACE, BookingKind, BookingStage
from guantong.records.models import Record


class ReceptionDay(models.Model):
    """An office receives on a day, from a time to a time, at a place.

    ``planned_on`` is what the rule of the package gave before holidays moved it; ``provisional`` while the year's
    swapped working days are not announced. ``stand_in`` receives instead of ``host``. Nothing is public before
    ``published_at``. ``record`` is the one record of work the day became.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="reception_days")
    rule = models.CharField(max_length=60)
    host = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="reception_days")
    stand_in = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    planned_on = models.DateField()
    provisional = models.BooleanField(default=False)
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    place = models.CharField(max_length=200)
    place_en = models.CharField(max_length=200, blank=True)
    portfolio = models.CharField(max_length=300, blank=True)
    portfolio_en = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    held_on = models.DateField(null=True)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, null=True, related_name="reception_day")

    privacy = Privacy(
        business="cycle rule host stand_in day planned_on provisional starts_at ends_at place place_en portfolio portfolio_en published_at cancelled_at reason held_on record",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["host", "day"],
                condition=Q(cancelled_at__isnull=True),
                name="host_receives_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="reception_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(reason=""),
                name="reception_cancelled_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "day"])]
        ordering = ["day", "starts_at", "id"]

    def __str__(self) -> str:
        return f"{self.day} {self.host}"

    @property
    def place_text(self) -> Text:
        return Text(self.place, self.place_en)

    @property
    def portfolio_text(self) -> Text:
        return Text(self.portfolio, self.portfolio_en)

    @property
    def receiver(self) -> Office:
        """Who receives: the stand-in where there is one."""
        return self.stand_in or self.host

    @property
    def is_open(self) -> bool:
        """Public, and neither cancelled nor over."""
        return self.published_at is not None and self.cancelled_at is None and self.held_on is None


class Slot(models.Model):
    """A stretch of a reception day with so many places."""

    day = models.ForeignKey(ReceptionDay, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    capacity = models.PositiveSmallIntegerField(default=1)

    privacy = Privacy(business="day starts_at ends_at capacity", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "starts_at"], name="slot_once_per_day_and_time"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="slot_has_a_place"),
        ]
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return f"{self.day} {self.starts_at:%H:%M}"


class Booking(models.Model):
    """Somebody wants to meet an office. Who they are and why stands on the case alone, which it opened.

    ``seat`` is the place in the slot, 1 to its capacity, while a place is taken; the database gives each place once.
    ``waits_since`` orders the waiting list. ``open_until`` is when an offer or a proposal lapses, ``answer_by`` the day
    by which an appointment is answered. ``meet_on`` and ``meet_at`` are the time agreed on, or proposed. ``record`` is
    the record of the day on which they met.
    """

    kind = models.CharField(max_length=12, choices=BookingKind.choices)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bookings")
    host = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="bookings")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, null=True, related_name="bookings")
    seat = models.PositiveSmallIntegerField(null=True)
    stage = models.CharField(max_length=10, choices=BookingStage.choices)
    asked_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True)
    answer_by = models.DateField(null=True)
    open_until = models.DateTimeField(null=True)
    meet_on = models.DateField(null=True)
    meet_at = models.TimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="bookings")
    submission_key = models.CharField(max_length=64, null=True, unique=True)

    privacy = Privacy(
        business="kind case host slot seat stage asked_at waits_since answer_by open_until meet_on meet_at place record",
        technical="id submission_key",
    )
    unlogged = frozenset({"submission_key"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "seat"], condition=Q(seat__isnull=False), name="place_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=True)
                | Q(stage__in=TAKES_PLACE, seat__isnull=False)
                | (~Q(stage__in=TAKES_PLACE) & Q(seat__isnull=True)),
                name="place_is_taken_by_stage",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(stage__in=LIVE), name="one_open_booking_per_case"
            ),
        ]
        indexes = [
            models.Index(fields=["slot", "stage"]),
            models.Index(fields=["host", "stage", "meet_on"]),
            models.Index(
                fields=["open_until"], name="booking_open_until", condition=Q(open_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        """The number it has on paper; says nothing about anybody."""
        return f"Y{self.pk}"


class BookingStep(models.Model):
    """One move of a booking. ``told`` is what the applicant reads, kept as `notices.said` describes."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    told = models.JSONField(default=str)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()

    privacy = Privacy(
        business="booking verb before after told office taken_at", pseudonym="person", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        indexes = [models.Index(fields=["booking", "taken_at"])]

    @property
    def said(self) -> object:
        """What happened, in words, where the applicant was told nothing more."""
        return words(self.told) if self.told else MOVES[self.verb].said
