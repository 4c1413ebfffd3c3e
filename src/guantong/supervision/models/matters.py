"""A matter under supervision, the part of each responsible unit in it, and every step taken."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.supervision.choices import MatterStage, Origin, PartStage


class Matter(models.Model):
    """One thing somebody wants done and followed to its end: one matter, one number.

    ``kind`` is a node template of the package (`supervision.matters`); ``stage`` moves only along the table of
    `supervision.chain`, and each move is a :class:`Step`. ``first_due_on`` is what was asked at first.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="matters")
    number = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    detail = models.TextField(blank=True)
    origin = models.CharField(max_length=20, choices=Origin.choices)
    basis = models.CharField(max_length=300)
    pillar = models.CharField(max_length=60)
    issued_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    due_on = models.DateField()
    first_due_on = models.DateField()
    stage = models.CharField(max_length=12, choices=MatterStage.choices, default=MatterStage.DRAFT)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    closed_on = models.DateField(null=True)

    privacy = Privacy(
        business="cycle number kind title detail origin basis pillar issued_by drafted_at due_on first_due_on stage merged_into closed_on",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="one_matter_one_number"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="matter_not_merged_in_itself",
            ),
            models.CheckConstraint(
                condition=Q(stage=MatterStage.MERGED, merged_into__isnull=False)
                | (~Q(stage=MatterStage.MERGED) & Q(merged_into__isnull=True)),
                name="merged_matter_says_into_what",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "stage", "due_on"])]

    def __str__(self) -> str:
        return self.title


class MatterPart(models.Model):
    """What one unit has to do in a matter. Its obligation is what the unit owes; ``parent`` is what it was split from.

    ``target`` with ``target_unit`` is a number to be reached. Progress is asked every ``report_days`` days: two
    green reports in a row double it, a red light halves it (report by exception), around ``base_report_days``.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="parts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="matter_parts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="matter_parts")
    part = models.CharField(max_length=20, choices=Part.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="splits")
    wording = models.CharField(max_length=300, blank=True)
    due_on = models.DateField()
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    target_unit = models.CharField(max_length=40, blank=True)
    sign_by = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    stage = models.CharField(max_length=12, choices=PartStage.choices, default=PartStage.PLANNED)
    obligation = models.OneToOneField(
        Obligation, on_delete=models.PROTECT, null=True, related_name="matter_part"
    )
    base_report_days = models.PositiveSmallIntegerField(null=True)
    report_days = models.PositiveSmallIntegerField(null=True)
    next_report_on = models.DateField(null=True)
    greens = models.PositiveSmallIntegerField(default=0)

    privacy = Privacy(
        business="matter unit office part parent wording due_on target target_unit sign_by signed_on stage obligation base_report_days report_days next_report_on greens",
        technical="id",
    )
    unlogged = frozenset({"report_days", "next_report_on", "greens"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "unit"], name="unit_has_one_part_in_a_matter"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="matter_part_not_its_own_parent"
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "sign_by"]),
            models.Index(
                fields=["next_report_on"], name="part_next_report", condition=Q(next_report_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.name} · {self.get_part_display()}"


class Step(models.Model):
    """One move along the chain, of a matter or of one part: what, from where to where, who for which office, why.

    ``about`` and ``about_ref`` name the row that it was taken with, where there is one: the circular that names it.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="steps")
    part = models.ForeignKey(MatterPart, on_delete=models.PROTECT, null=True, related_name="steps")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    reason = models.CharField(max_length=500, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()
    about = models.CharField(max_length=60, blank=True, default="")
    about_ref = models.BigIntegerField(null=True)

    privacy = Privacy(
        business="matter part verb before after reason office taken_at about about_ref",
        pseudonym="person",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        indexes = [models.Index(fields=["matter", "taken_at"])]


class Subscription(models.Model):
    """Another office follows the matter instead of issuing it again; one report serves all.

    It follows until ``ended_at``; following again is a subscription of its own.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="subscriptions")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="subscriptions")
    reason = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    privacy = Privacy(business="matter office reason since ended_at", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "office"],
                condition=Q(ended_at__isnull=True),
                name="office_follows_a_matter_once",
            )
        ]
