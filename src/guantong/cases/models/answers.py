"""What the applicant is told in reply, asks to be looked at again, and says about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office, Person
from guantong.cases.choices import AnswerKind, Outcome
from guantong.cases.models.cases import Case
from guantong.kernel.privacy import Privacy
from guantong.privacy.fields import SealedText
from guantong.privacy.models import Subject


class Answer(models.Model):
    """What the applicant was told in reply, or on review. The words are sealed with the applicant's key."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=AnswerKind.choices)
    round = models.PositiveSmallIntegerField(default=1)
    wording = SealedText(_("答复"), default="")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    upheld = models.BooleanField(null=True)
    answered_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField()

    privacy = Privacy(
        business="case kind round outcome upheld answered_by answered_at",
        personal="wording",
        pseudonym="subject answerer",
        technical="id",
    )
    unlogged = frozenset({"wording"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "round"], name="one_answer_of_a_kind_per_round")
        ]


class ReviewRequest(models.Model):
    """The applicant asks for a review of the answer, or a second one of the review."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="review_requests")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    second = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=1)
    wording = SealedText(_("复查申请的理由"), default="")
    asked_at = models.DateTimeField()
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, null=True, related_name="review_request")

    privacy = Privacy(
        business="case second round asked_at answer", personal="wording", pseudonym="subject", technical="id"
    )
    unlogged = frozenset({"wording"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "second", "round"], name="review_asked_once_per_round")
        ]


class Rating(models.Model):
    """The applicant's own word on the answer: 1 to 5, and whether it is solved. Optional."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    stars = models.PositiveSmallIntegerField()
    solved = models.BooleanField()
    wording = SealedText(_("评价"), default="")
    rated_at = models.DateTimeField()

    privacy = Privacy(
        business="case round stars solved rated_at", personal="wording", pseudonym="subject", technical="id"
    )
    unlogged = frozenset({"wording"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="rated_once_per_round"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"),
        ]
