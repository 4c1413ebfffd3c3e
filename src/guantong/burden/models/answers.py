"""What a unit answered: one response for a period, one answer for each field, kept to be used again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office, Person
from guantong.burden.models.fields import Field
from guantong.burden.models.requests import Addressee
from guantong.kernel.privacy import Privacy
from guantong.obligations.models import Claim
from guantong.organisation.models import Unit


class Response(models.Model):
    """A unit's answer to one period of a request; what it claims and the record it made hang on ``claim``.

    ``entered_by`` typed it: the unit itself, or somebody else from paper (``on_paper``). ``unchanged`` is the one tap
    that confirms everything known.
    """

    addressee = models.ForeignKey(Addressee, on_delete=models.PROTECT, related_name="responses")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="response")
    answered_on = models.DateField()
    entered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    enterer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    on_paper = models.BooleanField(default=False)
    unchanged = models.BooleanField(default=False)

    privacy = Privacy(
        business="addressee claim answered_on entered_by entered_at on_paper unchanged",
        pseudonym="enterer",
        technical="id",
    )
    unlogged = frozenset[str]()


class Answer(models.Model):
    """One field's value for one unit, as plain text of its kind; "no data" is an answer too, and not nought."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="answers")
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="answers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=300, blank=True)
    no_data = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)

    privacy = Privacy(business="response field unit value no_data kept", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "field"], name="field_answered_once_in_a_response"),
            models.CheckConstraint(
                condition=Q(no_data=True, value="") | (Q(no_data=False) & ~Q(value="")),
                name="answer_is_a_value_or_no_data",
            ),
        ]
        indexes = [models.Index(fields=["field", "unit", "-id"], name="answer_latest")]
