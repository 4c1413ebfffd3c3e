"""A demand, and the proposal that like ones are gathered into."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.cases.choices import CaseKind, CaseStage, Channel, Elsewhere, Outcome
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.partners.models import Partner
from guantong.privacy.fields import SealedText
from guantong.privacy.models import Subject


class Proposal(models.Model):
    """Like cases gathered into one proposal: what many ask for, put to whoever can change it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="case_proposals")
    title = models.CharField(max_length=200)
    reason = models.TextField(max_length=2000)
    made_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    privacy = Privacy(business="cycle title reason made_by made_at", technical="id")
    unlogged = frozenset[str]()

    def __str__(self) -> str:
        return self.title


class Case(models.Model):
    """A demand, from its first word to its end.

    ``unit`` is the body that registers it and answers for it; ``title`` is the office's neutral name for it, without
    anything about the person. What the applicant said and who they are is sealed with a key of their own (``subject``);
    somebody anonymous has a key too, and neither name nor contact. ``code_digest`` is the keyed hash of the code they
    follow it by. ``host`` is the leader who carries it to its end (包案). ``against`` is the unit complained of: neither
    it nor anything below it is given the case or sees it (信访工作条例 第30条).
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=CaseKind.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="cases")
    name = SealedText(_("称呼"), default="")
    contact = SealedText(_("联系方式"), default="")
    wording = SealedText(_("反映的内容"), default="")
    anonymous = models.BooleanField(default=False)
    contact_index = models.CharField(max_length=64, blank=True)
    code_digest = models.CharField(max_length=64, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="cases")
    title = models.CharField(max_length=200, blank=True)
    registered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()
    received_on = models.DateField()
    stage = models.CharField(max_length=12, choices=CaseStage.choices, default=CaseStage.REGISTERED)
    host = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="hosted_cases")
    against = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    elsewhere = models.CharField(max_length=12, choices=Elsewhere.choices, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    obligation = models.OneToOneField(
        Obligation, on_delete=models.PROTECT, null=True, related_name="hosted_case"
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, related_name="cases")

    privacy = Privacy(
        business="cycle number kind channel unit partner title anonymous registered_by registered_at received_on stage host against accepted_on closed_on outcome elsewhere reopened obligation proposal",
        personal="name contact wording",
        pseudonym="subject contact_index",
        credential="code_digest",
        technical="id",
    )
    unlogged = frozenset({"name", "contact", "wording", "contact_index"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="case_numbered_once"),
            models.CheckConstraint(
                condition=Q(against__isnull=True) | ~Q(against=F("unit")),
                name="case_not_kept_by_the_unit_complained_of",
            ),
            models.CheckConstraint(
                condition=~Q(stage=CaseStage.CLOSED) | Q(closed_on__isnull=False),
                name="closed_case_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["cycle", "stage", "received_on"]),
            models.Index(fields=["host", "stage"]),
            models.Index(fields=["contact_index", "registered_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def __repr__(self) -> str:
        return f"<Case {self.pk}>"

    @property
    def reference(self) -> str:
        """``2026-00042``: the public number; says nothing about anybody."""
        return f"{self.received_on.year}-{self.number:05d}"
