"""The waist, first part: one office owes one thing by one date; and the records of answering for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Light, Part, Reviewer, Source, State, Verdict
from guantong.organisation.models import PathField, Unit
from guantong.records.models import Record


class Obligation(models.Model):
    """One office owes one thing by one date.

    ``source``/``source_ref`` name the row that made it owe, in a room above this one. ``unit_path``
    repeats the unit's path so that "everything below me" is one range on one index. ``light`` is computed
    (`lights.py`), never typed; ``relight_on`` is the next day on which it can change by time alone. ``reviews``
    names who reviews a claim, step by step (`choices.Reviewer`); empty is one step by an office above.
    ``next_review`` is the step a claim waits for.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="obligations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="obligations")
    unit_path = PathField(max_length=255)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="obligations")
    pillar = models.CharField(max_length=60)
    source = models.CharField(max_length=20, choices=Source.choices)
    source_ref = models.BigIntegerField()
    rule = models.CharField(max_length=60)
    title = models.CharField(max_length=500)
    title_en = models.CharField(max_length=500, blank=True)
    period_zh = models.CharField(max_length=60, blank=True)
    period_en = models.CharField(max_length=60, blank=True)
    part = models.CharField(max_length=20, choices=Part.choices, default=Part.SOLE)
    evidence = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField(default=5)
    reviews = models.JSONField(default=list)
    next_review = models.CharField(max_length=10, choices=Reviewer.choices, blank=True, default="")
    starts_on = models.DateField()
    due_on = models.DateField(null=True)
    original_due_on = models.DateField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    returns = models.PositiveSmallIntegerField(default=0)
    behind = models.BooleanField(default=False)
    claimed_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    light = models.CharField(max_length=10, choices=Light.choices, default=Light.NONE)
    relight_on = models.DateField(null=True)

    privacy = Privacy(
        business="cycle unit office pillar source source_ref rule title title_en period_zh period_en part evidence minutes reviews next_review starts_on due_on original_due_on state returns behind claimed_on settled_on light",
        technical="id unit_path relight_on",
    )
    unlogged = frozenset({"unit_path", "light", "relight_on", "behind"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_ref", "office", "starts_on", "due_on"],
                name="obligation_once_per_period",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="obligation_due_after_start",
            ),
        ]
        indexes = [
            # the board and every subtree count
            models.Index(fields=["cycle", "unit_path", "pillar", "light", "state"], name="obligation_counts"),
            # a filtered list within a subtree
            models.Index(fields=["cycle", "light", "unit_path", "due_on"], name="obligation_by_light"),
            models.Index(fields=["cycle", "state", "unit_path", "due_on"], name="obligation_by_state"),
            models.Index(fields=["office", "state", "due_on"], name="obligation_inbox"),
            models.Index(fields=["cycle", "due_on", "id"], name="obligation_by_due"),
            models.Index(fields=["source", "source_ref"], name="obligation_source"),
            models.Index(
                fields=["relight_on"], name="obligation_relight", condition=Q(relight_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        if (get_language() or "").startswith("en"):
            return " · ".join(filter(None, [self.title_en or self.title, self.period_en]))
        return " · ".join(filter(None, [self.title, self.period_zh]))

    @property
    def is_settled(self) -> bool:
        return self.state in (State.FULFILLED, State.EXCUSED, State.CANCELLED)

    @property
    def is_claimable(self) -> bool:
        return self.state in (State.OPEN, State.RETURNED)

    @property
    def review_steps(self) -> list[str]:
        """Who reviews a claim, one word a step."""
        return list(self.reviews) or [Reviewer.ISSUER]

    @property
    def was_late(self) -> bool:
        """Fulfilled, but the accepted claim came after the due day."""
        return bool(
            self.state == State.FULFILLED
            and self.due_on
            and self.claimed_on
            and self.claimed_on > self.due_on
        )


class Claim(models.Model):
    """A unit says: this record fulfils that obligation. ``nothing_new`` is the one-tap "no change"."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="claims")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="claims")
    nothing_new = models.BooleanField(default=False)
    claimed_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    claimant = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_in_place_of = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField()

    privacy = Privacy(
        business="obligation record nothing_new claimed_by claimed_at",
        pseudonym="claimant claimed_in_place_of",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False) | Q(nothing_new=True),
                name="claim_has_record_or_says_no_change",
            ),
            models.UniqueConstraint(fields=["obligation", "record"], name="record_claims_an_obligation_once"),
        ]

    def __str__(self) -> str:
        return str(self.record) if self.record else "—"


class Review(models.Model):
    """One step of the answer to a claim. The claim is accepted when its last step is, returned when any is."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reviews")
    step = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(max_length=500, blank=True)
    reviewed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField()

    privacy = Privacy(
        business="claim step verdict reason reviewed_by reviewed_at", pseudonym="reviewer", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=Verdict.ACCEPTED) | ~Q(reason=""), name="return_gives_a_reason"
            ),
            models.UniqueConstraint(fields=["claim", "step"], name="claim_reviewed_once_per_step"),
        ]
        ordering = ["claim", "step"]


class Extension(models.Model):
    """More time, asked before the due day with a reason; the original date stays on the obligation."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="extensions")
    asked_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_until = models.DateField()
    reason = models.CharField(max_length=500)
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    privacy = Privacy(
        business="obligation asked_by asked_at asked_until reason granted decided_by decided_at decision",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(granted__isnull=True), name="one_open_extension"
            )
        ]


class Suspension(models.Model):
    """The clock stands still, or the obligation is excused, for a stated reason."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="suspensions")
    excused = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    ordered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    privacy = Privacy(business="obligation excused reason ordered_by starts_on ends_on", technical="id")
    unlogged = frozenset[str]()
