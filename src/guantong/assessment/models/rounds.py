"""The year's assessment from self-assessment to publication, with what was said on the way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Approval, Office, Person
from guantong.assessment.models.scores import Run, ScoreLine
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Finding


class RoundStage(models.TextChoices):
    SELF = "self", _("自评")
    REVIEW = "review", _("复核")
    PRELIMINARY = "preliminary", _("初步结果已告知")
    FINAL = "final", _("已定稿")
    PUBLISHED = "published", _("已公布")
    CANCELLED = "cancelled", _("已取消")


OVER = (RoundStage.PUBLISHED, RoundStage.CANCELLED)


class Round(models.Model):
    """One assessment of everybody in a cycle. Days are the last day of each step; later steps wait for earlier ones."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="rounds")
    stage = models.CharField(max_length=12, choices=RoundStage.choices, default=RoundStage.SELF)
    as_of = models.DateField()
    self_by = models.DateField()
    review_by = models.DateField()
    notified_on = models.DateField(null=True)
    appeal_until = models.DateField(null=True)
    opened_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    prefilled = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    preliminary = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")
    final = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = Privacy(
        business="cycle stage as_of self_by review_by notified_on appeal_until opened_by opened_at prefilled preliminary final",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"],
                condition=~Q(stage__in=["published", "cancelled"]),
                name="one_open_round_per_cycle",
            )
        ]

    @property
    def is_over(self) -> bool:
        return self.stage in OVER


class RoundChange(models.Model):
    """A day of a round moved, or the round cancelled: what it was, what it became, why, and who agreed.

    ``approval`` is the second person's consent, empty where one person may do it. ``before`` and ``after`` are empty
    for a cancelling.
    """

    class What(models.TextChoices):
        SELF_BY = "self_by", _("自评截止日")
        REVIEW_BY = "review_by", _("复核完成日")
        APPEAL_UNTIL = "appeal_until", _("申诉截止日")
        CANCELLED = "cancelled", _("取消考核")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=12, choices=What.choices)
    before = models.DateField(null=True)
    after = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    changed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = Privacy(
        business="round what before after reason changed_by changed_at approval", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        ordering = ["changed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(what="cancelled"), name="round_cancelled_once"
            ),
            models.CheckConstraint(
                condition=Q(what="cancelled", before__isnull=True, after__isnull=True)
                | ~Q(what="cancelled") & Q(before__isnull=False, after__isnull=False),
                name="round_change_says_both_days",
            ),
        ]


class SelfScore(models.Model):
    """What a unit says of one of its lines: the prefilled points are right, or these are, and why."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="self_scores")
    line = models.ForeignKey(ScoreLine, on_delete=models.PROTECT, related_name="self_scores")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=14, decimal_places=6)
    note = models.CharField(max_length=500, blank=True)
    stated_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    stater = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    stated_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    reviewed_points = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    review_reason = models.CharField(max_length=500, blank=True)
    reviewed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="round line unit points note stated_by stated_at agreed reviewed_points review_reason reviewed_by reviewed_at",
        pseudonym="stater reviewer",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "line"], name="self_score_once_per_line"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | Q(stater__isnull=True) | ~Q(reviewer=models.F("stater")),
                name="self_score_reviewed_by_another",
            ),
        ]


class Appeal(models.Model):
    """A unit disputes one line of its preliminary result; another reviewer answers with reasons by a working day."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="appeals")
    line = models.OneToOneField(ScoreLine, on_delete=models.PROTECT, related_name="appeal")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appeals")
    reason = models.TextField(max_length=2000)
    appealed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    appealer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    appealed_at = models.DateTimeField()
    answer_by = models.DateField()
    upheld = models.BooleanField(null=True)
    decision = models.TextField(max_length=2000, blank=True)
    decided_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)

    privacy = Privacy(
        business="round line unit reason appealed_by appealed_at answer_by upheld decision decided_by decided_at decided_on",
        pseudonym="appealer decider",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decider__isnull=True)
                | Q(appealer__isnull=True)
                | ~Q(decider=models.F("appealer")),
                name="appeal_decided_by_another",
            )
        ]
        indexes = [models.Index(fields=["round", "answer_by"])]


class Adjustment(models.Model):
    """Points of one indicator as a review or an appeal set them; later runs of the cycle take them over.

    ``office`` is the scored office of the unit, empty where the unit itself is scored. ``source`` is ``self_score`` or ``appeal`` and ``source_ref`` its number.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="adjustments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="adjustments")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    scorecard = models.CharField(max_length=60)
    indicator = models.CharField(max_length=60)
    points = models.DecimalField(max_digits=14, decimal_places=6)
    reason = models.CharField(max_length=500)
    source = models.CharField(max_length=12)
    source_ref = models.BigIntegerField()
    made_at = models.DateTimeField()
    replaced = models.BooleanField(default=False)

    privacy = Privacy(
        business="cycle unit office scorecard indicator points reason source source_ref made_at replaced",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit", "scorecard", "indicator"],
                condition=Q(replaced=False, office__isnull=True),
                name="one_adjustment_in_force",
            ),
            models.UniqueConstraint(
                fields=["cycle", "office", "scorecard", "indicator"],
                condition=Q(replaced=False, office__isnull=False),
                name="one_adjustment_of_an_office_in_force",
            ),
        ]


class Veto(models.Model):
    """A veto of the package confirmed by a person on an upheld finding; it bites once its appeal window is over.

    No veto fires alone: a ruling, the rule cited, the unit told, and a day until which it may appeal.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="vetoes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="vetoes")
    scorecard = models.CharField(max_length=60)
    veto = models.CharField(max_length=60)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="vetoes")
    reason = models.CharField(max_length=500)
    confirmed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    confirmer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField()
    appeal_until = models.DateField()
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=500, blank=True)
    lifted_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = Privacy(
        business="cycle unit scorecard veto finding reason confirmed_by confirmed_at appeal_until lifted_at lift_reason lifted_by",
        pseudonym="confirmer",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit", "scorecard", "veto"],
                condition=Q(lifted_at__isnull=True),
                name="veto_confirmed_once",
            )
        ]
