"""What happened to a case, move by move, and the words added to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office, Person
from guantong.cases.models.cases import Case
from guantong.kernel.privacy import Privacy
from guantong.privacy.fields import SealedText
from guantong.privacy.models import Subject


class CaseStep(models.Model):
    """One move of a case: what, from where to where, who for which office. ``told`` is what the applicant reads."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    told = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()

    privacy = Privacy(
        business="case verb before after told reason office taken_at", pseudonym="person", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        indexes = [models.Index(fields=["case", "taken_at"])]


class Addition(models.Model):
    """Words the applicant added later, sealed like the first ones."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="additions")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    wording = SealedText(_("补充的内容"), default="")
    added_at = models.DateTimeField()

    privacy = Privacy(business="case added_at", personal="wording", pseudonym="subject", technical="id")
    unlogged = frozenset({"wording"})
