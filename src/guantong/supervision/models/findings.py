"""Answering for a duty not met: finding, notice, reply, ruling, recheck – and the ladder nobody climbs by machine."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.notices.said import words
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.supervision import reasons
from guantong.supervision.choices import FindingStage, LadderStep
from guantong.supervision.models.matters import Matter


class Finding(models.Model):
    """What was found at a unit, with its basis. It counts for nothing before a ruling upholds it.

    ``kind`` is a kind of finding that an indicator or a veto of the package names, or empty; ``rule_cited`` is
    the document and article it rests on.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="findings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="findings")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="findings")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, null=True, related_name="findings")
    kind = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=500)
    basis = models.CharField(max_length=300)
    rule_cited = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=12, choices=FindingStage.choices, default=FindingStage.DRAFTED)
    found_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    finder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()

    privacy = Privacy(
        business="cycle unit matter obligation kind text basis rule_cited stage found_by found_at",
        pseudonym="finder",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        indexes = [models.Index(fields=["cycle", "stage"]), models.Index(fields=["unit", "stage"])]

    def __str__(self) -> str:
        return self.text


class FindingNotice(models.Model):
    """The unit was told, with the day by which it may reply."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="notice")
    sent_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    reply_by = models.DateField()

    privacy = Privacy(business="finding sent_by sent_at reply_by", technical="id")
    unlogged = frozenset[str]()


class Reply(models.Model):
    """What the unit says to it."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="reply")
    text = models.TextField(max_length=2000)
    replied_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField()

    privacy = Privacy(business="finding text replied_by replied_at", technical="id")
    unlogged = frozenset[str]()


class Ruling(models.Model):
    """The conclusion: upheld or not, with reasons, and the step of the ladder that the deciding office chose."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="ruling")
    upheld = models.BooleanField()
    reason = models.TextField(max_length=2000)
    measure = models.CharField(max_length=12, choices=LadderStep.choices, blank=True)
    ruled_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    ruler = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField()
    ruled_on = models.DateField()

    privacy = Privacy(
        business="finding upheld reason measure ruled_by ruled_at ruled_on", pseudonym="ruler", technical="id"
    )
    unlogged = frozenset[str]()


class Recheck(models.Model):
    """The unit asks for the ruling to be looked at again within 30 days; somebody else decides within 30 days.

    Regulation on government supervision (State Council decree 733), article 17.
    """

    ruling = models.OneToOneField(Ruling, on_delete=models.PROTECT, related_name="recheck")
    reason = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decide_by = models.DateField()
    kept = models.BooleanField(null=True)
    decision = models.TextField(max_length=2000, blank=True)
    decided_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="ruling reason asked_by asked_at decide_by kept decision decided_by decided_at",
        pseudonym="decider",
        technical="id",
    )
    unlogged = frozenset[str]()


class Escalation(models.Model):
    """A step of the ladder that the system proposes and a named office confirms or declines. Nothing happens before.

    ``said`` keeps the sentence why it is proposed, as `notices.said` does; ``about`` is how it was kept before.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="escalations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="escalations")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="escalations")
    step = models.CharField(max_length=12, choices=LadderStep.choices)
    about = models.CharField(max_length=500, blank=True, default="")
    said = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    confirmed = models.BooleanField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="cycle unit obligation step about said proposed_at confirmed reason decided_by decided_at",
        pseudonym="decider",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "step"], name="ladder_step_once_per_obligation"),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True) | Q(decided_at__isnull=False),
                name="escalation_is_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "confirmed", "-proposed_at"], name="escalation_waiting")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """Why it is proposed, in the reader's language."""
        return words(self.said or reasons.read_back(self.about))
