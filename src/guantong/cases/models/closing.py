"""How a case ended, and how that is looked at afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office, Person
from guantong.cases.choices import Outcome
from guantong.cases.models.cases import Case
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.records.models import Record


class CallBackDraw(models.Model):
    """Which closed cases are called back: two lists frozen first, a seed produced afterwards, a draw anyone can repeat.

    A list holds the numbers of closed cases, nothing else; those closed by the applicant's word and those closed
    one-sidedly are drawn apart, ``n_agreed`` and ``n_one_sided`` of them. ``seed_source`` says where the seed will be
    read, ``seed_on`` on which day it comes to be.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="call_back_draws")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    agreed_csv = models.TextField()
    one_sided_csv = models.TextField()
    n_agreed = models.PositiveIntegerField()
    n_one_sided = models.PositiveIntegerField()
    seed_source = models.CharField(max_length=300)
    seed_on = models.DateField()
    seed = models.CharField(max_length=200, blank=True)
    frozen_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField()
    seeded_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="cycle unit since until agreed_csv one_sided_csv n_agreed n_one_sided seed_source seed_on seed frozen_by frozen_at seeded_at",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="draw_period_ends_after_start"),
            models.CheckConstraint(
                condition=Q(seed="", seeded_at__isnull=True) | (~Q(seed="") & Q(seeded_at__isnull=False)),
                name="draw_says_when_it_was_seeded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"


class Closure(models.Model):
    """How a round of a case ended: by the applicant's word, or one-sidedly with a reason.

    ``record`` is the one record of work it became; ``drawn_in`` the draw that chose it for a call-back.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closures")
    round = models.PositiveSmallIntegerField(default=1)
    one_sided = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    closed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField()
    record = models.OneToOneField(Record, on_delete=models.PROTECT, null=True, related_name="case_closure")
    drawn_in = models.ForeignKey(
        CallBackDraw, on_delete=models.PROTECT, null=True, related_name="drawn_closures"
    )

    privacy = Privacy(
        business="case round one_sided reason outcome closed_by closed_at record drawn_in", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="closed_once_per_round"),
            models.CheckConstraint(
                condition=Q(one_sided=False) | ~Q(reason=""), name="one_sided_closing_gives_a_reason"
            ),
        ]


class CallBack(models.Model):
    """The office asks the applicant afterwards: reached or not, solved or not in their word."""

    closure = models.OneToOneField(Closure, on_delete=models.PROTECT, related_name="called_back")
    reached = models.BooleanField()
    solved = models.BooleanField(null=True)
    stars = models.PositiveSmallIntegerField(null=True)
    made_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    caller = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    privacy = Privacy(
        business="closure reached solved stars made_by made_at", pseudonym="caller", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reached=True) | Q(solved__isnull=True, stars__isnull=True),
                name="no_word_from_somebody_not_reached",
            )
        ]
